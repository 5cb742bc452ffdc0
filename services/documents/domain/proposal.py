"""A quote with selected plans, as far as a proposal shows it. People are named by their place, from 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class ProposalProducer:
    name: str
    writing_number: str
    company: str


@dataclass(frozen=True, slots=True)
class InsuredMember:
    """``age`` in completed years on the effective date; ``name`` may be empty."""

    name: str
    relationship: str
    age: int


@dataclass(frozen=True, slots=True)
class MemberShare:
    """One person's part of a premium, and a sentence on how it was found."""

    index: int
    premium: Money
    explanation: str


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """``deductible`` and ``out_of_pocket_maximum``: one person, in network, a year; None where not filed."""

    name: str
    dental: bool
    metal_level: str
    plan_type: str
    network: str
    on_exchange: bool
    deductible: Money | None
    out_of_pocket_maximum: Money | None
    hsa_eligible: bool | None
    illustrative: bool
    premium: Money
    members: tuple[MemberShare, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``selected`` is never empty; ``alternatives`` are beside the first of them."""

    state: str
    county: str
    zip: str
    effective_date: date
    producer: ProposalProducer
    people: tuple[InsuredMember, ...]
    selected: tuple[PlanOffer, ...]
    alternatives: tuple[PlanOffer, ...]

    @property
    def total(self) -> Money:
        return Money.total(plan.premium for plan in self.selected)

    @property
    def compared(self) -> tuple[PlanOffer, ...]:
        """The selected plan that has alternatives, then those."""
        return (self.selected[0], *self.alternatives)

    @property
    def is_illustrative(self) -> bool:
        return any(plan.illustrative for plan in (*self.selected, *self.alternatives))

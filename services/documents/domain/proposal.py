"""A quote with selected plans, as far as a proposal shows it. People are named by their place, from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class ProposalProducer:
    """``email``, ``phone`` (ten digits) and ``npn`` (National Producer Number) are empty where nobody knows them."""

    name: str
    writing_number: str
    company: str
    email: str = ""
    phone: str = ""
    npn: str = ""


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
    """Amounts: in network, a year, of one person or of the family together; None where not filed. The out-of-pocket
    maximum of a dental plan is that of children (45 CFR 156.150). ``benefits``: kind of care -> what people pay.
    """

    name: str
    dental: bool
    metal_level: str
    plan_type: str
    network: str
    on_exchange: bool
    deductible: Money | None
    out_of_pocket_maximum: Money | None
    family_deductible: Money | None
    family_out_of_pocket_maximum: Money | None
    hsa_eligible: bool | None
    illustrative: bool
    premium: Money
    members: tuple[MemberShare, ...]
    benefits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """``selected`` is never empty; ``alternatives`` are those beside each of them, in the same order."""

    state: str
    county: str
    zip: str
    effective_date: date
    producer: ProposalProducer
    people: tuple[InsuredMember, ...]
    selected: tuple[PlanOffer, ...]
    alternatives: tuple[tuple[PlanOffer, ...], ...]

    @property
    def total(self) -> Money:
        return Money.total(plan.premium for plan in self.selected)

    @property
    def comparisons(self) -> list[tuple[PlanOffer, ...]]:
        """Each selected plan with those beside it."""
        return [(plan, *others) for plan, others in zip(self.selected, self.alternatives, strict=True)]

    @property
    def is_illustrative(self) -> bool:
        return any(plan.illustrative for plans in self.comparisons for plan in plans)

    def last_day_to_apply(self, made_on: date) -> date | None:
        """The day before coverage begins; None when that is over, since a past day is chosen for some events alone."""
        return self.effective_date - timedelta(days=1) if self.effective_date > made_on else None

"""Domain: what a premium is worked out from, and the plans as they were last priced (R63-R67)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Money
from services.enrollment.domain.enums import Coverage, Relationship, Sex
from services.enrollment.domain.people import Person


@dataclass(frozen=True, slots=True)
class RatedMember:
    relationship: Relationship
    date_of_birth: date
    sex: Sex | None
    tobacco_use: bool
    disabled_dependent: bool = False


@dataclass(frozen=True, slots=True)
class PricingBasis:
    """Everything that a premium depends on: an unequal basis means a new price."""

    state: str
    zip: str
    county_fips: str
    effective_date: date
    members: tuple[RatedMember, ...]
    medical_plan_id: str
    dental_plan_id: str


@dataclass(frozen=True, slots=True)
class PremiumLine:
    """One person's part of a premium, and why."""

    member_index: int
    age: int
    monthly_premium: Money
    explanation: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """A plan's premium for the household in a later plan year; None: it is not offered to them in that year."""

    plan_year: int
    monthly_premium: Money | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A chosen plan with its premium for the household."""

    coverage: Coverage
    plan_id: str
    name: str
    plan_type: str
    metal_level: str
    monthly_premium: Money
    members: tuple[PremiumLine, ...]
    catalogue: str
    uses_pcp: bool = False
    consumer_choice_disclosure: bool = False
    includes_pediatric_dental: bool = False
    # Of the later plan years that matter to the first payment, as far as they are known.
    renewals: tuple[Renewal, ...] = ()
    # Whose rates were used; 0 for a price from before it was kept.
    rating_area: int = 0

    def renewal_of(self, plan_year: int) -> Renewal | None:
        """None while that year's premiums are not known."""
        return next((renewal for renewal in self.renewals if renewal.plan_year == plan_year), None)


def line_of(lines: Sequence[PlanLine], coverage: Coverage) -> PlanLine | None:
    return next((line for line in lines if line.coverage is coverage), None)


def monthly_premium(lines: Sequence[PlanLine]) -> Money | None:
    """Of all plans together; None while no plan is priced."""
    return Money.total(line.monthly_premium for line in lines) if lines else None


def rated_members(people: Sequence[Person]) -> tuple[RatedMember, ...]:
    """Those whose birth date is known, as their premiums are worked out."""
    return tuple(
        RatedMember(
            person.relationship,
            person.date_of_birth,
            person.sex,
            bool(person.tobacco_use),
            person.disabled_dependent,
        )
        for person in people
        if person.date_of_birth
    )

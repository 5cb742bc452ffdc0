"""Domain: a plan as it is sold, its rates and where it is sold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from chassis.kernel import Money
from services.quote.domain.benefits import PlanDetail
from services.quote.domain.household import Household

# 45 CFR 156.155: a catastrophic plan is for people who are not yet 30 when the plan year begins.
CATASTROPHIC_AGE_LIMIT = 30
# Until when somebody is a child: who may be on a child-only policy, and whose number is limited (rules.md 4, S28, S34).
CHILD_AGE_LIMIT = 21
# 45 CFR 147.102(c)(1): at most three covered children under 21 count in a medical plan. Stand-alone dental is an
# excepted benefit, so there the number is each plan's own (rules.md 4, S29); three where a filing does not say.
CHARGED_CHILDREN = 3


class Coverage(StrEnum):
    MEDICAL = "medical"
    DENTAL = "dental"


class Exchange(StrEnum):
    ON = "on"
    OFF = "off"


class CatalogueKind(StrEnum):
    """Where a plan comes from; shown with every plan. ``ILLUSTRATIVE`` plans and prices are made up."""

    CMS_FILED = "cms_filed"
    ILLUSTRATIVE = "illustrative"


class RateSource(StrEnum):
    """``FILED``: published by the carrier. ``DERIVED``: filed rates carried to another age by the federal curve.
    ``ILLUSTRATIVE``: made up.
    """

    FILED = "filed"
    DERIVED = "derived"
    ILLUSTRATIVE = "illustrative"

    @property
    def words(self) -> str:
        return _SOURCES[self]


_SOURCES = {
    RateSource.FILED: "rate as filed",
    RateSource.DERIVED: "derived from the filed rates of other ages by the federal age curve",
    RateSource.ILLUSTRATIVE: "illustrative rate, made up",
}


class Rate(NamedTuple):
    """Monthly premium of one person in whole cents, for one plan, rating area and age.

    ``tobacco_cents`` is equal to ``cents`` where the plan does not rate tobacco, and None where none was filed.
    """

    cents: int
    tobacco_cents: int | None
    source: RateSource


class AgeEligibility(NamedTuple):
    """What a plan's age rules ask of a household: all under 30 as the plan year begins, all under 21 at the start."""

    under_30: bool
    children_only: bool

    @classmethod
    def from_household(cls, household: Household, effective_date: date) -> AgeEligibility:
        eldest = min(household.members, key=lambda member: member.date_of_birth)
        under_30 = eldest.age_on(date(effective_date.year, 1, 1)) < CATASTROPHIC_AGE_LIMIT
        return cls(under_30, eldest.age_on(effective_date) < CHILD_AGE_LIMIT)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of one plan year on one side of the exchange; ``plan_id`` is unique within its plan year.

    ``deductible`` and ``out_of_pocket_maximum``: one person, in network, a year; None where not filed.
    ``hsa_eligible``: whether a health savings account may go with it; None where the filing does not say.
    ``charged_children_cap``: how many covered children under 21 are charged, the oldest ones; None charges all.
    """

    plan_year: int
    plan_id: str
    component_id: str
    state: str
    issuer_id: str
    issuer_name: str
    name: str
    coverage: Coverage
    metal_level: str
    plan_type: str
    exchange: Exchange
    service_area_id: str
    network_id: str
    network_name: str
    child_only_offering: str
    consumer_choice_disclosure: bool
    includes_pediatric_dental: bool
    deductible: Money | None
    out_of_pocket_maximum: Money | None
    catalogue: CatalogueKind
    hsa_eligible: bool | None = None
    charged_children_cap: int | None = CHARGED_CHILDREN
    detail: PlanDetail = field(default=PlanDetail())

    def __hash__(self) -> int:
        """The id settles the rest, which is long."""
        return hash((self.plan_year, self.plan_id))

    @property
    def uses_pcp(self) -> bool:
        """R68: a primary care provider is asked for in HMO and POS medical plans only."""
        return self.coverage is Coverage.MEDICAL and self.plan_type in {"HMO", "POS"}

    def admits(self, household: Household, effective_date: date) -> bool:
        """Whether these people may buy it."""
        return self.takes(AgeEligibility.from_household(household, effective_date))

    def takes(self, eligibility: AgeEligibility) -> bool:
        """The age rules of catastrophic, adult-only and child-only plans.

        The hardship exemption that opens a catastrophic plan to older people is a paper of the exchange, which this
        portal does not see.
        """
        if self.metal_level == "Catastrophic":
            return eligibility.under_30
        if self.child_only_offering == "Allows Adult-Only":
            return not eligibility.children_only
        return eligibility.children_only if self.child_only_offering == "Allows Child-Only" else True

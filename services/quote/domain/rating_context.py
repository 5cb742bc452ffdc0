"""Domain: who wants to be covered, where and from when; and what a plan costs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from chassis.kernel import (
    InvalidInput,
    Money,
    NotFound,
    Problem,
    ProblemList,
    business_date,
    get_markets,
    must_be_served_in,
)
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.geography import RatingLocation
from services.quote.domain.household import Household, Member
from services.quote.domain.plan import AgeEligibility, Coverage, Exchange, Plan
from services.quote.domain.plan_year import find_plan_year
from services.quote.domain.premium import MemberPremium, Premium, RateNotFiled
from services.quote.domain.rating import PremiumLines


@dataclass(frozen=True, slots=True)
class RatingRequest:
    """The facts as they were sent, not yet checked. ``date.min`` stands for a date that is among the ``unreadable``."""

    state: str
    zip: str
    county_fips: str
    effective_date: date
    members: tuple[Member, ...]
    unreadable: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PricedPlan:
    plan: Plan
    premium: Premium


@dataclass(frozen=True, slots=True)
class UnpricedPlan:
    """A plan that is sold there, and why it has no price."""

    plan: Plan
    reason: str


@dataclass(frozen=True, slots=True)
class PricedSelection:
    """At most one plan of each kind, with prices (R11)."""

    medical: PricedPlan | None
    dental: PricedPlan | None

    @property
    def priced(self) -> tuple[PricedPlan, ...]:
        return tuple(priced for priced in (self.medical, self.dental) if priced)

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(priced.plan for priced in self.priced)

    @property
    def total(self) -> Money:
        return Money.total(priced.premium.total for priced in self.priced)


@dataclass(frozen=True, slots=True)
class RatingContext:
    """Checked: the place exists, the plan year has a catalogue, the household can be insured together."""

    location: RatingLocation
    effective_date: date
    household: Household

    @classmethod
    def from_request(cls, request: RatingRequest, catalogue: Catalogue, now: datetime) -> RatingContext:
        """Raises InvalidInput that names every field that is wrong."""
        problems = ProblemList(request.unreadable)
        today = business_date(now, get_markets().home.state)  # the state of the request is not checked yet
        location = household = None
        with problems.collect():
            location = _locate(request, catalogue, today)
            today = business_date(now, location.county.state)
        with problems.collect():
            household = Household.from_members(request.members, effective_date=request.effective_date, today=today)
        if location is None or household is None or problems.found:
            raise problems.refusal()
        return cls(location, request.effective_date, household)

    @property
    def plan_year(self) -> int:
        return self.effective_date.year

    def price(self, plan: Plan, catalogue: Catalogue) -> PricedPlan:
        """Raises RateNotFiled when a charged member has no rate."""
        return PricedPlan(plan, Premium.from_lines(self._explain(self._lines, plan, catalogue)))

    def price_all(
        self, coverage: Coverage, catalogue: Catalogue, exchange: Exchange | None = None
    ) -> Iterator[PricedPlan | UnpricedPlan]:
        """Every plan that these people can buy here; the lines of a premium wait until somebody looks at them."""
        eligibility = AgeEligibility.from_household(self.household, self.effective_date)
        rate_matrix = catalogue.rate_matrix(self.location, self.plan_year, coverage, eligibility, exchange)
        totals = rate_matrix.totals(self.household, self.effective_date)
        lines = self._lines
        for plan, cents in zip(rate_matrix.plans, totals.tolist(), strict=True):
            if cents >= 0:
                yield PricedPlan(plan, Premium(Money(cents), partial(self._explain, lines, plan, catalogue)))
            else:
                yield UnpricedPlan(plan, self._reason(lines, plan, catalogue))

    @property
    def _lines(self) -> PremiumLines:
        return PremiumLines(self.household, self.effective_date)

    def _explain(self, lines: PremiumLines, plan: Plan, catalogue: Catalogue) -> tuple[MemberPremium, ...]:
        return lines.explain(catalogue.rates(plan, self.location), plan.charged_children_cap)

    def _reason(self, lines: PremiumLines, plan: Plan, catalogue: Catalogue) -> str:
        try:
            self._explain(lines, plan, catalogue)
        except RateNotFiled as missing:
            return missing.message
        raise AssertionError("the sum of a rate matrix and the lines of rating disagree")

    def choose(self, medical_plan_id: str, dental_plan_id: str, catalogue: Catalogue) -> PricedSelection:
        """The plans of these ids, priced; an empty id is none. Raises InvalidInput at the id that cannot be had."""
        return PricedSelection(
            self._choose(medical_plan_id, Coverage.MEDICAL, catalogue),
            self._choose(dental_plan_id, Coverage.DENTAL, catalogue),
        )

    def _choose(self, plan_id: str, coverage: Coverage, catalogue: Catalogue) -> PricedPlan | None:
        if not plan_id:
            return None
        field = f"{coverage}_plan_id"
        plan = self.available(plan_id, field, catalogue)
        if plan.coverage is not coverage:
            raise InvalidInput.at(
                field, f"This is not a {coverage} plan; choose one of the {coverage} list.", rule="R11"
            )
        return self.price(plan, catalogue)

    def available(self, plan_id: str, field: str, catalogue: Catalogue) -> Plan:
        """The plan of this id; raises InvalidInput at ``field`` when this household cannot buy it here."""
        try:
            plan = catalogue.plan(self.plan_year, plan_id)
        except NotFound as unknown:
            raise InvalidInput.at(field, unknown.message, rule="R10", code="unknown_plan") from None
        if catalogue.superseded_by_filed(plan):
            message = "This illustrative plan was replaced by filed plans. Search again and choose one from the list."
            raise InvalidInput.at(field, message, rule="R10", code="plan_off_sale")
        if not catalogue.is_sold(plan, self.location):
            message = "This plan is not sold in that county. Choose one from the list of plans."
            raise InvalidInput.at(field, message, rule="R10", code="plan_not_sold_there")
        if not plan.admits(self.household, self.effective_date):
            message = "This plan does not accept people of these ages. Choose another plan."
            raise InvalidInput.at(field, message, rule="rules.md 4", code="plan_does_not_admit")
        return plan


def _locate(request: RatingRequest, catalogue: Catalogue, today: date) -> RatingLocation:
    year = find_plan_year(request.effective_date, catalogue.plan_years, today)
    location = catalogue.location(request.state, request.zip, request.county_fips, year)
    must_be_served_in(location.county.state, year, "effective_date", "Choose a date in that year or later.")
    return location

"""Domain: what is sold, held in memory as one consistent state of the stored catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chassis.kernel import NotFound
from services.quote.domain.geography import Geography, RatingLocation
from services.quote.domain.plan import AgeEligibility, CatalogueKind, Coverage, Exchange, Plan
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.rate_matrix import RateMatrix
from services.quote.domain.rate_matrix_cache import RateMatrixCache
from services.quote.domain.rates import RateTable

RatesByPlan = Mapping[str, RateTable]
"""Component id -> rates, of one plan year, state and rating area."""


@dataclass(frozen=True, slots=True)
class PlanOffering:
    """A plan and its counties: FIPS -> the ZIPs served there, empty for the whole county.

    ``catalogue_version`` names the stored catalogue that it is from, and its content.
    """

    plan: Plan
    counties: Mapping[str, frozenset[str]]
    catalogue_version: str = ""

    def reaches(self, location: RatingLocation) -> bool:
        zips = self.counties.get(location.county.fips)
        return zips is not None and (not zips or location.zip in zips)


@dataclass(slots=True)
class Catalogue:
    """All plans of all plan years. Rates are fetched by ``load_rates`` for a rating area when first asked for."""

    geography: Geography
    offerings: Sequence[PlanOffering]
    load_rates: Callable[[int, str, int], RatesByPlan]
    # Plan year, state and coverage of which there is a filing.
    _filed: frozenset[tuple[int, str, Coverage]] = field(init=False)
    _by_id: dict[tuple[int, str], PlanOffering] = field(init=False)
    _by_state: dict[tuple[int, str], list[PlanOffering]] = field(init=False)
    plan_years: frozenset[int] = field(init=False)
    # Refusals are not kept, so there are at most a few entries for each ZIP.
    _locations: dict[tuple[str, str, str, int], RatingLocation] = field(init=False, default_factory=dict)
    # At most one entry for each rating area of each plan year.
    _rates: dict[tuple[int, str, int], RatesByPlan] = field(init=False, default_factory=dict)
    _rate_matrices: RateMatrixCache = field(init=False, default_factory=RateMatrixCache)
    _split: dict[tuple[int, str], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id = {(offering.plan.plan_year, offering.plan.plan_id): offering for offering in self.offerings}
        filed = (offering.plan for offering in self.offerings if offering.plan.catalogue is CatalogueKind.CMS_FILED)
        self._filed = frozenset((plan.plan_year, plan.state, plan.coverage) for plan in filed)
        self._by_state = {}
        for offering in self.offerings:
            if not self.superseded_by_filed(offering.plan):
                self._by_state.setdefault((offering.plan.plan_year, offering.plan.state), []).append(offering)

        self.plan_years = frozenset(year for year, _ in self._by_state)

    def location(self, state: str, zip_code: str, county_fips: str, plan_year: int) -> RatingLocation:
        """As ``Geography.location``; each answer is kept, since the same ones are asked for again and again.

        Of listed ZIPs alone: any five digits with any county would make the memory grow.
        """
        key = (state, zip_code, county_fips, plan_year)
        if not self.geography.lists(zip_code):
            return self.geography.location(*key)
        if key not in self._locations:
            self._locations[key] = self.geography.location(*key)
        return self._locations[key]

    def plan(self, plan_year: int, plan_id: str) -> Plan:
        offering = self._by_id.get((plan_year, plan_id))
        if offering is None:
            raise NotFound("This plan is not offered in this plan year. Choose one from the list of plans.")
        return offering.plan

    def catalogue_version(self, plan: Plan) -> str:
        return self._by_id[plan.plan_year, plan.plan_id].catalogue_version

    def superseded_by_filed(self, plan: Plan) -> bool:
        """Made-up plans are off sale where plans of the same plan year, state and coverage were filed (adr/0013)."""
        key = (plan.plan_year, plan.state, plan.coverage)
        return plan.catalogue is CatalogueKind.ILLUSTRATIVE and key in self._filed

    def is_sold(self, plan: Plan, location: RatingLocation) -> bool:
        offering = self._by_id[plan.plan_year, plan.plan_id]
        return plan.state == location.county.state and offering.reaches(location) and not self.superseded_by_filed(plan)

    def sold_in(
        self, location: RatingLocation, plan_year: int, coverage: Coverage, exchange: Exchange | None = None
    ) -> list[Plan]:
        """The plans sold at a place; ``exchange`` None means on both sides."""
        offerings = self._by_state.get((plan_year, location.county.state), ())
        return [
            offering.plan
            for offering in offerings
            if offering.plan.coverage is coverage
            and (exchange is None or offering.plan.exchange is exchange)
            and offering.reaches(location)
        ]

    def rate_matrix(
        self,
        location: RatingLocation,
        plan_year: int,
        coverage: Coverage,
        eligibility: AgeEligibility,
        exchange: Exchange | None = None,
    ) -> RateMatrix:
        """The plans sold at a place that take such people, side by side; ``exchange`` None means on both sides."""
        zip_code = location.zip if self._is_split(location, plan_year) else ""

        def make() -> RateMatrix:
            plans = self.sold_in(location, plan_year, coverage, exchange)
            rates = self._rates_of(plan_year, location.county.state, location.rating_area)
            return RateMatrix.from_plans([plan for plan in plans if plan.takes(eligibility)], rates)

        return self._rate_matrices.get(
            (plan_year, location.county.fips, zip_code, coverage, eligibility, exchange), make
        )

    def _is_split(self, location: RatingLocation, plan_year: int) -> bool:
        """Whether any plan is sold in a part of the county only, so that the ZIP counts."""
        key = (plan_year, location.county.fips)
        if key not in self._split:
            offerings = self._by_state.get((plan_year, location.county.state), ())
            self._split[key] = any(offering.counties.get(location.county.fips) for offering in offerings)
        return self._split[key]

    def rates(self, plan: Plan, location: RatingLocation) -> RateTable:
        """Raises ``RateNotFiled`` when nothing at all is filed for the plan in the place's rating area."""
        table = self._rates_of(plan.plan_year, plan.state, location.rating_area).get(plan.component_id)
        if table is None:
            raise RateNotFiled(0, "The carrier filed no rates for this plan in this rating area.")
        return table

    def read_ahead(self, other: Catalogue) -> None:
        """Fetch the rates of the rating areas that ``other`` has in memory, so that anyone who asks next finds them."""
        for key in tuple(other._rates):
            self._rates_of(*key)

    def _rates_of(self, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
        key = (plan_year, state, rating_area)
        if key not in self._rates:
            self._rates[key] = self.load_rates(*key)
        return self._rates[key]

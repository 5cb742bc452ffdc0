"""Domain: what is sold, held in memory as one consistent state of the stored catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chassis.kernel import NotFound
from services.quote.domain.geography import Geography, Place
from services.quote.domain.plan import Audience, CatalogueKind, Coverage, Exchange, Plan
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.rates import RateTable
from services.quote.domain.tariff import Tariff
from services.quote.domain.tariff_cache import TariffCache

RatesByPlan = Mapping[str, RateTable]
"""Component id -> rates, of one plan year, state and rating area."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan and its counties: FIPS -> the ZIPs served there, empty for the whole county.

    ``edition`` names the stored catalogue that it is from, and its content.
    """

    plan: Plan
    counties: Mapping[str, frozenset[str]]
    edition: str = ""

    def reaches(self, place: Place) -> bool:
        zips = self.counties.get(place.county.fips)
        return zips is not None and (not zips or place.zip in zips)


@dataclass(slots=True)
class Catalogue:
    """All plans of all plan years. Rates are fetched by ``load_rates`` for a rating area when first asked for."""

    geography: Geography
    offers: Sequence[Offer]
    load_rates: Callable[[int, str, int], RatesByPlan]
    # Plan year, state and coverage of which there is a filing.
    _filed: frozenset[tuple[int, str, Coverage]] = field(init=False)
    _by_id: dict[tuple[int, str], Offer] = field(init=False)
    _by_state: dict[tuple[int, str], list[Offer]] = field(init=False)
    plan_years: frozenset[int] = field(init=False)
    # Refusals are not kept, so there are at most a few entries for each ZIP.
    _places: dict[tuple[str, str, str, int], Place] = field(init=False, default_factory=dict)
    # At most one entry for each rating area of each plan year.
    _rates: dict[tuple[int, str, int], RatesByPlan] = field(init=False, default_factory=dict)
    _tariffs: TariffCache = field(init=False, default_factory=TariffCache)
    _split: dict[tuple[int, str], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id = {(offer.plan.plan_year, offer.plan.plan_id): offer for offer in self.offers}
        filed = (offer.plan for offer in self.offers if offer.plan.catalogue is CatalogueKind.CMS_FILED)
        self._filed = frozenset((plan.plan_year, plan.state, plan.coverage) for plan in filed)
        self._by_state = {}
        for offer in self.offers:
            if not self.stands_back(offer.plan):
                self._by_state.setdefault((offer.plan.plan_year, offer.plan.state), []).append(offer)

        self.plan_years = frozenset(year for year, _ in self._by_state)

    def place(self, state: str, zip_code: str, county_fips: str, plan_year: int) -> Place:
        """As ``Geography.place``; each answer is kept, since the same ones are asked for again and again.

        Of listed ZIPs alone: any five digits with any county would make the memory grow.
        """
        key = (state, zip_code, county_fips, plan_year)
        if not self.geography.lists(zip_code):
            return self.geography.place(*key)
        if key not in self._places:
            self._places[key] = self.geography.place(*key)
        return self._places[key]

    def plan(self, plan_year: int, plan_id: str) -> Plan:
        offer = self._by_id.get((plan_year, plan_id))
        if offer is None:
            raise NotFound("There is no such plan in this plan year; search again and choose one of the list.")
        return offer.plan

    def edition(self, plan: Plan) -> str:
        return self._by_id[plan.plan_year, plan.plan_id].edition

    def stands_back(self, plan: Plan) -> bool:
        """Made-up plans are off sale where plans of the same plan year, state and coverage were filed (adr/0013)."""
        key = (plan.plan_year, plan.state, plan.coverage)
        return plan.catalogue is CatalogueKind.ILLUSTRATIVE and key in self._filed

    def is_sold(self, plan: Plan, place: Place) -> bool:
        offer = self._by_id[plan.plan_year, plan.plan_id]
        return plan.state == place.county.state and offer.reaches(place) and not self.stands_back(plan)

    def sold_in(self, place: Place, plan_year: int, coverage: Coverage, exchange: Exchange | None = None) -> list[Plan]:
        """The plans sold at a place; ``exchange`` None means on both sides."""
        offers = self._by_state.get((plan_year, place.county.state), ())
        return [
            offer.plan
            for offer in offers
            if offer.plan.coverage is coverage
            and (exchange is None or offer.plan.exchange is exchange)
            and offer.reaches(place)
        ]

    def tariff(
        self, place: Place, plan_year: int, coverage: Coverage, audience: Audience, exchange: Exchange | None = None
    ) -> Tariff:
        """The plans sold at a place that take such people, side by side; ``exchange`` None means on both sides."""
        zip_code = place.zip if self._is_split(place, plan_year) else ""

        def make() -> Tariff:
            plans = self.sold_in(place, plan_year, coverage, exchange)
            rates = self._rates_of(plan_year, place.county.state, place.rating_area)
            return Tariff.of([plan for plan in plans if plan.takes(audience)], rates)

        return self._tariffs.get((plan_year, place.county.fips, zip_code, coverage, audience, exchange), make)

    def _is_split(self, place: Place, plan_year: int) -> bool:
        """Whether any plan is sold in a part of the county only, so that the ZIP counts."""
        key = (plan_year, place.county.fips)
        if key not in self._split:
            offers = self._by_state.get((plan_year, place.county.state), ())
            self._split[key] = any(offer.counties.get(place.county.fips) for offer in offers)
        return self._split[key]

    def rates(self, plan: Plan, place: Place) -> RateTable:
        """Raises ``RateNotFiled`` when nothing at all is filed for the plan in the place's rating area."""
        table = self._rates_of(plan.plan_year, plan.state, place.rating_area).get(plan.component_id)
        if table is None:
            raise RateNotFiled(0, "The carrier filed no rates for this plan in this rating area.")
        return table

    def read_ahead(self, other: Catalogue) -> None:
        """Fetch the rates of the rating areas that ``other`` has in memory, so that whoever asks next finds them."""
        for key in tuple(other._rates):
            self._rates_of(*key)

    def _rates_of(self, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
        key = (plan_year, state, rating_area)
        if key not in self._rates:
            self._rates[key] = self.load_rates(*key)
        return self._rates[key]

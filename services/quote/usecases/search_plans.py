"""Use case: the plans that a household can buy where it lives, with prices; filtered, sort_plans, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.kernel import Clock
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.geography import RatingLocation
from services.quote.domain.plan import Coverage
from services.quote.domain.plan_search import FacetCounts, JudgedPlan, PlanFilter, PlanPage, PlanSort, sort_plans
from services.quote.domain.rating_context import PricedPlan, RatingContext, RatingRequest, UnpricedPlan
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """What a list shall show, and how; by default every plan, cheapest first."""

    coverage: Coverage
    wanted: PlanFilter = field(default_factory=PlanFilter)
    sort: PlanSort = PlanSort.PREMIUM
    descending: bool = False
    page: PlanPage = field(default_factory=lambda: PlanPage(50))


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page. ``not_filed`` comes with the first; ``following`` is its last plan when another page follows."""

    location: RatingLocation
    plans: Sequence[PricedPlan]
    not_filed: Sequence[UnpricedPlan]
    total: int
    facets: FacetCounts
    following: str


@dataclass(frozen=True, slots=True)
class SearchPlans:
    """Anybody who is signed in may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, rating_request: RatingRequest, query: PlanQuery) -> SearchResults:
        """A plan with a missing rate is named apart, never priced. InvalidInput at the field that is wrong."""
        catalogue = self.catalogues.current()
        return _search_catalogue(
            catalogue, RatingContext.from_request(rating_request, catalogue, self.clock.now()), query
        )


def _search_catalogue(catalogue: Catalogue, context: RatingContext, query: PlanQuery) -> SearchResults:
    """The same for a request that is checked already; it depends on nothing but what it is given."""
    wanted, asks_nothing = query.wanted, query.wanted == PlanFilter()
    judged: list[JudgedPlan] = []
    found: list[PricedPlan] = []
    not_filed: list[UnpricedPlan] = []
    for one in context.price_all(query.coverage, catalogue):
        premium = one.premium.total if isinstance(one, PricedPlan) else None
        refusals = () if asks_nothing else wanted.refusals(one.plan, premium)
        if isinstance(one, PricedPlan):
            judged.append(JudgedPlan(one.plan, one.premium.total, refusals))
        if refusals:
            continue
        if isinstance(one, PricedPlan):
            found.append(one)
        else:
            not_filed.append(one)
    plans = sort_plans(found, query.sort, descending=query.descending)
    page, following = query.page.cut(plans)
    unpriced = () if query.page.after else not_filed
    return SearchResults(context.location, page, unpriced, len(plans), FacetCounts.of(judged), following)

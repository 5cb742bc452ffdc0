"""Contract: search results that were built lately, so that the same search need not be worked out again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from services.quote.domain.catalogue import Catalogue
from services.quote.domain.rating_context import RatingContext, RatingRequest
from services.quote.usecases.search_plans import PlanQuery, SearchPlans, SearchResults, search_catalogue

Answer = TypeVar("Answer")

# Lists that somebody may come back to within minutes, in one process. Measured with 20 people: a page as screens ask
# for it (50 plans) has 0.24 MB, the longest that the contract allows (200) 0.91 MB: all are 30 MB, or 117 MB at most.
ANSWERS_KEPT = 128


class SearchResultCache(Generic[Answer]):
    """Answers as ``present`` shapes them; they must not be changed by anyone who gets them.

    An answer follows from the state of the catalogue, the checked request and the query alone. The first is asked
    for at every search, and what was kept of an earlier state is dropped as a whole; the checks, which depend on the
    day, are made every time too.
    """

    def __init__(self, search: SearchPlans, present: Callable[[SearchResults], Answer]) -> None:
        self._search = search
        self._present = present
        self._kept: tuple[Catalogue, Callable[[RatingContext, PlanQuery], Answer]] | None = None

    def __call__(self, rating_request: RatingRequest, query: PlanQuery) -> Answer:
        """As SearchPlans: InvalidInput at the field that is wrong."""
        catalogue = self._search.catalogues.current()
        context = RatingContext.from_request(rating_request, catalogue, self._search.clock.now())
        kept = self._kept
        if kept is None or kept[0] is not catalogue:
            kept = self._kept = (catalogue, lru_cache(ANSWERS_KEPT)(self._among(catalogue)))
        return kept[1](context, query)

    def _among(self, catalogue: Catalogue) -> Callable[[RatingContext, PlanQuery], Answer]:
        return lambda context, query: self._present(search_catalogue(catalogue, context, query))

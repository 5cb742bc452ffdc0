"""Use case: tell all that is wrong with place, date and people of a quote, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock
from services.quote.domain.rating_context import RatingContext, RatingRequest
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class CheckRatingRequest:
    """Everybody may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, request: RatingRequest) -> None:
        """Raises InvalidInput that names every field that is wrong."""
        RatingContext.from_request(request, self.catalogues.current(), self.clock.now())

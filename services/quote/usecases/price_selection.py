"""Use case: the premium of chosen plans for a household; what an application is re-priced with."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock
from services.quote.domain.geography import RatingLocation
from services.quote.domain.quote import Selection
from services.quote.domain.rating_context import PricedSelection, RatingContext, RatingRequest
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class PriceSelection:
    """People and services may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(
        self, request: RatingRequest, medical_plan_id: str, dental_plan_id: str
    ) -> tuple[PricedSelection, RatingLocation]:
        """Refuses what could not be selected in a quote (R11), and a missing rate with RateNotFiled."""
        catalogue = self.catalogues.current()
        context = RatingContext.from_request(request, catalogue, self.clock.now())
        choice = context.choose(medical_plan_id, dental_plan_id, catalogue)
        Selection.from_plans(choice.plans)
        return choice, context.location

"""Use case: what the plans of an application are searched and priced with."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller
from services.enrollment.domain.enums import Coverage
from services.enrollment.domain.rating_basis import RatingBasis, rating_basis
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class GetRatingBasis:
    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str, coverage: Coverage | None) -> RatingBasis:
        """Raises NotReady while something is missing."""
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
        return rating_basis(app, coverage)

"""Use case: one plan of one plan year, without price."""

from __future__ import annotations

from dataclasses import dataclass

from services.quote.domain.plan import Plan
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class FindPlan:
    """Anybody who is signed in may ask."""

    catalogues: Catalogues

    def __call__(self, plan_year: int, plan_id: str) -> Plan:
        """NotFound when there is no such plan in that year."""
        return self.catalogues.current().plan(plan_year, plan_id)

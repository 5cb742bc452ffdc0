"""Use case: every plan that a household can buy where it lives, with prices."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock
from services.quote.domain.geography import Place
from services.quote.domain.plan import Coverage, Exchange, Plan
from services.quote.domain.rating import RateNotFiled
from services.quote.domain.situation import Inquiry, PricedPlan, Situation
from services.quote.usecases.ports import Catalogues


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A plan that is sold there, and why it has no price."""

    plan: Plan
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    place: Place
    plans: list[PricedPlan]
    not_filed: list[Unpriced]


@dataclass(frozen=True, slots=True)
class SearchPlans:
    """Anybody who is signed in may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, inquiry: Inquiry, coverage: Coverage, exchange: Exchange | None) -> Found:
        """Cheapest first; ``exchange`` None is both sides. A plan with a missing rate is named apart, never priced."""
        catalogue = self.catalogues.current()
        situation = Situation.of(inquiry, catalogue, self.clock.now())
        found = Found(situation.place, [], [])
        for plan in catalogue.sold_in(situation.place, situation.plan_year, coverage, exchange):
            if not plan.admits(situation.household, situation.effective_date):
                continue
            try:
                found.plans.append(situation.price(plan, catalogue))
            except RateNotFiled as missing:
                found.not_filed.append(Unpriced(plan, missing.message))
        found.plans.sort(key=lambda priced: (priced.premium.total, priced.plan.name, priced.plan.plan_id))
        return found

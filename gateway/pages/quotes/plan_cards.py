"""Plans as the page shows them: a plan that is sold on and off the exchange is one card with two ways to buy it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2

# "36096IL0760001-00": the plan is the same before the dash, and the ending says where it is sold.
_COMPONENT_LENGTH = 14


@dataclass(frozen=True, slots=True)
class PlanCard:
    """``ways``: the same plan off and on the exchange, off first; ``hidden``: the filters leave it out, but it is
    chosen.
    """

    ways: Sequence[quote_pb2.PricedPlan]
    hidden: bool = False

    @property
    def first(self) -> quote_pb2.PricedPlan:
        return self.ways[0]

    @property
    def same_premium(self) -> bool:
        return len({way.monthly_premium.cents for way in self.ways}) == 1


def build_cards(plans: Iterable[quote_pb2.PricedPlan]) -> list[PlanCard]:
    """In the order in which the plans come."""
    found: dict[str, list[quote_pb2.PricedPlan]] = {}
    for priced in plans:
        found.setdefault(priced.plan.plan_id[:_COMPONENT_LENGTH], []).append(priced)
    return [PlanCard(sorted(ways, key=_is_on_exchange)) for ways in found.values()]


def with_choice(cards: list[PlanCard], chosen: quote_pb2.PricedPlan | None) -> list[PlanCard]:
    """The chosen plan stays in sight whatever is filtered."""
    if chosen is None or any(way.plan.plan_id == chosen.plan.plan_id for card in cards for way in card.ways):
        return cards
    return [PlanCard([chosen], hidden=True), *cards]


def _is_on_exchange(priced: quote_pb2.PricedPlan) -> bool:
    return priced.plan.exchange == common_pb2.EXCHANGE_ON

"""Domain: where an on-exchange selection is sent, by state and plan year (R16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel import InvalidInput, get_markets
from chassis.kernel.market import ExchangeTarget, MarketExchange

__all__ = ["ExchangeLinks", "ExchangeTarget", "exchange_target"]


def exchange_target(state: str, plan_year: int) -> ExchangeTarget:
    """Refuses a state or a plan year for which no exchange is known."""
    return _find(state, plan_year).target


def _find(state: str, plan_year: int) -> MarketExchange:
    market = get_markets().find(state)
    found = market.find_exchange(plan_year) if market else None
    if found is None:
        raise InvalidInput.at("state", "There is no exchange for this state and plan year.", rule="R16")
    return found


@dataclass(frozen=True, slots=True)
class ExchangeLinks:
    """Addresses set in place of the market's own, by target or by target and state (``ISP``, ``SBE-IL``).

    The shopping platform's address is the carrier's to set; until then people are sent to the exchanges themselves.
    """

    urls: Mapping[str, str]

    def url(self, state: str, plan_year: int) -> str:
        """Refuses a state or a plan year for which no exchange is known."""
        exchange = _find(state, plan_year)
        return self.urls.get(f"{exchange.target}-{state}") or self.urls.get(exchange.target) or exchange.url

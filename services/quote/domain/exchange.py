"""Domain: where an on-exchange selection is sent, by state and plan year (R16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import InvalidInput, Unavailable


class ExchangeTarget(StrEnum):
    """``ISP``: the IFM Shopping Platform for states on HealthCare.gov. ``SBE``: the state's own exchange."""

    ISP = "ISP"
    SBE = "SBE"


@dataclass(frozen=True, slots=True)
class Era:
    """From plan year ``first`` on, a state's consumers go to ``target``."""

    first: int
    target: ExchangeTarget


# rules.md 2: Illinois left HealthCare.gov with plan year 2026. New Mexico's own platform took over with 2022 [K].
TARGETS = {
    "IL": (Era(2014, ExchangeTarget.ISP), Era(2026, ExchangeTarget.SBE)),
    "NM": (Era(2014, ExchangeTarget.ISP), Era(2022, ExchangeTarget.SBE)),
    "MT": (Era(2014, ExchangeTarget.ISP),),
    "OK": (Era(2014, ExchangeTarget.ISP),),
    "TX": (Era(2014, ExchangeTarget.ISP),),
}


def exchange_target(state: str, plan_year: int) -> ExchangeTarget:
    """Refuses a state or a plan year for which no exchange is known."""
    eras = [era for era in TARGETS.get(state, ()) if era.first <= plan_year]
    if not eras:
        raise InvalidInput.at("state", "There is no exchange for this state and plan year.", rule="R16")
    return eras[-1].target


@dataclass(frozen=True, slots=True)
class ExchangeLinks:
    """Web addresses by target, or by target and state where they differ (``ISP``, ``SBE-IL``)."""

    urls: Mapping[str, str]

    def url(self, target: ExchangeTarget, state: str) -> str:
        """Refuses, rather than lead nowhere, when nobody configured an address."""
        found = self.urls.get(f"{target}-{state}") or self.urls.get(target)
        if not found:
            raise Unavailable("The exchange of this state has no web address here yet. Please call support.")
        return found

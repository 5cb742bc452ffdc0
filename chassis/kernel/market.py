"""The markets that the suite serves: which states, since when, by whose plans. Values alone; a file says which ones
(``chassis/market_file.py``), and the process installs them at its start, as it takes its clock and its settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from chassis.kernel.errors import InvalidInput

# The federal maximum of tobacco : non-tobacco (45 CFR 147.102(a)(1)(iv)); a state may be stricter.
FEDERAL_TOBACCO_MAXIMUM = Decimal("1.5")


class ExchangeTarget(StrEnum):
    """``ISP``: the IFM Shopping Platform for states on HealthCare.gov. ``SBE``: the state's own exchange (R16)."""

    ISP = "ISP"
    SBE = "SBE"


class CatalogSource(StrEnum):
    """Whether a state's plans are the carrier's filed ones or made up to show the suite."""

    ILLUSTRATIVE = "illustrative"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class MarketExchange:
    """Where consumers of a state buy on the exchange from plan year ``from_plan_year`` on; ``url`` is its own site."""

    from_plan_year: int
    target: ExchangeTarget
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who sells the plans of a state: HIOS issuer id (R2); name and colour of the letterhead, no logo (R6, R112)."""

    issuer_id: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Market:
    """One state. ``consumer_choice_plans``: its plans need that disclosure (R82) where a filing says nothing else.

    ``data``: a folder with the state's own geography, for what the services do not ship."""

    state: str
    name: str
    zone: ZoneInfo
    carrier: Carrier
    first_plan_year: int
    exchanges: tuple[MarketExchange, ...]
    catalog: CatalogSource
    tobacco_maximum: Decimal = FEDERAL_TOBACCO_MAXIMUM
    consumer_choice_plans: bool = False
    data: Path | None = None

    def find_exchange(self, plan_year: int) -> MarketExchange | None:
        """None before the first plan year of the market."""
        return next((one for one in reversed(self.exchanges) if one.from_plan_year <= plan_year), None)

    @property
    def served_from(self) -> str:
        """For sentences."""
        return f"{self.name} is served from plan year {self.first_plan_year} on."


@dataclass(frozen=True)
class Markets:
    """All markets by state, in the order of the file.

    ``home``: the market that decides where no state is known yet: the plan year of a ZIP search, a sentence's clock.
    ``help_line``: whom producers and clients call, on every page and in every message (R101); empty for nobody.
    """

    by_state: Mapping[str, Market]
    home: Market
    help_line: str = ""
    states: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", tuple(self.by_state))

    def __contains__(self, state: object) -> bool:
        return state in self.by_state

    def __getitem__(self, state: str) -> Market:
        """Raises KeyError for a state that is not served."""
        return self.by_state[state]

    def find(self, state: str) -> Market | None:
        return self.by_state.get(state)

    def find_name(self, state: str) -> str:
        """ "Illinois"; the letters themselves of a state that is not served, such as that of an old record."""
        return self.by_state[state].name if state in self.by_state else state

    def served_in(self, plan_year: int) -> frozenset[str]:
        """The states whose first plan year is not later."""
        return frozenset(state for state, one in self.by_state.items() if one.first_plan_year <= plan_year)

    def issuer_of(self, state: str) -> str | None:
        return self.by_state[state].carrier.issuer_id if state in self.by_state else None

    def join_names(self, conjunction: str) -> str:
        """ "Illinois, Montana or Texas": for sentences."""
        *first, last = [one.name for one in self.by_state.values()]
        return f"{', '.join(first)} {conjunction} {last}" if first else last

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """Each once: several states may share one."""
        return tuple(dict.fromkeys(one.data for one in self.by_state.values() if one.data))

    @property
    def list_of_states(self) -> str:
        """ "IL, MT, TX": for sentences."""
        return ", ".join(self.by_state)


def must_be_served(state: str, field: str) -> Market:
    """Raises InvalidInput at ``field`` for a state that is not served."""
    market = get_markets().find(state)
    if market is None:
        raise InvalidInput.at(field, f"Choose one of the states: {get_markets().list_of_states}.", rule="R2")
    return market


def must_be_served_in(state: str, plan_year: int, field: str, advice: str) -> None:
    """Raises InvalidInput at ``field`` for a state that is not served, or not yet in that plan year."""
    market = must_be_served(state, field)
    if plan_year < market.first_plan_year:
        raise InvalidInput.at(field, f"{market.served_from} {advice}", rule="R2", code="not_yet_served")


_installed: list[Markets] = []


def install_markets(markets: Markets) -> Markets:
    """Say which markets this process serves; done once, where the process reads its settings."""
    _installed[:] = [markets]
    return markets


def get_markets() -> Markets:
    """The markets of this process. Raises LookupError in a process that installed none: a fault of its start."""
    if not _installed:
        raise LookupError("no markets are installed; the process has to read SUITE_MARKETS at its start")
    return _installed[0]

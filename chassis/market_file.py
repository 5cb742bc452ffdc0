"""Reads the file of the markets; a wrong one ends the process with the file, the state and the key."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.functional_validators import AfterValidator

from chassis.kernel.market import (
    FEDERAL_TOBACCO_MAXIMUM,
    Carrier,
    CatalogSource,
    ExchangeTarget,
    Market,
    MarketExchange,
    Markets,
)
from chassis.kernel.zip_prefixes import POSTAL_STATES
from chassis.market_geography import find_geography_faults
from chassis.yaml_file import BadYaml, load_mapping

# The individual market of the ACA began with 2014; a year after 2100 is a typing error.
PlanYear = Annotated[int, Field(ge=2014, le=2100)]
NonEmptyText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class BadMarkets(ValueError):
    """Names the file, the state and the key of everything that is wrong."""


def _postal(state: str) -> str:
    if state not in POSTAL_STATES:
        raise ValueError("is not a state; give its two postal letters in capitals, such as WY")
    return state


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name} is not a time zone; give one of the tz database, such as America/Denver") from None
    return name


class _Shape(BaseModel):
    """An unknown key is a typing error and is rejected, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _CarrierShape(_Shape):
    # HIOS gives every issuer five digits; unquoted, YAML would read a number.
    issuer_id: Annotated[str, Field(pattern=r"^\d{5}$")]
    name: NonEmptyText
    # "#rrggbb", dark enough to be read on white.
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _ExchangeShape(_Shape):
    from_plan_year: PlanYear
    target: ExchangeTarget
    name: NonEmptyText
    url: Annotated[str, Field(pattern=r"^https://[^\s/]+")]


class _MarketShape(_Shape):
    name: NonEmptyText
    time_zone: Annotated[str, AfterValidator(_zone)]
    carrier: _CarrierShape
    first_plan_year: PlanYear
    exchanges: tuple[_ExchangeShape, ...] = Field(min_length=1)
    catalog: CatalogSource
    tobacco_maximum: Annotated[Decimal, Field(ge=1, le=FEDERAL_TOBACCO_MAXIMUM)] = FEDERAL_TOBACCO_MAXIMUM
    consumer_choice_plans: bool = False
    data: Path | None = None

    def to_market(self, state: str, folder: Path) -> Market:
        return Market(
            state=state,
            name=self.name,
            zone=ZoneInfo(self.time_zone),
            carrier=Carrier(**dict(self.carrier)),
            first_plan_year=self.first_plan_year,
            exchanges=tuple(MarketExchange(**dict(one)) for one in self.exchanges),
            catalog=self.catalog,
            tobacco_maximum=self.tobacco_maximum,
            consumer_choice_plans=self.consumer_choice_plans,
            data=folder / self.data if self.data else None,
        )


class _MarketsShape(_Shape):
    home: str
    # Ten digits as they are written on a page; empty: nobody is named.
    help_line: Annotated[str, Field(pattern=r"^(\d{3}-\d{3}-\d{4})?$")]
    states: dict[Annotated[str, AfterValidator(_postal)], _MarketShape] = Field(min_length=1)


def read_markets(path: Path) -> Markets:
    """Raises BadMarkets that names every wrong place."""
    try:
        shape = _MarketsShape.model_validate(load_mapping(path))
    except BadYaml as error:
        raise BadMarkets(str(error)) from None
    except ValidationError as error:
        raise BadMarkets(_list_faults(path, [_describe(fault) for fault in error.errors()])) from None
    by_state = {state: one.to_market(state, path.parent) for state, one in shape.states.items()}
    if faults := [*_find_faults(by_state), *_home_faults(shape.home, by_state)]:
        raise BadMarkets(_list_faults(path, faults))
    return Markets(by_state, by_state[shape.home], shape.help_line)


def _find_faults(by_state: dict[str, Market]) -> list[str]:
    """Faults that show only when several keys, or the files of a data folder, are compared."""
    faults = []
    for state, market in by_state.items():
        years = [one.from_plan_year for one in market.exchanges]
        if any(after <= before for before, after in pairwise(years)):
            faults.append(f"{state}, exchanges: list them by from_plan_year, the earliest first, each year once")
        elif years[0] > market.first_plan_year:
            faults.append(f"{state}, exchanges: none is given for the first plan year {market.first_plan_year}")
        if market.data:
            faults += [f"{state}, data: {fault}" for fault in find_geography_faults(market.data, state)]
    return faults


def _home_faults(home: str, by_state: dict[str, Market]) -> list[str]:
    return [] if home in by_state else [f"home: {home} is not among the states; there are {', '.join(by_state)}"]


def _describe(fault: Any) -> str:
    """ "WY, carrier.issuer_id: Field required" """
    place = [str(part) for part in fault["loc"]]
    if place[:1] == ["states"]:
        place = place[1:]
        state, key = place[:1], [part for part in place[1:] if part != "[key]"]
        where = ", ".join(filter(None, (*state, ".".join(key))))
    else:
        where = ".".join(place)
    return f"{where or 'the whole'}: {fault['msg'].removeprefix('Value error, ')}"


def _list_faults(path: Path, faults: list[str]) -> str:
    return "\n  ".join([f"{path} does not say which states are served (SUITE_MARKETS):", *faults])

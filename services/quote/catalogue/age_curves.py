"""Catalogue: which age curve holds in a state and plan year; data, since states may have their own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from chassis.kernel import get_markets
from services.quote.catalogue.rows import BadCell, Row, read_rows, refuse_repeated
from services.quote.domain.age_curve import LAST_CURVE_AGE, AgeCurve

FOLDER = Path(__file__).parent.parent / "data/age-curve"
_CURVES = ("factor_2014_2017", "factor_2018_on")
_SECOND_CURVE_FROM = 2018


def curves_of(plan_year: int) -> Mapping[str, AgeCurve]:
    """State -> its curve in that year. A state that the file does not name for the year has the federal one, as every
    state that sets none of its own (45 CFR 147.102(e)). Raises ``FilingRefused``."""
    federal, named = _read_states(plan_year)
    return {state: named.get(state, federal) for state in get_markets().states}


@cache
def _read_states(plan_year: int) -> tuple[AgeCurve, Mapping[str, AgeCurve]]:
    curves = _read_curves(FOLDER / "federal_default_age_curve.csv")
    unique = refuse_repeated("state")

    def curve(row: Row) -> tuple[str, AgeCurve]:
        unique(row.text("state"))
        return row.matching("state", "[A-Z]{2}"), row.choice("curve", curves)

    columns = ("state", "first_year", "last_year", "curve")
    named = dict(read_rows(FOLDER / "state_curves.csv", columns, curve, lambda row: _holds(row, plan_year)))
    return curves[_CURVES[plan_year >= _SECOND_CURVE_FROM]], named


def _holds(row: Row, plan_year: int) -> bool:
    last = row.number("last_year") if row.text("last_year") else plan_year
    return row.number("first_year") <= plan_year <= last


def _read_curves(path: Path) -> dict[str, AgeCurve]:
    rows = read_rows(path, ("age", *_CURVES), lambda row: (row.ages("age")[0], [_thousandths(row, c) for c in _CURVES]))
    curves: dict[str, AgeCurve] = {
        name: {age: factors[place] for age, factors in rows} for place, name in enumerate(_CURVES)
    }
    for name, curve in curves.items():
        if sorted(curve) != list(range(LAST_CURVE_AGE + 1)):
            raise ValueError(f"{path.name}: {name} does not have every age from 0 to {LAST_CURVE_AGE}")
    return curves


def _thousandths(row: Row, column: str) -> int:
    factor = Decimal(row.matching(column, r"\d\.\d{3}")) * 1000
    if factor <= 0:
        raise BadCell(column, "has to be above 0")
    return int(factor)

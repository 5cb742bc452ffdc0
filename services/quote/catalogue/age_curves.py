"""Catalogue: which age curve holds in a state and plan year; data, since states may have their own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from services.quote.catalogue.ours import served_state
from services.quote.catalogue.rows import BadCell, Row, once, read
from services.quote.domain.age_curve import LAST_CURVE_AGE, AgeCurve

FOLDER = Path(__file__).parent.parent / "data/age-curve"
_CURVES = ("factor_2014_2017", "factor_2018_on")


@cache
def curves_of(plan_year: int) -> Mapping[str, AgeCurve]:
    """State -> its curve in that year; a state without one is missing. Raises ``FilingRefused``."""
    curves = _read_curves(FOLDER / "federal_default_age_curve.csv")
    unique = once("state")

    def curve(row: Row) -> tuple[str, AgeCurve]:
        unique(row.text("state"))
        return served_state(row, "state"), row.choice("curve", curves)

    columns = ("state", "first_year", "last_year", "curve")
    return dict(read(FOLDER / "state_curves.csv", columns, curve, lambda row: _holds(row, plan_year)))


def _holds(row: Row, plan_year: int) -> bool:
    last = row.number("last_year") if row.text("last_year") else plan_year
    return row.number("first_year") <= plan_year <= last


def _read_curves(path: Path) -> dict[str, AgeCurve]:
    rows = read(path, ("age", *_CURVES), lambda row: (row.ages("age")[0], [_thousandths(row, c) for c in _CURVES]))
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

"""Catalogue: which rows of a national file are ours, and why none was where none is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from chassis.kernel import get_markets
from chassis.kernel.market import CatalogSource
from services.quote.catalogue.rows import Row
from services.quote.domain.filing import BadRow, EmptyFiling, FilingRefused


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """A column that has to say something for a row to be ours; ``advice`` gets what it says instead."""

    column: str
    passes: Callable[[Row], bool]
    advice: Callable[[str], str]


class RowFilter:
    """Lets rows through that pass every filter, and keeps the one that came furthest: the best hint where none did."""

    def __init__(self, filters: Sequence[ColumnFilter]) -> None:
        self._filters = filters
        self._furthest: tuple[int, int, str] | None = None  # filter, line, what the row says

    def __call__(self, row: Row) -> bool:
        for place, one in enumerate(self._filters):
            if not one.passes(row):
                if self._furthest is None or place > self._furthest[0]:
                    self._furthest = place, row.line, row.text(one.column)
                return False
        return True

    def refuse_none(self, path: Path) -> NoReturn:
        """Raises ``EmptyFiling``, or ``FilingRefused`` where there is no row at all."""
        if self._furthest is None:
            raise FilingRefused([BadRow(path.name, 1, "-", "the file has no rows below its header")])
        place, line, said = self._furthest
        failed = self._filters[place]
        raise EmptyFiling(
            [BadRow(path.name, line, failed.column, f"no row of the file applies: {failed.advice(said)}")]
        )


def of_our_carriers(state_column: str, issuer_column: str, issuer_of: Callable[[Row], str]) -> ColumnFilter:
    def passes(row: Row) -> bool:
        return get_markets().issuer_of(row.text(state_column)) == issuer_of(row)

    def advise(said: str) -> str:
        carriers = ", ".join(f"{one.carrier.issuer_id} ({state})" for state, one in get_markets().by_state.items())
        return f'"{said}" is none of {carriers}; give the filing of one of them'

    return ColumnFilter(issuer_column, passes, advise)


def is_served(row: Row) -> bool:
    """Whether the row's ``state`` is one that we serve."""
    return row.text("state") in get_markets()


def served_state(row: Row, column: str) -> str:
    """The state of a row. Raises ``BadCell`` for one that is not served."""
    return row.choice(column, {state: state for state in get_markets().states})


def of_illustrative_market() -> ColumnFilter:
    """Made-up plans have no place where the carrier's filed ones are sold."""

    def passes(row: Row) -> bool:
        market = get_markets().find(row.text("StateCode"))
        return market is not None and market.catalog is CatalogSource.ILLUSTRATIVE

    advice = "sells filed plans; import its filing without --illustrative"
    return ColumnFilter("StateCode", passes, lambda said: f"{said} {advice}")


def individual_market() -> ColumnFilter:
    return ColumnFilter(
        "MarketCoverage",
        lambda row: row.text("MarketCoverage") in {"", "Individual"},
        lambda said: f'"{said}" is not the individual market; give the filing of that market',
    )


def of_plan_year(plan_year: int) -> ColumnFilter:
    year = str(plan_year)
    return ColumnFilter(
        "BusinessYear",
        lambda row: row.text("BusinessYear") == year,
        lambda said: f'"{said}" is not {year}; give --plan-year {said} or the files of {year}',
    )

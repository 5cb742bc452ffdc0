"""Domain: what one set of catalogue files says, ready to be stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.plan import Plan, Rate, RateSource
from services.quote.domain.rates import FamilyRates

# Plan years of the two known maps (SOURCE.md of rating-areas): none is known for Texas between them.
LAST_OF_OLD_MAP, FIRST_OF_NEW_MAP = 2017, 2025


@dataclass(frozen=True, slots=True)
class BadRow:
    """A complaint about one cell of a file; ``line`` counts from 1, the header."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.reason}"


class FilingRefused(Exception):
    """Nothing of the file is taken; ``problems`` are the first complaints."""

    def __init__(self, problems: Sequence[BadRow]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class EmptyFiling(FilingRefused):
    """Nothing is wrong with the file, but every row is another state's, carrier's, market's or plan year's."""


class FiledRate(NamedTuple):
    """A rate of a plan (14-character component id) in a rating area, ages ``age_from`` to ``age_to`` inclusive.

    ``line`` is where it is in its file.
    """

    component_id: str
    state: str
    rating_area: int
    age_from: int
    age_to: int
    rate: Rate
    line: int = 0


class FiledFamilyRate(NamedTuple):
    """The family rates of a plan in a rating area; ``line`` as above."""

    component_id: str
    state: str
    rating_area: int
    rates: FamilyRates
    line: int = 0


class RateBlock(NamedTuple):
    """Many rates of one source in columns of one length: the same as as many ``FiledRate``, without their lines.

    ``plan`` are places in ``plans`` (component id and state); ``tobacco_cents`` has 0 where none was filed.
    """

    plans: Sequence[tuple[str, str]]
    source: RateSource
    plan: NDArray[np.int32]
    rating_area: NDArray[np.uint8]
    age_from: NDArray[np.uint8]
    age_to: NDArray[np.uint8]
    cents: NDArray[np.int32]
    tobacco_cents: NDArray[np.int32]


class UnclearFile(Exception):
    """Raised by readers of blocks where only a reader of rows can tell whether the file is right."""


class FiledServiceArea(NamedTuple):
    """A county in a service area; ``zips`` is empty for the whole county, else the ZIPs that are served."""

    service_area_id: str
    county_fips: str
    zips: tuple[str, ...] = ()


class FiledZip(NamedTuple):
    zip: str
    county_fips: str


class FiledCounty(NamedTuple):
    """A county and its rating area in both known maps."""

    fips: str
    name: str
    state: str
    area_2014_2017: int
    area_2025_on: int

    def rating_area(self, plan_year: int) -> int | None:
        """None for the years between the two maps: when Texas changed is not known."""
        if plan_year <= LAST_OF_OLD_MAP:
            return self.area_2014_2017
        return self.area_2025_on if plan_year >= FIRST_OF_NEW_MAP else None


RatingAreas = Mapping[str, frozenset[int]]
"""State -> the numbers of its rating areas."""


@dataclass(slots=True)
class NotFiledCounts:
    """Cells in which a placeholder stands for a rate, by component id; counted while the rates are read."""

    not_filed: Counter[str] = field(default_factory=Counter)

    def count(self, component_id: str, cells: int = 1) -> None:
        if cells:
            self.not_filed[component_id] += cells

    def clear(self) -> None:
        self.not_filed.clear()


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Which file and lines the plans of a filing come from: for complaints about a plan as a whole."""

    name: str = "plans.csv"
    id_column: str = "PlanId"
    area_column: str = "ServiceAreaId"
    # Plan id -> its line.
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filing:
    """The plans of one plan year, their rates and where they are sold.

    Rates may be millions: each iteration reads them from ``rate_file`` again, and a bad row raises ``FilingRefused`` on
    the way. ``rate_blocks`` are the same rates, read much faster; None where there are too few to gain anything. Where
    the file is bad or odd they raise ``UnclearFile``, and ``rates`` decide.
    """

    plan_year: int
    plans: tuple[Plan, ...]
    rates: Iterable[FiledRate | FiledFamilyRate]
    service_areas: tuple[FiledServiceArea, ...]
    rate_file: str = "rates.csv"
    tally: NotFiledCounts = field(default_factory=NotFiledCounts)
    plan_file: PlanFile = PlanFile()
    rate_blocks: Iterable[FiledRate | FiledFamilyRate | RateBlock] | None = None


@dataclass(frozen=True, slots=True)
class GeographyFiles:
    zips: tuple[FiledZip, ...]
    counties: tuple[FiledCounty, ...]

    def fips_by_state(self) -> dict[str, tuple[str, ...]]:
        by_state: dict[str, list[str]] = {}
        for county in self.counties:
            by_state.setdefault(county.state, []).append(county.fips)
        return {state: tuple(fips) for state, fips in by_state.items()}

    def rating_areas(self, plan_year: int) -> RatingAreas:
        """Empty for a state whose areas of that year are not known."""
        by_state: dict[str, set[int]] = {}
        for county in self.counties:
            area = county.rating_area(plan_year)
            by_state.setdefault(county.state, set()).update(() if area is None else (area,))
        return {state: frozenset(areas) for state, areas in by_state.items()}

"""Domain: the rates of a filing on their way into the catalogue, millions of them, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.filing import (
    BadRow,
    FiledFamilyRate,
    FiledRate,
    Filing,
    FilingRefused,
    RateBlock,
    UnclearFile,
)
from services.quote.domain.filing_gaps import refuse_unrated
from services.quote.domain.plan import RateSource

# Enough to see the pattern of a broken file.
MAX_PROBLEMS = 20
# Rows turned into columns at once: a megabyte or two of Python objects.
ROWS_AT_ONCE = 20_000
# Rates are sorted so many plans at a time, every sixteenth: that needs little memory beside the rates themselves.
PARTS = 16
_SOURCES = tuple(RateSource)
_NOT_FILED = 0
# 20 bytes a rate, so that 2 million of them need 40 MB; the plan is a number (``_plans``).
_BAND = np.dtype(
    [
        *(("plan", "i4"), ("area", "u1"), ("first", "u1"), ("last", "u1"), ("source", "u1")),
        *(("cents", "i4"), ("tobacco", "i4"), ("line", "i4")),
    ]
)
_BYTE = 256


class PlanRates(NamedTuple):
    """The rates by age of a plan in a rating area that come from one source: columns of one length, by age.

    ``tobacco_cents`` has None where no rate for tobacco users was filed.
    """

    component_id: str
    state: str
    rating_area: int
    source: RateSource
    ages_from: Sequence[int]
    ages_to: Sequence[int]
    cents: Sequence[int]
    tobacco_cents: Sequence[int | None]


@dataclass(slots=True)
class FiledRates:
    """All rates of a filing: those by age in columns, those of families as they are, since they are few."""

    families: list[FiledFamilyRate] = field(default_factory=list)
    rated: set[str] = field(default_factory=set)
    """The component ids that have a rate of either kind."""
    repeated_lines: list[int] = field(default_factory=list)
    """The lines, the first of them, whose ages an earlier row of the plan and rating area has a rate for already."""
    _plans: dict[tuple[str, str], int] = field(default_factory=dict)
    _rows: list[tuple[int, ...]] = field(default_factory=list)
    # One piece of memory that grows: arrays by the hundred would leave gaps as large as what is kept.
    _bands: bytearray = field(default_factory=bytearray)

    @classmethod
    def collect(cls, rates: Iterable[FiledRate | FiledFamilyRate | RateBlock]) -> FiledRates:
        """Raises what the iterable raises."""
        found = cls()
        for one in rates:
            if isinstance(one, RateBlock):
                found._add_block(one)
            elif isinstance(one, FiledRate):
                found._add_row(one)
            else:
                found.rated.add(one.component_id)
                found.families.append(one)
        found._pack_rows()
        found.repeated_lines = sorted(line for bands in found._sorted() for line in _repeated(bands))[:MAX_PROBLEMS]
        return found

    @property
    def count(self) -> int:
        """Rates by age, and families' as one each."""
        return len(self._bands) // _BAND.itemsize + len(self.families)

    def _add_row(self, row: FiledRate) -> None:
        rate = row.rate
        place = (self._number(row.component_id, row.state), row.rating_area, row.age_from, row.age_to)
        tobacco = _NOT_FILED if rate.tobacco_cents is None else rate.tobacco_cents
        self._rows.append((*place, _SOURCES.index(rate.source), rate.cents, tobacco, row.line))
        if len(self._rows) == ROWS_AT_ONCE:
            self._pack_rows()

    def _pack_rows(self) -> None:
        self._bands += np.array(self._rows, _BAND).tobytes()
        self._rows = []

    def _add_block(self, block: RateBlock) -> None:
        bands = np.empty(len(block.plan), _BAND)
        used, places = np.unique(block.plan, return_inverse=True)
        bands["plan"] = np.array([self._number(*block.plans[plan]) for plan in used], np.int32)[places]
        bands["area"], bands["first"], bands["last"] = block.rating_area, block.age_from, block.age_to
        bands["cents"], bands["tobacco"], bands["line"] = block.cents, block.tobacco_cents, 0
        bands["source"] = _SOURCES.index(block.source)
        self._bands += bands.tobytes()

    def _number(self, component_id: str, state: str) -> int:
        self.rated.add(component_id)
        return self._plans.setdefault((component_id, state), len(self._plans))

    def _sorted(self) -> Iterator[NDArray[np.void]]:
        """The bands by plan, rating area and age, in pieces of whole plans."""
        every = np.frombuffer(self._bands, _BAND)
        pieces = [every[start : start + ROWS_AT_ONCE] for start in range(0, len(every), ROWS_AT_ONCE)]
        for part in range(PARTS if pieces else 0):
            bands = np.concatenate([piece[piece["plan"] % PARTS == part] for piece in pieces])
            # Stable: of two rows of one age the earlier one in the file comes first.
            yield bands[np.argsort(_keys(bands), kind="stable")]

    def repeated_families(self) -> list[int]:
        """The lines of all but the first for a plan and rating area."""
        first = {row[:3]: row.line for row in reversed(self.families)}
        return [row.line for row in self.families if first[row[:3]] != row.line]

    def families_by_age_too(self) -> list[int]:
        """The lines of families' rates whose plan has rates by age too in the rating area."""
        if not self.families:
            return []
        names = [component for component, _ in self._plans]
        places = {
            (names[band["plan"]], int(band["area"])) for bands in self._sorted() for band in bands[_starts(bands)]
        }
        return [row.line for row in self.families if (row.component_id, row.rating_area) in places]

    def by_plan(self) -> Iterator[PlanRates]:
        """The rates by age, a plan, rating area and source at a time."""
        plans = list(self._plans)
        for bands in self._sorted():
            for start, end in pairwise([*_starts(bands).tolist(), len(bands)]):
                group = bands[start:end]
                component, state = plans[int(group["plan"][0])]
                for source in np.unique(group["source"]).tolist():
                    yield _plan_rates(component, state, _SOURCES[source], group[group["source"] == source])


def _keys(bands: NDArray[np.void]) -> NDArray[np.int64]:
    """Plan, rating area and age in one number that sorts like the three: rating areas and ages are below 256."""
    keys: NDArray[np.int64] = (bands["plan"].astype(np.int64) * _BYTE + bands["area"]) * _BYTE + bands["first"]
    return keys


def _starts(bands: NDArray[np.void]) -> NDArray[np.int64]:
    """Where another plan or rating area begins in sorted bands."""
    return np.flatnonzero(np.diff(_keys(bands) // _BYTE, prepend=-1))


def _repeated(bands: NDArray[np.void]) -> list[int]:
    """The lines of sorted bands whose ages an earlier row of the plan and rating area has a rate for already."""
    keys = _keys(bands)
    taken_to = np.maximum.accumulate(keys // _BYTE * _BYTE + bands["last"])
    lines: list[int] = bands["line"][1:][taken_to[:-1] >= keys[1:]].tolist()
    return lines


def _plan_rates(component: str, state: str, source: RateSource, bands: NDArray[np.void]) -> PlanRates:
    tobacco = [None if cents == _NOT_FILED else cents for cents in bands["tobacco"].tolist()]
    columns = (bands["first"].tolist(), bands["last"].tolist(), bands["cents"].tolist(), tobacco)
    return PlanRates(component, state, int(bands["area"][0]), source, *columns)


def collect_rates(filing: Filing) -> FiledRates:
    """The rates of a filing, every one checked. Raises ``FilingRefused`` at a bad row, where two rates hold for one age
    or one family, and for plans without a rate.

    Blocks are read where the filing has them. They cannot say which line is wrong, so rows are read after all when
    anything is.
    """
    if filing.rate_blocks is not None:
        try:
            return _checked(filing, filing.rate_blocks)
        except (UnclearFile, FilingRefused):
            pass
    return _checked(filing, filing.rates)


def _checked(filing: Filing, source: Iterable[FiledRate | FiledFamilyRate | RateBlock]) -> FiledRates:
    rates = FiledRates.collect(source)
    refuse_unrated(filing, rates.rated)
    _refuse("repeats an earlier row", filing, rates.repeated_lines)
    _refuse("repeats an earlier row", filing, rates.repeated_families())
    _refuse("the plan has rates by age too in this rating area", filing, rates.families_by_age_too())
    return rates


def _refuse(reason: str, filing: Filing, lines: Sequence[int]) -> None:
    if lines:
        raise FilingRefused([BadRow(filing.rate_file, line, "Age", reason) for line in lines[:MAX_PROBLEMS]])

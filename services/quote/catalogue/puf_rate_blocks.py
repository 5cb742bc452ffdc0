"""Catalogue: the CMS Rate PUF, read in columns: the same rates as ``puf_rates``, at a fraction of the time.

What is not plain (a placeholder, a family's rate, an amount with a dollar sign) is read as a row. Which line is wrong,
a reader of columns cannot say: it stops with ``UnclearFile``, and the file is read by rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from chassis.kernel import get_markets
from services.quote.catalogue.puf_rates import (
    FAMILY_OPTION,
    RATE_COLUMNS,
    ROUNDING_CENTS,
    TIER_COLUMNS,
    TOBACCO_RATED,
    RateFile,
)
from services.quote.catalogue.rows import (
    FIRST_PLACEHOLDER_CENTS,
    BadCell,
    Columns,
    Row,
    age_band,
    area_number,
    calendar_day,
    read_header,
)
from services.quote.domain.filing import FiledFamilyRate, FiledRate, RateBlock, UnclearFile

# 1,800 rows: nearly as fast as larger ones, and Arrow reads several ahead.
BLOCK_BYTES = 1 << 18
# Few different values: read once for each of them, not for each row.
REPEATED = (
    *("BusinessYear", "StateCode", "IssuerId", "PlanId", "RatingAreaId", "Tobacco", "Age"),
    *("RateEffectiveDate", "RateExpirationDate"),
)
AMOUNTS = ("IndividualRate", "IndividualTobaccoRate", *TIER_COLUMNS)
# What an amount looks like that needs no second look. It has at most four digits before its point, as no rate has five.
PLAIN_AMOUNT = r"^[0-9]{1,4}(\.[0-9]{1,2})?$"
_ODD = -1
"""In the place of a code: this row is for the reader of rows."""

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RateBlockFile:
    """The rates of ``file`` by blocks; opens it again each time. Raises ``UnclearFile`` on the way."""

    file: RateFile

    def __iter__(self) -> Iterator[RateBlock | FiledRate | FiledFamilyRate]:
        self.file.tally.clear()
        path = self.file.path
        known = read_header(path)
        columns = [name for name in dict.fromkeys((*REPEATED, *AMOUNTS)) if name in known]
        if not known.keys() >= set(RATE_COLUMNS):
            raise UnclearFile("a column is missing")
        source = pa.OSFile(str(path))
        try:
            for batch in _open(source, known, columns):
                self.file.watch(path.name, source.tell(), source.size())
                yield from self._read(_Block(batch, columns))
        except (pa.ArrowInvalid, BadCell) as unclear:
            raise UnclearFile(str(unclear)) from unclear
        finally:
            source.close()

    def _read(self, block: _Block) -> Iterator[RateBlock | FiledRate | FiledFamilyRate]:
        wanted = self._wanted(block)
        if not wanted.any():
            return
        rates, odd = self._rates(block, wanted)
        yield rates
        for row in block.rows(np.flatnonzero(odd)):
            if (rate := self.file.read_row(row)) is not None:
                yield rate

    @cached_property
    def _plans(self) -> Sequence[tuple[str, str]]:
        return tuple(self.file.components.items())

    @cached_property
    def _places(self) -> dict[str, int]:
        return {component: place for place, (component, _) in enumerate(self._plans)}

    def _wanted(self, block: _Block) -> Mask:
        """What ``RateFile`` wants of a row."""
        issuers: dict[Hashable, int] = {}

        def number(issuer: Hashable) -> int:
            return issuers.setdefault(issuer, len(issuers))

        of_state = block.codes("StateCode", lambda state: number(get_markets().issuer_of(state)))
        year = str(self.file.plan_year)
        wanted: Mask = block.codes("PlanId", lambda plan: self._places.get(plan, _ODD)) != _ODD
        wanted &= block.codes("BusinessYear", lambda said: said == year) == 1
        wanted &= of_state == block.codes("IssuerId", number)
        return wanted

    def _rates(self, block: _Block, wanted: Mask) -> tuple[RateBlock, Mask]:
        """The plain rates of the wanted rows, and which of them are for the reader of rows."""
        plan, area = (
            block.codes("PlanId", lambda plan: self._places.get(plan, _ODD)),
            block.codes("RatingAreaId", _area),
        )
        first, last = block.codes("Age", lambda age: _ages(age)[0]), block.codes("Age", lambda age: _ages(age)[1])
        rated = block.codes("Tobacco", lambda said: TOBACCO_RATED.get(said, _ODD))
        cents, said_tobacco = block.cents("IndividualRate"), block.cents("IndividualTobaccoRate")
        tobacco = np.where(rated == 1, np.where(block.is_empty("IndividualTobaccoRate"), 0, said_tobacco), cents)
        plain = (
            wanted
            & (self._known_areas[plan, np.maximum(area, 0)] & (area != _ODD))
            & (first != _ODD)
            & (rated != _ODD)
            & (cents > 0)
            & (tobacco != _ODD)
            & (tobacco <= self._highest_tobacco(plan, cents))
        )
        plain &= block.codes("RateEffectiveDate", partial(self._is_on, 1, 1)) == 1
        plain &= block.codes("RateExpirationDate", partial(self._is_on, 12, 31)) == 1
        columns = (area.astype(np.uint8), first.astype(np.uint8), last.astype(np.uint8))
        money = (cents.astype(np.int32), tobacco.astype(np.int32))
        taken = [values[plain] for values in (plan.astype(np.int32), *columns, *money)]
        return RateBlock(self._plans, self.file.source, *taken), wanted & ~plain

    def _is_on(self, month: int, day: int, text: str) -> bool:
        """Or empty, as in an older file."""
        try:
            return not text or calendar_day("-", text) == (self.file.plan_year, month, day)
        except BadCell:
            return False

    @cached_property
    def _known_areas(self) -> NDArray[np.bool_]:
        """Plan x rating area; the last row is for plans that are none of ours."""
        known = np.zeros((len(self._plans) + 1, 100), np.bool_)  # the number of an area has two digits
        for place, (_, state) in enumerate(self._plans):
            known[place, list(self.file.areas[state]) if self.file.areas is not None else slice(None)] = True
        return known

    @cached_property
    def _maxima(self) -> NDArray[np.int64]:
        """Of each plan's state, and of no plan's: how many times the other rate a tobacco rate may be, in 10,000ths."""
        return np.array(
            [*(int(get_markets()[state].tobacco_maximum * 10_000) for _, state in self._plans), 0], np.int64
        )

    def _highest_tobacco(self, plan: Codes, cents: Codes) -> Codes:
        return cents * self._maxima[plan] // 10_000 + ROUNDING_CENTS


def _open(source: pa.NativeFile, known: Columns, columns: Sequence[str]) -> pyarrow.csv.CSVStreamingReader:
    """Columns by their place, since a file may have two of one name."""
    places = {name: str(known[name]) for name in columns}
    repeated = pa.dictionary(pa.int32(), pa.string())
    return pyarrow.csv.open_csv(
        source,
        # Arrow's own pool keeps what it once had.
        memory_pool=pa.system_memory_pool(),
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=BLOCK_BYTES,
            skip_rows=1,
            column_names=[str(place) for place in range(known.width)],
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            include_columns=list(places.values()),
            column_types={place: repeated if name in REPEATED else pa.string() for name, place in places.items()},
        ),
    )


class _Block:
    """Some thousand rows, by column; a column that the file does not have is empty."""

    def __init__(self, batch: pa.RecordBatch, columns: Sequence[str]) -> None:
        self._batch = batch
        self._places = {name: place for place, name in enumerate(columns)}
        self._rows = batch.num_rows

    def codes(self, column: str, read: Callable[[str], int]) -> Codes:
        """What ``read`` says of each row's cell."""
        if column not in self._places:
            return np.full(self._rows, read(""), np.int64)
        cells = self._batch.column(self._places[column])
        table = np.array([read(value.strip()) for value in cells.dictionary.to_pylist()], np.int64)
        codes: Codes = table[cells.indices.to_numpy()]
        return codes

    def cents(self, column: str) -> Codes:
        """``_ODD`` where the cell is no plain amount above 0."""
        if column not in self._places:
            return np.full(self._rows, _ODD, np.int64)
        cells = pc.utf8_trim_whitespace(self._batch.column(self._places[column]))
        plain = pc.match_substring_regex(cells, PLAIN_AMOUNT)
        dollars = pc.cast(pc.if_else(plain, cells, "0"), pa.float64()).to_numpy()
        # Exact: an amount below 10,000 with two decimals is far less than half a cent from its number in binary.
        cents = np.rint(dollars * 100).astype(np.int64)
        return np.where((cents > 0) & (cents < FIRST_PLACEHOLDER_CENTS), cents, _ODD)

    def is_empty(self, column: str) -> Mask:
        if column not in self._places:
            return np.ones(self._rows, np.bool_)
        cells = pc.utf8_trim_whitespace(self._batch.column(self._places[column]))
        empty: Mask = pc.equal(cells, "").to_numpy(zero_copy_only=False)
        return empty

    def rows(self, numbers: NDArray[np.int64]) -> Iterator[Row]:
        """Rows for the reader of rows; their lines are not known."""
        if len(numbers):
            columns = Columns(self._places)
            for cells in zip(
                *(column.to_pylist() for column in self._batch.take(pa.array(numbers)).columns), strict=True
            ):
                yield Row(columns, list(cells), 0)


def _area(label: str) -> int:
    try:
        return area_number("RatingAreaId", label)
    except BadCell:
        return _ODD


def _ages(label: str) -> tuple[int, int]:
    if label == FAMILY_OPTION:
        return _ODD, _ODD
    try:
        return age_band("Age", label)
    except BadCell:
        return _ODD, _ODD

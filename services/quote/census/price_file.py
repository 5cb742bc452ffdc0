"""Census: writes premiums, a line for each household and plan, as CSV or Parquet; whole or not at all.

A spreadsheet runs a cell of a CSV file that begins like a formula. There an id that begins so, or with an apostrophe,
gets an apostrophe in front: a reader takes one leading apostrophe away and has the id as it was. Parquet keeps
ids as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from chassis.kernel import InvalidInput
from services.quote.usecases.price_census import Answer, PricedEntry, RefusedEntry

SCHEMA = pa.schema(
    [
        pa.field("household_id", pa.string(), nullable=False),
        # Line of the household's first person in the file that was read.
        pa.field("line", pa.int64(), nullable=False),
        # "priced", "not_filed" (the plan is sold there and has no rate for a member) or "refused" (see problem).
        pa.field("status", pa.string(), nullable=False),
        pa.field("plan_id", pa.string()),
        pa.field("monthly_premium_cents", pa.int64()),
        pa.field("problem", pa.string()),
    ]
)
# OWASP, CSV injection: = + - @ tab and line ends, and the wide forms that Japanese spreadsheets take for them.
_LIKE_A_FORMULA = "^(['=+@\t\r\n\uff1d\uff0b\uff0d\uff20-])"
_WRITERS = {".csv": pa.csv.CSVWriter, ".parquet": pa.parquet.ParquetWriter}


class PriceFile:
    """Takes answers, batch by batch."""

    def __init__(self, writer: Any, for_spreadsheets: bool) -> None:
        self._writer = writer
        self._for_spreadsheets = for_spreadsheets

    def write(self, answers: Sequence[Answer]) -> None:
        table = _priced([one for one in answers if isinstance(one, PricedEntry)])
        if refused := [one for one in answers if isinstance(one, RefusedEntry)]:
            table = pa.concat_tables([table, _refused(refused)])
            table = table.take(np.argsort(table["line"].to_numpy(), kind="stable"))
        self._writer.write_table(_harmless(table) if self._for_spreadsheets else table)


@contextmanager
def price_file(path: Path) -> Iterator[PriceFile]:
    """A file that gets its name when everything is in it; nothing is left behind otherwise."""
    writer = _WRITERS.get(path.suffix)
    if writer is None:
        raise InvalidInput(f"The file to write has to end in {' or '.join(_WRITERS)}.")
    partial = path.with_name(f".{path.name}.partial")
    try:
        with writer(partial, SCHEMA) as opened:
            yield PriceFile(opened, for_spreadsheets=path.suffix == ".csv")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _harmless(table: pa.Table) -> pa.Table:
    ids = pc.replace_substring_regex(table["household_id"], _LIKE_A_FORMULA, r"'\1")
    return table.set_column(0, SCHEMA.field("household_id"), ids)


def _priced(answers: Sequence[PricedEntry]) -> pa.Table:
    lists = [(one, premiums) for one in answers for premiums in one.premiums]
    sizes = [len(premiums.plan_ids) for _, premiums in lists]
    cents = np.concatenate([np.empty(0, np.int64), *(premiums.cents for _, premiums in lists)])
    filed = cents >= 0
    ids = pa.array([one.household_id for one, _ in lists], pa.string())
    return pa.table(
        [
            ids.take(pa.array(np.repeat(np.arange(len(lists)), sizes))),
            np.repeat(np.array([one.line for one, _ in lists], np.int64), sizes),
            pa.array(["not_filed", "priced"]).take(pa.array(filed.astype(np.int8))),
            pa.array([plan_id for _, premiums in lists for plan_id in premiums.plan_ids], pa.string()),
            pa.array(cents, mask=~filed),
            pa.nulls(len(cents), pa.string()),
        ],
        schema=SCHEMA,
    )


def _refused(answers: Sequence[RefusedEntry]) -> pa.Table:
    rows = [
        {"household_id": one.household_id, "line": one.line, "status": "refused", "problem": problem_text(one)}
        for one in answers
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def problem_text(answer: RefusedEntry) -> str:
    return " ".join(f"{p.field}: {p.message}" if p.field else p.message for p in answer.problems)

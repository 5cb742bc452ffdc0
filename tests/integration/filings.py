"""A catalogue that is imported again with something changed, while the suite runs."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

from typer.testing import CliRunner

from chassis.db import Database
from deploy.local.suite import LocalSuite
from services.quote.__main__ import REFRESH_SECONDS
from services.quote.catalogue.sources import DATA, geography_source, shipped_filings
from services.quote.commands.import_filing import app
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.usecases.load_catalogues import load_catalogues

Row = dict[str, str]
# Workers ask every few seconds; what they do then takes a fraction of one.
TAKEN_UP_SECONDS = REFRESH_SECONDS + 2


@contextmanager
def changed_filing(suite: LocalSuite, folder: Path, plan_year: int, change: Callable[[Path], None]) -> Iterator[None]:
    """The shipped catalogue of a plan year is imported after ``change`` to a copy of it; afterwards as it was."""
    filing = Path(shutil.copytree(DATA / f"illustrative/{plan_year}", folder / str(plan_year)))
    change(filing)
    with closing(Database(suite.databases["quote"])) as db:
        name = f"illustrative-{plan_year}"
        options = ["--plan-year", str(plan_year), "--illustrative", "--name", name]
        result = CliRunner().invoke(app, ["puf", str(filing), *options], obj=SimpleNamespace(database=db))
        assert result.exit_code == 0, result.output
        time.sleep(TAKEN_UP_SECONDS)
        try:
            yield
        finally:
            geography = geography_source()
            list(load_catalogues(lambda: open_catalogue_writer(db), geography, shipped_filings(geography)))
            time.sleep(TAKEN_UP_SECONDS)  # the next test finds it as it was


def rewrite(path: Path, change: Callable[[Iterable[Row]], Iterable[Row]]) -> None:
    """A CSV file with its rows changed."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(change(rows))

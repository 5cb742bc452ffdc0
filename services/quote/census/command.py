"""Census: ``python -m services.quote census IN.csv OUT.csv|OUT.parquet``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from chassis.kernel import InvalidInput
from services.quote.census.household_file import COLUMNS, DISABLED, read_households
from services.quote.census.price_file import price_file, problem_text
from services.quote.domain.plan import Coverage, Exchange
from services.quote.usecases.price_census import MAX_BATCH, Batch, PriceCensus, RefusedEntry

# More than this on a screen helps nobody; the file has them all.
SHOWN_REFUSALS = 20


def run_command(price: Callable[[], PriceCensus], arguments: Sequence[str]) -> None:
    """``price`` is asked for when there is work, so that help needs no settings.

    Ends the process: 0 when a file was written, whether or not single households were refused, else 1."""
    app = typer.Typer(add_completion=False)

    @app.command(
        help=f"Prices every household of IN, a CSV file with a person a line ({', '.join(COLUMNS)}; "
        f"{DISABLED} may be left out). Lines of one household need not be together. In OUT.csv an id that begins like "
        "a formula, or with an apostrophe, gets an apostrophe in front; remove one to restore your id. Parquet keeps "
        "ids as they are."
    )
    def census(
        source: Annotated[Path, typer.Argument(metavar="IN.csv", exists=True, dir_okay=False)],
        target: Annotated[Path, typer.Argument(metavar="OUT.csv|OUT.parquet")],
        coverage: Annotated[Coverage | None, typer.Option(help="Both kinds when left out.")] = None,
        exchange: Annotated[Exchange | None, typer.Option(help="Both sides when left out.")] = None,
    ) -> None:
        coverages = (coverage,) if coverage else tuple(Coverage)
        try:
            price_a_file(price(), source, target, coverages, exchange)
        except (InvalidInput, OSError, UnicodeDecodeError, csv.Error) as refusal:
            Console(stderr=True).print(f"Nothing was written. {refusal}", highlight=False, markup=False)
            raise typer.Exit(1) from None

    app(list(arguments), prog_name="python -m services.quote census")


def price_a_file(
    price: PriceCensus, source: Path, target: Path, coverages: Sequence[Coverage], exchange: Exchange | None
) -> None:
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    priced, refused = 0, 0
    with (
        source.open("rb") as raw,
        TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines,
        price_file(target) as written,
        Progress(*columns, console=console) as progress,
    ):
        task = progress.add_task("Pricing", total=source.stat().st_size)
        for answers in price(_batches(lines, coverages, exchange)):
            written.write(answers)
            bad = [one for one in answers if isinstance(one, RefusedEntry)]
            for one in bad[: max(0, SHOWN_REFUSALS - refused)]:
                console.print(f"line {one.line}: {problem_text(one)}", markup=False)
            priced, refused = priced + len(answers) - len(bad), refused + len(bad)
            progress.update(task, completed=raw.tell(), description=f"{priced:,} households")
    console.print(f"{priced:,} households priced, {refused:,} refused.")


def _batches(lines: TextIO, coverages: Sequence[Coverage], exchange: Exchange | None) -> Iterator[Batch]:
    households = read_households(lines)
    while batch := list(islice(households, MAX_BATCH)):
        yield batch, coverages, exchange

"""Composition: ``python -m services.quote import``, which loads a filing in the layouts of CMS while people watch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from chassis.db import Database
from chassis.file_progress import show_file_progress
from chassis.kernel import Conflict
from chassis.service import Runtime
from services.quote.catalogue.rows import Watch
from services.quote.catalogue.sources import FilingSource, geography_source, landscape_source, public_use_source
from services.quote.domain.filing import FilingRefused
from services.quote.domain.plan import CatalogueKind
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.usecases.load_catalogues import LoadResult, load_catalogues

# Plan years of the known rating-area maps (data/rating-areas/SOURCE.md) and what may be filed ahead.
FIRST_YEAR, LAST_YEAR = 2014, 2099

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Year = Annotated[int, typer.Option("--plan-year", min=FIRST_YEAR, max=LAST_YEAR, help="Plan year of the filing.")]
Name = Annotated[str, typer.Option(help="Name of the catalogue; an existing one with this name is replaced.")]


def import_filing(runtime: Runtime) -> None:
    """The service's command ``import``; what follows on the command line is its own."""
    app(args=sys.argv[2:], prog_name="python -m services.quote import", obj=runtime)


@app.callback()
def explain() -> None:
    """Load a catalogue, as a whole or not at all. Bad rows are listed with file, line, column and reason."""


@app.command("puf")
def import_public_use_files(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with the CSV files.")],
    plan_year: Year,
    name: Name = "",
    illustrative: Annotated[bool, typer.Option(help="Label the plans as made up.")] = False,
) -> None:
    """Load CMS public use files: Plan Attributes, Rate, Service Area; optional: Network, Benefits and Cost Sharing."""
    kind = CatalogueKind.ILLUSTRATIVE if illustrative else CatalogueKind.CMS_FILED

    def source(watch: Watch) -> FilingSource:
        return public_use_source(
            name or f"filing-{plan_year}", folder, plan_year, kind, geography_source(), watch=watch
        )

    _run(context.obj.database, source)


@app.command("landscape")
def import_landscape(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(exists=True, help="CMS's CSV file, or a folder of its parts.")],
    plan_year: Year,
    name: Name = "",
) -> None:
    """Load a QHP Landscape file: individual market, medical or dental."""

    def source(watch: Watch) -> FilingSource:
        return landscape_source(path, plan_year, geography_source(), name=name, watch=watch)

    _run(context.obj.database, source)


def _run(database: Database, source: Callable[[Watch], FilingSource]) -> None:
    console, started = Console(stderr=True), monotonic()
    try:
        with show_file_progress(console) as watch:
            loaded = _load(database, source(watch))
    except FilingRefused as refused:
        for problem in refused.problems:
            console.print(str(problem), style="red", highlight=False, soft_wrap=True, markup=False)
        raise _nothing_imported(console) from None
    except (Conflict, OSError) as refusal:
        console.print(str(refusal), style="red", highlight=False, soft_wrap=True, markup=False)
        raise _nothing_imported(console) from None
    outcome = "unchanged" if loaded.unchanged else f"{loaded.plans:,} plans, {loaded.rates:,} rates"
    if loaded.not_filed:
        outcome += f", {loaded.not_filed:,} not filed (0 or nines instead of a rate)"
    console.print(f"{loaded.name}: {outcome}, {monotonic() - started:.1f} s", highlight=False)


def _load(database: Database, filing: FilingSource) -> LoadResult:
    *_, loaded = load_catalogues(lambda: open_catalogue_writer(database), filing.geography, [filing])
    return loaded


def _nothing_imported(console: Console) -> typer.Exit:
    console.print("Nothing was imported; the catalogue is unchanged.", highlight=False)
    return typer.Exit(1)

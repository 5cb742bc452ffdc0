"""Composition: ``python -m services.quote catalogue list|show|remove``, for anyone who looks after the catalogues."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.db import Database
from chassis.kernel import DomainError
from chassis.service import Runtime
from services.quote.catalogue.sources import geography_source, shipped_filings
from services.quote.store.catalogue_sets import open_catalogue_sets
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.usecases.manage_catalogues import (
    SetContent,
    list_catalogues,
    must_be_removable,
    remove_catalogue,
    show_catalogue,
)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Name = Annotated[str, typer.Argument(help="The catalogue's name, as shown by `list`.")]


def manage_catalogues(runtime: Runtime) -> None:
    """The service's command ``catalogue``; what follows on the command line is its own."""
    app(args=sys.argv[2:], prog_name="python -m services.quote catalogue", obj=runtime)


@app.callback()
def explain() -> None:
    """List, show and remove plan catalogues."""


@app.command("list")
def list_all(context: typer.Context) -> None:
    """List the catalogues in use, by name."""
    table = Table("name", "plan year", "plans", "loaded (UTC)", "digest")
    with _refusals():
        for one in list_catalogues(lambda: open_catalogue_sets(context.obj.database)):
            year = "-" if one.plan_year is None else str(one.plan_year)
            table.add_row(one.name, year, f"{one.plans:,}", f"{one.loaded_at:%Y-%m-%d %H:%M}", one.digest[:12])
    Console().print(table)


@app.command("show")
def show(context: typer.Context, name: Name) -> None:
    """Show a catalogue's plans by state, rates and counties, and how many quotes chose its plans."""
    with _refusals():
        _print_content(show_catalogue(lambda: open_catalogue_sets(context.obj.database), name))


@app.command("remove")
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
) -> None:
    """Remove a catalogue, so that its plans are no longer offered. Shows what it will delete, and asks first."""
    database: Database = context.obj.database
    with _refusals():
        content = show_catalogue(lambda: open_catalogue_sets(database), name)
        must_be_removable(content.stored)
        _print_content(content)
        _print_consequences(content)
        if not yes:
            typer.confirm(f"Remove {name}?", abort=True)
        remove_catalogue(lambda: open_catalogue_sets(database), name)
        with open_catalogue_writer(database) as writer:
            writer.lock()
            writer.remove_replaced()
    typer.echo(f"{name} is removed. Running services stop offering its plans within seconds.")


def _print_content(content: SetContent) -> None:
    stored = content.stored
    typer.echo(f"{stored.name}: plan year {stored.plan_year or '-'}, loaded {stored.loaded_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"digest {stored.digest}")
    for one in content.states:
        typer.echo(f"  {one.state} {one.coverage.value} ({one.kind.value}): {one.plans:,} plans")
    typer.echo(f"{stored.plans:,} plans, {content.rates:,} rates by age, {content.family_rates:,} family rates")
    typer.echo(f"{content.counties:,} counties; chosen in {content.quotes:,} saved quotes that have not expired")


def _print_consequences(content: SetContent) -> None:
    typer.echo(
        "Quotes with these plans stay. They show what the plans cost, and ask the producer to choose again.\n"
        "Applications that are not submitted yet cannot be submitted until another plan is chosen; submitted ones keep "
        "plan and price."
    )
    if content.stored.name in {filing.name for filing in shipped_filings(geography_source())}:
        typer.echo(
            "This catalogue comes with the product: the next `seed` (at each deployment and start) loads it again."
        )


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is a sentence and status 1."""
    try:
        yield
    except DomainError as refusal:
        typer.secho(refusal.message, err=True, fg="red")
        raise typer.Exit(1) from None

"""``portal rules``: whether the rules of enrollment can be read, and are still those that the exchanges announced."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.kernel import business_date, format_date
from chassis.settings import load_markets, load_suite
from services.enrollment.domain.open_enrollment_review import StateWindow, find_stale_windows, windows_in_season
from services.enrollment.rulebook import BadRulePack, Rulebook

CURRENT, STALE, CANNOT = 0, 1, 2


def rules(
    folder: Annotated[
        Path | None,
        typer.Option(envvar="ENROLLMENT_RULES_FOLDER", help="Folder with newer rules that override the shipped ones."),
    ] = None,
) -> None:
    """Check the rule packs, and whether this season's open enrollment dates were checked within 90 days.

    Exits with 0 when all is well, 1 when a row is missing or was last checked more than 90 days ago, 2 when the rules
    cannot be read.
    """
    markets = load_markets()
    # The business dates of the states differ for hours only; the home market's stands for all.
    today = business_date(load_suite().clock().now(), markets.home.state)
    try:
        packs = Rulebook(laid_over=folder).packs
    except BadRulePack as error:
        Console(stderr=True).print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(CANNOT) from None
    windows = packs[-1].open_enrollment
    screen = Console()
    for name in sorted({part for pack in packs for part in pack.laid_over}):
        screen.print(f"Overrides the shipped rules: {name}", highlight=False)
    if season := windows_in_season(windows, sorted(markets.states), today):
        screen.print(_table(season))
    else:
        screen.print(f"{format_date(today)}: no open enrollment is under way or coming up.", highlight=False)
    faults = find_stale_windows(windows, sorted(markets.states), today)
    for sentence in faults:
        screen.print(sentence, style="bold red", highlight=False, soft_wrap=True)
    raise typer.Exit(STALE if faults else CURRENT)


def _table(season: list[StateWindow]) -> Table:
    table = Table("State", "Plan year", "Open", "Announced", "Last checked", "Sources", title="Open enrollment")
    table.caption = "docs/reference/rules.md lists the sources."
    for one in season:
        window = one.window
        if window is None:
            table.add_row(one.state, "-", "-", "-", "-", "-")
            continue
        table.add_row(
            one.state,
            str(window.plan_year),
            f"{format_date(window.first_day)} - {format_date(window.last_day)}",
            "yes" if window.announced else "no: federal limits",
            format_date(window.last_checked),
            ", ".join(window.sources),
        )
    return table

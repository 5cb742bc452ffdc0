"""Command: how the differences of ``whatif`` are shown, on a screen or as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from chassis.kernel import format_date
from services.enrollment.domain.what_if import DraftDifference, DraftEvaluation

# More rows on a screen help nobody; --json has them all.
SHOWN_DRAFTS = 50


@dataclass
class WhatIfCounts:
    """How many drafts were judged, and how many would change in which way; one draft may count in several."""

    drafts: int = 0
    unjudged: int = 0
    changed: int = 0
    dates: int = 0
    fields: int = 0
    eligibility: int = 0

    def add(self, drafts: int, unjudged: int, differences: Sequence[DraftDifference]) -> None:
        self.drafts += drafts
        self.unjudged += unjudged
        self.changed += len(differences)
        self.dates += sum(one.date_changes for one in differences)
        self.fields += sum(bool(one.newly_asked or one.no_longer_asked) for one in differences)
        self.eligibility += sum(one.eligibility_changes for one in differences)


class JsonLinesReport:
    """JSON lines on standard output."""

    def progress(self, _total: int) -> Any:
        return nullcontext()

    def add(self, one: DraftDifference) -> None:
        typer.echo(json.dumps(_document(one)))

    def advance(self, _drafts: int) -> None:
        """Lines go out as they come."""

    def close(self, tally: WhatIfCounts) -> None:
        typer.echo(json.dumps({"summary": asdict(tally)}))


class TableReport:
    """A bar while it runs, then a table."""

    def __init__(self, version: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._console = Console()
        self._table = Table(title=version)
        for column in ("Record", "State", "Pack", "Effective date"):
            self._table.add_column(column, no_wrap=True)
        for column in ("Fields", "Dates offered"):
            self._table.add_column(column, overflow="fold")

    def progress(self, total: int) -> Progress:
        self._task = self._bar.add_task("Evaluating drafts", total=total)
        return self._bar

    def add(self, one: DraftDifference) -> None:
        if self._table.row_count < SHOWN_DRAFTS:
            asked = [*(f"+ {name}" for name in one.newly_asked), *(f"- {name}" for name in one.no_longer_asked)]
            date_change = _arrow(one.before, one.after) if one.date_changes else ""
            self._table.add_row(
                one.record_number, one.state, one.rule_pack, date_change, "\n".join(asked), "\n".join(_offers(one))
            )

    def advance(self, drafts: int) -> None:
        self._bar.advance(self._task, drafts)

    def close(self, tally: WhatIfCounts) -> None:
        if tally.changed:
            self._console.print(self._table)
        if tally.changed > SHOWN_DRAFTS:
            self._console.print(f"The first {SHOWN_DRAFTS} of {tally.changed:,}; use --json for all.")
        self._console.print(
            f"{tally.drafts:,} drafts evaluated, {tally.changed:,} would change: {tally.dates:,} in their "
            f"effective date, {tally.fields:,} in required fields, {tally.eligibility:,} in the dates offered.",
            highlight=False,
        )
        if tally.unjudged:
            self._console.print(
                f"{tally.unjudged:,} could not be evaluated: this release does not have their rule pack.",
                highlight=False,
            )


def _arrow(before: DraftEvaluation, after: DraftEvaluation) -> str:
    return " -> ".join(format_date(one.effective_date) if one.effective_date else "none" for one in (before, after))


def _offers(one: DraftDifference) -> list[str]:
    changes = ("+", one.after.offered - one.before.offered), ("-", one.before.offered - one.after.offered)
    return [f"{sign} {format_date(day)} {event}".rstrip() for sign, offers in changes for day, event in sorted(offers)]


def _document(one: DraftDifference) -> dict[str, Any]:
    return {
        "record_number": one.record_number,
        "state": one.state,
        "rule_pack": one.rule_pack,
        "effective_date": {"before": _iso(one.before.effective_date), "after": _iso(one.after.effective_date)},
        "newly_asked": one.newly_asked,
        "no_longer_asked": one.no_longer_asked,
        "offered": {"before": _listed(one.before), "after": _listed(one.after)},
    }


def _listed(judgement: DraftEvaluation) -> list[dict[str, str | None]]:
    return [{"effective_date": _iso(day), "life_event": event} for day, event in sorted(judgement.offered)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

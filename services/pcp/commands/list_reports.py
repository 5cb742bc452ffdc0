"""Command ``reports``: what people reported as wrong in entries of the directory, to be told to the carrier."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from chassis.kernel import format_date
from chassis.service import Runtime
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.work import make_transactions
from services.pcp.usecases.delete_reports import DeleteReports
from services.pcp.usecases.list_reports import ListReports, ReportedEntry

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def list_reports(runtime: Runtime) -> None:
    """The service's command ``reports``; what follows on the command line is its own."""
    app(args=sys.argv[2:], prog_name="python -m services.pcp reports", obj=runtime)


@app.command()
def run(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON line for each report, without who reported it: for the carrier.")
    ] = False,
    delete_until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Delete the reports of this day and before instead of listing them."),
    ] = None,
) -> None:
    """List what people reported as wrong in entries of the provider directory."""
    runtime: Runtime = context.obj
    transactions = make_transactions(runtime.database, event_to_proto)
    if delete_until:
        typer.echo(f"{DeleteReports(transactions)(delete_until.date()):,} deleted")
        return
    found = ListReports(transactions)()
    for line in map(_json_line, found) if as_json else _lines(found):
        typer.echo(line)


def _lines(found: list[ReportedEntry]) -> Iterator[str]:
    shown = ""
    for one in found:
        report = one.report
        if report.pcp_id != shown:
            shown = report.pcp_id
            yield f"{shown} {one.provider.name if one.provider else '(not listed any more)'}"
        state = ", before the carrier updated the entry" if one.provider and not one.is_open else ""
        note = f": {report.note}" if report.note else ""
        yield f"  {format_date(report.reported_on)} {report.fault}{note} (by {report.reported_by}{state})"


def _json_line(one: ReportedEntry) -> str:
    report, provider = one.report, one.provider
    content = {
        "pcp_id": report.pcp_id,
        "npi": provider.npi if provider else "",
        "name": provider.name if provider else "",
        "fault": report.fault,
        "note": report.note,
        "reported_on": report.reported_on.isoformat(),
        "open": one.is_open,
    }
    return json.dumps(content, ensure_ascii=False)

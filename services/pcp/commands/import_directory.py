"""Command ``import``: load a carrier's directory while people watch."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chassis.file_progress import show_file_progress
from chassis.service import Runtime
from services.pcp.commands.report_lines import print_report
from services.pcp.directory.files import DirectoryUnreadable, ImportOptions, QhpDirectory
from services.pcp.directory.rejects import RejectsFile
from services.pcp.events.outgoing import event_to_proto
from services.pcp.settings import PcpSettings
from services.pcp.store.directory import vacuum_directory
from services.pcp.store.work import make_transactions
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.load_directory import LoadDirectory

# The first year of qualified health plans, and a century in which a typing mistake does not fit.
FIRST_YEAR, LAST_YEAR = 2014, 2099

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def import_directory(runtime: Runtime) -> None:
    """The service's command ``import``; what follows on the command line is its own."""
    app(args=sys.argv[2:], prog_name="python -m services.pcp import", obj=runtime)


@app.command()
def run(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE|INDEX")],
    plan_year: Annotated[
        int | None,
        typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="Of plans that name no years; otherwise they are left out."),
    ] = None,
    most_rejected: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Percentage that may be rejected; otherwise as the settings say."),
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where rejected entries are written, one a line.")] = None,
) -> None:
    """Replace the provider directory by a provider file, or by those that an index names; as a whole or not at all."""
    runtime: Runtime = context.obj
    console, settings = Console(stderr=True), runtime.settings(PcpSettings)
    most = settings.directory_most_rejected_percent if most_rejected is None else Decimal(str(most_rejected))
    rejects_file = RejectsFile(rejects or Path(f"{path.stem}.rejects.jsonl"))
    with show_file_progress(console) as watch:
        files = QhpDirectory(path, None, ImportOptions(most, plan_year), reject=rejects_file.write, watch=watch)
        load = LoadDirectory(make_transactions(runtime.database, event_to_proto))
        try:
            outcome = load(files, imported=True)
        except (DirectoryUnreadable, OSError) as refusal:  # the rejects file may not be writable
            console.print(str(refusal), style="red", highlight=False, soft_wrap=True, markup=False)
            raise typer.Exit(1) from None
        finally:
            rejects_file.close()
    if outcome is LoadOutcome.LOADED:
        vacuum_directory(runtime.database)
        print_report(console, files.report)
    if files.report.rejected:
        console.print(f"rejected entries: {rejects_file.path}", highlight=False, soft_wrap=True, markup=False)
    year = f"plan year {plan_year} where none is named" if plan_year else "plans without years left out"
    console.print(f"{outcome}: digest {files.digest[:16]}, {year}", highlight=False, soft_wrap=True)

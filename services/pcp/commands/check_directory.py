"""Command ``check``: hold the stored directory against the dissemination file of NPPES."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chassis.file_progress import show_file_progress
from chassis.service import Runtime
from services.pcp.directory.files import DirectoryUnreadable
from services.pcp.directory.nppes import NppesFile
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.work import make_transactions
from services.pcp.usecases.check_directory import CheckDirectory

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def check_directory(runtime: Runtime) -> None:
    """The service's command ``check``; what follows on the command line is its own."""
    app(args=sys.argv[2:], prog_name="python -m services.pcp check", obj=runtime)


@app.command()
def run(
    context: typer.Context,
    nppes: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, metavar="FILE", help="The CSV of a dissemination, unpacked.")
    ],
) -> None:
    """Mark providers whose NPI is deactivated, fill in genders, and show what else NPPES says against the directory.

    It makes nobody a member of a network.
    """
    runtime: Runtime = context.obj
    console = Console(stderr=True)
    try:
        with show_file_progress(console) as watch:
            check = CheckDirectory(make_transactions(runtime.database, event_to_proto))(NppesFile(nppes, watch).rows())
    except (DirectoryUnreadable, OSError) as refusal:
        console.print(str(refusal), style="red", highlight=False, soft_wrap=True, markup=False)
        raise typer.Exit(1) from None
    for line in check.lines():
        console.print(line, highlight=False, soft_wrap=True, markup=False)

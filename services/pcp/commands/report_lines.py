"""What a load says to whoever runs it. Words of the files are for the terminal, and not for the log."""

from __future__ import annotations

from rich.console import Console

from services.pcp.directory.report import ImportReport


def print_report(console: Console, report: ImportReport) -> None:
    for line in report.lines():
        console.print(line, highlight=False, soft_wrap=True, markup=False)

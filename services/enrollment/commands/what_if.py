"""Command: ``python -m services.enrollment whatif --pack FILE [--json]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chassis.service import Runtime
from services.enrollment.commands.what_if_report import JsonLinesReport, TableReport, WhatIfCounts
from services.enrollment.rulebook import Rulebook
from services.enrollment.rulebook.files import BadRulePack
from services.enrollment.rulebook.rulebook import read_rule_pack
from services.enrollment.settings import EnrollmentSettings
from services.enrollment.store.drafts import DraftRepository
from services.enrollment.usecases.what_if import WhatIf

SAME, CHANGES, CANNOT = 0, 1, 2


def whatif(runtime: Runtime) -> None:
    """Compare a rule pack with the stored drafts; see docs/how-to/change-the-rules.md."""
    folder = runtime.settings(EnrollmentSettings).rules_folder
    rulebook = Rulebook(laid_over=folder).loaded()
    drafts = DraftRepository(runtime.database, runtime.settings(EnrollmentSettings).ssn_encryption.birth_dates)
    run(WhatIf(drafts, runtime.clock, rulebook), sys.argv[2:], folder)


def run(what_if: WhatIf, arguments: Sequence[str], laid_over: Path | None = None) -> None:
    """Ends the process: 0 when no draft would change, 1 when some would, 2 when the pack cannot be read.

    ``laid_over``: the operator's folder, whose newer parts count for the candidate as they do for the packs in force.
    """
    app = typer.Typer(add_completion=False)

    @app.command(
        help="List drafts whose effective date, required fields or eligibility a pack would change. Read-only."
    )
    def compare(
        pack: Annotated[
            Path, typer.Option(metavar="FILE", help="The rule pack to try. Parts in parts/ beside it are used first.")
        ],
        as_json: Annotated[
            bool, typer.Option("--json", help="Print a JSON line for each draft that would change, then a summary.")
        ] = False,
    ) -> None:
        try:
            candidate = read_rule_pack(pack, laid_over)
        except BadRulePack as error:
            Console(stderr=True).print(str(error), highlight=False, markup=False)
            raise typer.Exit(CANNOT) from None
        report: JsonLinesReport | TableReport = JsonLinesReport() if as_json else TableReport(candidate.version)
        tally = WhatIfCounts()
        with report.progress(what_if.drafts.count()):
            for replayed in what_if(candidate):
                for one in replayed.differences:
                    report.add(one)
                tally.add(replayed.drafts, replayed.unjudged, replayed.differences)
                report.advance(replayed.drafts + replayed.unjudged)
        report.close(tally)
        raise typer.Exit(CHANGES if tally.changed else SAME)

    app(list(arguments), prog_name="python -m services.enrollment whatif")

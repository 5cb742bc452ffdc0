"""Command: load the directory of ``PCP_DIRECTORY``."""

from __future__ import annotations

from rich.console import Console

from chassis import telemetry
from chassis.service import Runtime
from services.pcp.commands.report_lines import print_report
from services.pcp.directory.files import ImportOptions, QhpDirectory
from services.pcp.events.outgoing import event_to_proto
from services.pcp.settings import PcpSettings
from services.pcp.store.directory import vacuum_directory
from services.pcp.store.work import make_transactions
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.load_directory import LoadDirectory

_TOLD = {
    LoadOutcome.LOADED: "directory loaded",
    LoadOutcome.UNCHANGED: "directory unchanged",
    LoadOutcome.KEPT: "directory of an import kept",
}


def seed(runtime: Runtime) -> None:
    """Safe to run again: the same files change nothing, and an imported directory stays."""
    settings = runtime.settings(PcpSettings)
    files = QhpDirectory(settings.directory, options=ImportOptions(settings.directory_most_rejected_percent))
    outcome = LoadDirectory(make_transactions(runtime.database, event_to_proto))(files)
    if outcome is LoadOutcome.LOADED:
        vacuum_directory(runtime.database)
        print_report(Console(stderr=True), files.report)
    telemetry.get_logger().info(_TOLD[outcome], service=runtime.name, count=files.report.providers)

"""Command: load the directory of ``PCP_DIRECTORY``."""

from __future__ import annotations

from rich.console import Console

from chassis import telemetry
from chassis.service import Runtime
from services.pcp.directory.files import QhpDirectory
from services.pcp.events.outgoing import event_to_proto
from services.pcp.settings import PcpSettings
from services.pcp.store.work import make_transactions
from services.pcp.usecases.load_directory import LoadDirectory


def seed(runtime: Runtime) -> None:
    """Safe to run again: the same files change nothing."""
    settings = runtime.settings(PcpSettings)
    files = QhpDirectory(settings.directory, most_rejected_percent=settings.directory_most_rejected_percent)
    if not LoadDirectory(make_transactions(runtime.database, event_to_proto))(files):
        telemetry.get_logger().info("directory unchanged", service=runtime.name)
        return
    console = Console(stderr=True)  # words of the files are for anyone who loads them, and not for the log
    for line in files.report.lines():
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    telemetry.get_logger().info("directory loaded", service=runtime.name, count=len(files.report.directory.providers))

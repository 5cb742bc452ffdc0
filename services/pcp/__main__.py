"""The pcp service's processes."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field
from rich.console import Console

from chassis import telemetry
from chassis.db import Transactions
from chassis.cli import main
from chassis.service import Parts, Runtime, Service
from chassis.settings import ServiceSettings
from services.pcp.contract.service import PcpContract
from services.pcp.directory.files import ILLUSTRATIVE, MOST_REJECTED_PERCENT, QhpDirectory
from services.pcp.events import PUBLISHES, translate
from services.pcp.store.tables import PLUMBING
from services.pcp.store.work import PcpWork
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.find_providers import FindProviders
from services.pcp.usecases.load_directory import load_directory


class PcpSettings(ServiceSettings):
    """``PCP_DIRECTORY``: the ``cms-data-index.json`` of a carrier's directory."""

    directory: Path = ILLUSTRATIVE
    # Of providers and groups, how many in a hundred may be set aside before nothing is changed.
    directory_most_rejected_percent: Annotated[Decimal, Field(ge=0, le=100)] = MOST_REJECTED_PERCENT


def build(runtime: Runtime) -> Parts:
    transactions = _transactions(runtime)
    return Parts(PcpContract(FindProviders(transactions), AssignProviders(transactions, runtime.clock)))


def seed(runtime: Runtime) -> None:
    settings = runtime.settings(PcpSettings)
    files = QhpDirectory(settings.directory, most_rejected_percent=settings.directory_most_rejected_percent)
    if not load_directory(_transactions(runtime), files):
        telemetry.logger().info("directory unchanged", service=runtime.name)
        return
    console = Console(stderr=True)  # words of the files are for whoever loads them, and not for the log
    for line in files.reading.lines():
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    telemetry.logger().info("directory loaded", service=runtime.name, count=len(files.reading.directory.providers))


def _transactions(runtime: Runtime) -> Transactions[PcpWork]:
    return Transactions(runtime.database, PcpWork, PLUMBING, translate)


SERVICE = Service(
    name="pcp",
    migrations=Path(__file__).parent / "store" / "migrations",
    plumbing=PLUMBING,
    build=build,
    publishes=PUBLISHES,
    seed=seed,
)

if __name__ == "__main__":
    main([SERVICE])

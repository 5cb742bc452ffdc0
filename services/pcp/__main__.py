"""The pcp service's processes."""

import chassis.green  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis import telemetry
from chassis.db import Transactions
from chassis.service import Parts, Runtime, Service, main
from chassis.settings import ServiceSettings
from services.pcp.contract.service import PcpContract
from services.pcp.directory.files import ILLUSTRATIVE, QhpDirectory
from services.pcp.events import PUBLISHES, translate
from services.pcp.store.tables import PLUMBING
from services.pcp.store.work import PcpWork
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.find_providers import FindProviders
from services.pcp.usecases.load_directory import load_directory


class PcpSettings(ServiceSettings):
    """``PCP_DIRECTORY``: the ``cms-data-index.json`` of a carrier's directory."""

    directory: Path = ILLUSTRATIVE


def build(runtime: Runtime) -> Parts:
    transactions = _transactions(runtime)
    return Parts(PcpContract(FindProviders(transactions), AssignProviders(transactions, runtime.clock)))


def seed(runtime: Runtime) -> None:
    files = QhpDirectory(runtime.settings(PcpSettings).directory)
    changed = load_directory(_transactions(runtime), files)
    telemetry.logger().info("directory loaded" if changed else "directory unchanged", service=runtime.name)


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

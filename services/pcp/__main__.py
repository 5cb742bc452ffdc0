"""Composition of pcp: ``python -m services.pcp rpc|worker|migrate|seed|import|check|reports``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis.cli import main
from chassis.service import ServiceParts, Runtime, Service
from services.pcp.contract.service import PcpContract, UseCases
from services.pcp.directory.cities import ListedCities
from services.pcp.directory.distances import read_distances
from services.pcp.events.outgoing import event_to_proto
from services.pcp.settings import PcpSettings
from services.pcp.store.tables import INFRASTRUCTURE
from services.pcp.store.work import make_transactions
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.check_providers import CheckProviders
from services.pcp.usecases.find_place import FindPlace
from services.pcp.usecases.get_provider import GetProvider
from services.pcp.usecases.report_provider import ReportProvider
from services.pcp.usecases.search_providers import SearchProviders


def build(runtime: Runtime) -> ServiceParts:
    opened = make_transactions(runtime.database, event_to_proto)
    distances = read_distances(runtime.settings(PcpSettings).assignment_distances)
    cities = ListedCities()
    use_cases = UseCases(
        search_providers=SearchProviders(opened, runtime.clock, cities),
        find_place=FindPlace(opened, cities),
        get_provider=GetProvider(opened),
        report_provider=ReportProvider(opened, runtime.clock),
        assign_providers=AssignProviders(opened, runtime.clock, distances),
        check_providers=CheckProviders(opened, distances),
    )
    return ServiceParts(PcpContract(use_cases, runtime.page_tokens))


# Commands are imported when they are run: they bring typer and rich, which no serving process needs.


def check_directory(runtime: Runtime) -> None:
    from services.pcp.commands.check_directory import check_directory as run

    run(runtime)


def import_directory(runtime: Runtime) -> None:
    from services.pcp.commands.import_directory import import_directory as run

    run(runtime)


def list_reports(runtime: Runtime) -> None:
    from services.pcp.commands.list_reports import list_reports as run

    run(runtime)


def seed(runtime: Runtime) -> None:
    from services.pcp.commands.seed import seed as run

    run(runtime)


SERVICE = Service(
    name="pcp",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    seed=seed,
    commands={"import": import_directory, "check": check_directory, "reports": list_reports},
)

if __name__ == "__main__":
    main([SERVICE])

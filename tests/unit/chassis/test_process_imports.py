"""What a process must not import: it would pay for it in memory and at each start."""

import subprocess
import sys

import pytest

from chassis.relay import load_events

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")
# Commands of a terminal, migrations, names asked of DNS by Python itself.
NO_PROCESS_NEEDS = frozenset({"typer", "alembic", "mako", "dns", "portal"})
COLORS = frozenset({"rich", "pygments", "click"})
WEB = frozenset({"gateway", "starlette", "uvicorn", "jinja2"})
RELAY_DOES_WITHOUT = (
    *(
        "services",
        "nameko",
        "eventlet",
        "grpc",
        "numpy",
        "pyarrow",
        "cryptography",
        "joserfc",
        "httpx",
        "boto3",
        "lxml",
    ),
)


def imported_by(*modules: str) -> set[str]:
    """The top-level packages that are there once the modules are."""
    program = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_the_relay_imports_no_service_and_nothing_of_other_processes() -> None:
    assert not imported_by("chassis.relay") & {*RELAY_DOES_WITHOUT, *NO_PROCESS_NEEDS, *COLORS, *WEB}


@pytest.mark.parametrize("service", SERVICES)
def test_an_rpc_process_imports_what_it_serves_with(service: str) -> None:
    modules = (f"services.{service}.__main__", "chassis.rpc.server", "chassis.bus.client")
    # the payment processor is called by httpx, which brings a command of its own, with colors
    unneeded = NO_PROCESS_NEEDS | WEB | (frozenset() if service == "payment" else COLORS)
    assert not imported_by(*modules) & unneeded


def test_the_web_processes_import_what_they_serve_with() -> None:
    modules = ("gateway.__main__", "services.payment.commands.page", "services.payment.commands.sandbox")
    assert not imported_by(*modules) & NO_PROCESS_NEEDS


def test_what_is_not_needed_would_be_noticed() -> None:
    """The control."""
    others = ("services.quote.commands.import_filing", "chassis.db.migrate", "nameko.standalone.rpc", "httpx")
    assert imported_by(*others) >= {*NO_PROCESS_NEEDS, *COLORS, "services", "nameko", "eventlet"} - {"portal"}


def test_a_relay_of_a_service_that_does_not_exist_says_so() -> None:
    with pytest.raises(SystemExit, match="No service named quotes"):
        load_events("quotes")

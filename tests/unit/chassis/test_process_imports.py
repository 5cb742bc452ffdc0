"""What a process must not import: it would pay for it in memory and at each start."""

import subprocess
import sys

import pytest

from chassis.relay import load_events

# What belongs to services, to other kinds of process, or to a terminal.
RELAY_DOES_WITHOUT = (
    *("services", "gateway", "portal", "nameko", "eventlet", "grpc", "alembic", "starlette", "uvicorn", "jinja2"),
    *("numpy", "pyarrow", "cryptography", "joserfc", "httpx", "typer", "boto3", "lxml", "typst"),
)


def imported_by(module: str) -> set[str]:
    """The top-level packages that are there once the module is."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_the_relay_imports_no_service_and_nothing_of_other_processes() -> None:
    assert not imported_by("chassis.relay") & {*RELAY_DOES_WITHOUT}


def test_a_service_would_be_noticed() -> None:
    """The control."""
    assert {"services", "numpy", "cryptography"} <= imported_by("services.quote.__main__")


def test_a_relay_of_a_service_that_does_not_exist_says_so() -> None:
    with pytest.raises(SystemExit, match="No service named quotes"):
        load_events("quotes")

"""Several services in one process: ``python -m services rpc quote enrollment``. Used on one machine."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

import importlib
import sys

from chassis.cli import main
from chassis.service import Service


def load(name: str) -> Service:
    try:
        service: Service = importlib.import_module(f"services.{name}.__main__").SERVICE
    except ModuleNotFoundError as missing:
        if missing.name == f"services.{name}":
            raise SystemExit(f"There is no service named {name}.") from None
        raise
    return service


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit("Usage: python -m services COMMAND SERVICE...")
    main([load(name) for name in sys.argv[2:]], sys.argv[1:2])

"""The commands that every service has.

``python -m services.quote rpc`` runs one service's process; ``python -m services rpc quote pcp`` several in one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from chassis import telemetry
from chassis.processes import COMMANDS
from chassis.service import Runtime, Service
from chassis.settings import load_markets, load_suite


def main(services: Sequence[Service], argv: Sequence[str] | None = None) -> None:
    """Run the command named by the first argument for all given services; the process ends with it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    own = {name: command for service in services for name, command in service.commands.items()}
    known = {**COMMANDS, **own}
    if not arguments or arguments[0] not in known:
        raise SystemExit(f"Name a command: {', '.join(known)}.")
    command = arguments[0]
    telemetry.configure_logging(command if len(services) > 1 else f"{services[0].name}-{command}")
    load_markets()
    if command in own:
        own[command](Runtime(services[0].name, load_suite()))
    else:
        COMMANDS[command](services)

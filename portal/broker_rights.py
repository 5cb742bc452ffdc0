"""``portal broker-rights``: what each user of the broker may do (docs/adr/0055)."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Annotated

import typer

import services
from chassis.bus.broker_rights import BrokerRights, rights_of_operator, rights_of_relay, rights_of_service

# Services that call others over the bus (``runtime.bus``).
CALLERS = frozenset({"documents", "enrollment", "payment", "quote"})


def broker_rights(vhost: Annotated[str, typer.Option(help="The virtual host of the suite.")] = "/") -> None:
    """Print the rights of each user of the broker, as definitions for `rabbitmqctl import_definitions`.

    The users have to be there already. Changes nothing.
    """
    rows = [
        {"user": one.user, "vhost": vhost, "configure": one.configure, "write": one.write, "read": one.read}
        for one in list_rights()
    ]
    typer.echo(json.dumps({"permissions": rows}, indent=1))


def list_rights() -> list[BrokerRights]:
    """The rights of all users: of each service, the gateway, a common relay and the operator."""
    from gateway.events.event_handlers import NOTIFIED_EVENTS  # with the services, more than other commands need

    names = sorted(module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg)
    known = [importlib.import_module(f"services.{name}.__main__").SERVICE for name in names]
    notified = [one.event_type for one in NOTIFIED_EVENTS]
    return [
        *(rights_of_service(one.name, one.subscribes_to, serves=True, calls=one.name in CALLERS) for one in known),
        rights_of_service("gateway", notified, serves=False, calls=False),
        rights_of_relay(names),
        rights_of_operator(),
    ]

"""What a suite does that may change something, and where a process can be ended in it, both read from the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

from chassis.contract import is_client_streaming
from chassis.personal_data import kinds_of
from deploy.local.keys import SERVICES
from gateway.events.event_handlers import NOTIFIED_EVENTS
from tests.sample_requests.every_method import METHODS

ROOT = Path(__file__).parents[2]
COMMITS = ("before commit", "after commit before publish")
HANDLED = ("after inbox before commit",)
BEFORE_ACK = "after commit before ack"
# Of a message that cannot be handled.
FAILED = ("after publish before note", "after note before ack")
RELAYED = ("after publish before mark", "after mark", "after forward before mark")
ANSWERED = ("after access row before answer",)
POINTS = (*COMMITS, *HANDLED, BEFORE_ACK, *FAILED, *RELAYED, *ANSWERED)
# Where processes that serve are composed.
_COMPOSED = (*(f"services.{service}.__main__" for service in SERVICES), "services.payment.commands.page")


def list_use_cases() -> dict[str, type]:
    """Every use case that a serving process can call, by names such as ``enrollment.SubmitApplication``."""
    found = {}
    for composed in _COMPOSED:
        for one in vars(importlib.import_module(composed)).values():
            if inspect.isclass(one) and ".usecases." in one.__module__ and "__call__" in vars(one):
                found[f"{one.__module__.split('.')[1]}.{one.__name__}"] = one
    return found


def list_points() -> set[str]:
    """The names of all points."""
    calls = (
        node
        for package in ("chassis", "services", "gateway", "portal")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("trigger_failpoint")
    )
    return {str(ast.literal_eval(call.args[0])) for call in calls}


def list_called() -> set[str]:
    """The use cases among them that a method of a contract calls."""
    found = set()
    for service in SERVICES:
        contract = importlib.import_module(f"services.{service}.contract.service")
        found |= {f"{service}.{one.__name__}" for one in typing.get_type_hints(contract.UseCases).values()}
    return found


def list_handlers() -> set[str]:
    """The use cases among them that a message calls."""
    return {
        name for name, one in list_use_cases().items() if "message_id" in inspect.signature(one.__call__).parameters
    }


def list_queues() -> set[str]:
    """The queues of the services and of the gateway."""
    services = [importlib.import_module(f"services.{service}.__main__").SERVICE for service in SERVICES]
    return {queue.name for one in services for queue in one.queues} | {one.queue.name for one in NOTIFIED_EVENTS}


def list_gateway_acts() -> set[str]:
    """Functions of the gateway that open a transaction."""
    found = set()
    for path in (ROOT / "gateway").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module != "gateway.store.database":
            found |= {f"{module}.{name}" for name in _find_transactions(ast.parse(path.read_text()))}
    return found


def list_told() -> set[str]:
    """The methods whose answers have personal data, which is recorded."""
    return {method.full_name for method in METHODS if kinds_of(method.output_type) and not is_client_streaming(method)}


def list_acts(point: str) -> set[str]:
    """Those that can pass the point."""
    if point in COMMITS:
        return {*list_use_cases(), *list_gateway_acts()}
    if point in HANDLED:
        return list_handlers()
    if point in ANSWERED:
        return list_told()
    return set(SERVICES) if point in RELAYED else list_queues()


def _find_transactions(node: ast.AST, name: str = "") -> Iterator[str]:
    """Names of the functions with a block on ``transaction()``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _find_transactions(child, f"{name}.{child.name}" if name else child.name)
        elif isinstance(child, ast.AsyncWith) and any("transaction()" in ast.unparse(one) for one in child.items):
            yield name
            yield from _find_transactions(child, name)
        else:
            yield from _find_transactions(child, name)

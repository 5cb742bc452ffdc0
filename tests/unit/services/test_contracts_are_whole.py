"""Every field of every contract is read where it comes in and set where it goes out.

A field that stands in the proto and in no converter is taken and dropped, or given back empty, and no type checker
sees it. Mappers (chassis.mapping) refuse a forgotten field when they are built, and say here which ones they copy; what
is converted by hand is read from the syntax trees. That values survive the database is tested with real applications
in tests/integration/services/enrollment/test_no_field_is_forgotten.py.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor

from chassis.mapping import FromProto, ToProto
from tests.contract_fields import SERVICES, contract_files

ROOT = Path(__file__).parents[3]

NOT_SET_BY_NAME = {
    "suite.enrollment.v1.Person.ssn": "a number is never given back; ssn_last_four is (R46)",
    "suite.enrollment.v1.Person.remove_ssn": "an act that is sent, never given back",
    **{
        f"suite.enrollment.v1.ClientCreated.{name}": "set from a domain event of the same field names"
        for name in ("client_id", "state", "writing_number", "quote_id")
    },
}
NOT_READ_BY_NAME = {
    f"suite.enrollment.v1.ApplicationFilter.{day}_{end}": "read in pairs, by the column's name"
    for day in ("created", "expires", "effective", "submitted")
    for end in ("from", "to")
}


def with_parts(roots: Iterable[Descriptor]) -> Iterator[Descriptor]:
    """The messages and all that are in them, each once."""
    seen, waiting = set(), list(roots)
    while waiting:
        one = waiting.pop()
        if one.full_name not in seen and one.full_name.startswith("suite."):
            seen.add(one.full_name)
            waiting += [field.message_type for field in one.fields if field.message_type]
            yield one


def requests(service: str) -> Iterator[Descriptor]:
    methods = (one for file in contract_files(service) for one in file.services_by_name.values())
    return with_parts(method.input_type for one in methods for method in one.methods)


def answers(service: str) -> Iterator[Descriptor]:
    """What the methods give back, and the events."""
    methods = [one for file in contract_files(service) for one in file.services_by_name.values()]
    given = [method.output_type for one in methods for method in one.methods]
    events = [file for file in contract_files(service) if file.name.endswith("_events.proto")]
    return with_parts([*given, *(message for file in events for message in file.message_types_by_name.values())])


@cache
def code_of(service: str) -> tuple[ast.AST, ...]:
    files = sorted((ROOT / "services" / service).rglob("*.py"))
    shared = ROOT / "chassis" / "paging.py"  # reads the page of every list
    return tuple(node for path in (*files, shared) for node in ast.walk(ast.parse(path.read_text())))


@cache
def mapped_fields(service: str) -> frozenset[str]:
    """Full names of the fields that the mappers of a service copy by name, are given by calls or make by hand."""
    for path in sorted((ROOT / "services" / service).rglob("*.py")):
        if path.parent.name in ("contract", "remote", "events", "wire") or path.name == "events.py":
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    own = f"services.{service}."
    into = [one.sets for same in ToProto.declared.values() for one in same if one.source.__module__.startswith(own)]
    out = [one.reads for same in FromProto.declared.values() for one in same if one.target.__module__.startswith(own)]
    return frozenset().union(*into, *out)


def unset_fields(service: str, nodes: Iterable[ast.AST]) -> set[str]:
    """Fields of answers that no constructor of their message names, and that nothing assigns or fills afterwards."""
    named: dict[str, set[str]] = {}
    filled: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named.setdefault(called, set()).update(keyword.arg or "" for keyword in node.keywords)
            if isinstance(node.func, ast.Attribute) and called in ("CopyFrom", "MergeFrom", "extend", "append", "add"):
                filled.add(getattr(node.func.value, "attr", ""))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            filled.add(node.attr)
    return {
        field.full_name
        for message in answers(service)
        for field in message.fields
        if field.name not in named.get(message.name, ()) and field.name not in filled
    }


def unread_fields(service: str, nodes: Iterable[ast.AST]) -> set[str]:
    """Fields of requests whose name nothing in the service reads, neither as an attribute nor in a text."""
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    read |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {field.full_name for message in requests(service) for field in message.fields if field.name not in read}


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_of_an_answer_or_event_is_set(service: str) -> None:
    assert unset_fields(service, code_of(service)) - mapped_fields(service) - NOT_SET_BY_NAME.keys() == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_of_a_request_is_read(service: str) -> None:
    assert unread_fields(service, code_of(service)) - mapped_fields(service) - NOT_READ_BY_NAME.keys() == set()


def test_each_exception_is_still_one() -> None:
    assert NOT_SET_BY_NAME.keys() <= {name for one in SERVICES for name in unset_fields(one, code_of(one))}
    assert NOT_READ_BY_NAME.keys() <= {name for one in SERVICES for name in unread_fields(one, code_of(one))}


def test_a_converter_without_one_line_is_noticed() -> None:
    kept = tuple(
        node
        for node in code_of("pcp")
        if not (isinstance(node, ast.Call) and any(keyword.arg == "distance_tenth_miles" for keyword in node.keywords))
        and not (isinstance(node, ast.Attribute) and node.attr == "distance_tenth_miles")
    )
    assert "suite.pcp.v1.Provider.distance_tenth_miles" in unset_fields("pcp", kept)

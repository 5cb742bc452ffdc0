"""The page of personal data is whole, and the protection of each of its levels is in place."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text
from suite.common.v1 import common_pb2

from chassis.access import access_rule
from chassis.personal_data import kinds_of
from docs.generate_personal_data import (
    LEVEL_OF_KIND,
    OF_CHASSIS,
    RPCS,
    SEALED_COLUMNS,
    TABLES,
    TARGET,
    Level,
    kinds_in,
    marked_messages,
    write_page,
)
from gateway.store.tables import metadata as of_gateway

ROOT = Path(__file__).parents[3]
# What is of the level "sealed" or "hashed" is called so, wherever it is kept.
DELICATE = re.compile(r"^ssn$|password|secret|^sealed$|^content$|draft$|token(?!s)|(?<!_)code_hash|digest")
# Delicate by name alone.
HARMLESS = {
    ("payment", "attempt", "method_token"): "the processor's name for a card, good for this merchant alone",
    ("payment", "attempt", "autopay_token"): "the same for a bank account",
    ("payment", "autopay_mandate", "bank_token"): "the same for a bank account",
}
# How a secret of which nobody needs the text is kept.
HASHES = re.compile(r"_hash$|^digest$")


@cache
def databases() -> dict[str, MetaData]:
    """Of each service with all of its store: some tables stand beside the code that fills them."""
    found = {"gateway": of_gateway}
    for service in TABLES.keys() - found:
        store = importlib.import_module(f"services.{service}.store")
        for module in iter_modules(store.__path__):
            if module.name != "migrations":
                importlib.import_module(f"{store.__name__}.{module.name}")
        found[service] = importlib.import_module(f"{store.__name__}.tables").Base.metadata
    return found


def columns(all_tables: dict[str, MetaData]) -> Iterator[tuple[str, str, Column[object]]]:
    for service, metadata in all_tables.items():
        for table in metadata.sorted_tables:
            yield from ((service, table.name, column) for column in table.columns)


def find_unprotected(all_tables: dict[str, MetaData]) -> list[tuple[str, str, str]]:
    """Columns with a delicate name that are neither sealed nor hashed."""
    found = []
    for service, table, column in columns(all_tables):
        place = (service, table, column.name)
        if not DELICATE.search(column.name) or place in HARMLESS or table in OF_CHASSIS:
            continue
        is_sealed = place in SEALED_COLUMNS and isinstance(column.type, LargeBinary)
        if not is_sealed and not HASHES.search(column.name):
            found.append(place)
    return found


def test_the_page_says_what_the_contracts_say() -> None:
    assert TARGET.read_text() == write_page(), "run .venv/bin/python docs/generate_personal_data.py"


def test_every_kind_of_the_contracts_has_a_level() -> None:
    kinds = {name.removeprefix("PERSONAL_DATA_") for name in common_pb2.PersonalData.keys()}  # noqa: SIM118  # an enum
    assert LEVEL_OF_KIND.keys() == kinds - {"UNSPECIFIED"}


def test_every_table_has_a_level() -> None:
    for service, metadata in databases().items():
        chassis = set() if service == "gateway" else OF_CHASSIS.keys()
        assert set(metadata.tables) - chassis == TABLES[service].keys(), service


def test_what_is_sealed_or_hashed_is_stored_in_no_other_way() -> None:
    assert find_unprotected(databases()) == []
    known = {(service, table, column.name) for service, table, column in columns(databases())}
    assert SEALED_COLUMNS | HARMLESS.keys() <= known, "an entry of something that is gone"


@pytest.mark.parametrize("name", ["ssn", "content", "form_draft", "api_token", "password"])
def test_a_column_that_keeps_it_in_plain_text_is_found(name: str) -> None:
    """The control."""
    metadata = MetaData()
    Table("person", metadata, Column(name, Text))
    assert find_unprotected({"enrollment": metadata}) == [("enrollment", "person", name)]


def test_every_table_of_such_a_level_has_a_column_that_is_sealed_or_hashed() -> None:
    for service, table, level in (
        (s, name, level) for s, found in TABLES.items() for name, (level, _) in found.items()
    ):
        names = {column.name for column in databases()[service].tables[table].columns}
        sealed = {column for s, t, column in SEALED_COLUMNS if (s, t) == (service, table)}
        if level is Level.SEALED:
            assert sealed, table
        if level is Level.HASHED:
            assert [name for name in names if HASHES.search(name)], table


def test_every_sealed_column_has_a_cipher_that_is_bound_to_it() -> None:
    """A value then opens in no other column: ``tests/unit/chassis/test_crypto.py``."""
    code = "".join(path.read_text() for folder in ("services", "gateway") for path in (ROOT / folder).rglob("*.py"))
    bound = set(re.findall(r'FieldCipher\(.+?, "?([\w.]+)"?, "(\w+)"\)', code))
    rows = importlib.import_module("services.payment.store.tables")
    named = {f"{name}.__tablename__": row.__tablename__ for name, row in vars(rows).items() if name.endswith("Row")}
    assert {(table, column) for _, table, column in SEALED_COLUMNS} <= {(named.get(t, t), c) for t, c in bound}


def test_every_answer_with_personal_data_is_of_a_kind_that_is_recorded() -> None:
    """``RecordedContract`` records what has a kind, so every message of the page gives its answers one."""
    marked = {message.full_name for message in marked_messages()}
    for rpc in RPCS:
        names = {one.full_name for one in _messages(rpc.output_type)}
        assert bool(names & marked) == bool(kinds_of(rpc.output_type)), rpc.full_name


def test_no_answer_for_people_has_a_field_for_a_whole_social_security_number_but_the_one_that_is_typed() -> None:
    """``Person.ssn`` is for requests; of an answer it is empty, which the store's tests and the canary search show."""
    whole = {
        field.full_name
        for rpc in RPCS
        if access_rule(rpc).for_people
        for message in _messages(rpc.output_type)
        if "SSN" in kinds_in(message)
        for field in message.fields
        if "ssn" in field.name and field.type == FieldDescriptor.TYPE_STRING and field.name != "ssn_last_four"
    }
    assert whole == {"suite.enrollment.v1.Person.ssn"}


def _messages(message: Any) -> list[Any]:
    found = {message.full_name: message}
    waiting = [message]
    while waiting:
        for field in waiting.pop().fields:
            if field.message_type is not None and field.message_type.full_name not in found:
                found[field.message_type.full_name] = field.message_type
                waiting.append(field.message_type)
    return list(found.values())

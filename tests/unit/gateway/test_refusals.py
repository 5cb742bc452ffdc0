"""What an operation may be refused with stands in the OpenAPI document, and is what the services say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.api.openapi import document

ROOT = Path(__file__).parents[3]
# Said by the payment page and by an import of a catalogue, which no operation reaches.
ELSEWHERE = {"balance_changed", "nothing_to_submit", "too_many_tries", "plan_in_two_catalogues"}
# The classes' own codes, which stand in no call.
OF_CLASSES = {"not_ready"}


def test_codes_of_a_conflict_are_those_that_are_raised() -> None:
    assert _documented() - OF_CLASSES == set(_raised()) - ELSEWHERE


def test_a_code_that_somebody_adds_is_found() -> None:
    assert list(_codes(ast.parse('raise Conflict("Wait.", code="locked_for_now")'))) == ["locked_for_now"]


def test_every_operation_says_what_its_headers_and_its_body_can_be_refused_for() -> None:
    for name, operation in _operations():
        answers = operation["responses"]
        sent = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("412" in answers) == ("If-Match" in sent), name
        assert ("428" in answers) >= ("Idempotency-Key" in sent), name
        assert ("415" in answers) == ("requestBody" in operation), name
        assert ("401" in answers) == ("security" not in operation or name == "CreateSession"), name
        assert "default" in answers, name


def test_every_response_that_is_referred_to_is_there() -> None:
    responses = document()["components"]["responses"]
    named = set(re.findall(r"#/components/responses/(\w+)", str(document())))
    assert named == responses.keys()


def _operations() -> Iterator[tuple[str, Any]]:
    for path in document()["paths"].values():
        for operation in path.values():
            yield operation["operationId"], operation


def _documented() -> set[str]:
    described = [one["responses"].get("409", {}).get("description", "") for _, one in _operations()]
    return {code for description in described for code in re.findall(r"`(\w+)`: ", description)}


def _raised() -> Iterator[str]:
    for room in ("services", "gateway"):
        for source in (ROOT / room).rglob("*.py"):
            yield from _codes(ast.parse(source.read_text()))


def _codes(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("Conflict", "NotReady"):
            given = [word.value for word in call.keywords if word.arg == "code"]
            yield from (str(code.value) for code in given if isinstance(code, ast.Constant))

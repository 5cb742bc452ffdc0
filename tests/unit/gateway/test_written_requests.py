"""The OpenAPI document says how keys, versions, lists and days are sent, as they are read."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.api.openapi import build_document


def header(path: str, verb: str, name: str) -> dict[str, Any]:
    [found] = [one for one in build_document()["paths"][path][verb]["parameters"] if one["name"] == name]
    schema: dict[str, Any] = found["schema"]
    return schema


def property_of(schema: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = build_document()["components"]["schemas"][schema]["properties"][name]
    return found


NEEDED = header("/quotes/{quote_id}", "put", "If-Match")
OPTIONAL = header("/applications/{record_number}/submission", "post", "If-Match")
KEY = header("/quotes", "post", "Idempotency-Key")
SEARCH = build_document()["paths"]["/plan-searches"]["post"]["requestBody"]["content"]["application/json"]["schema"]
NETWORKS = SEARCH["properties"]["network_ids"]
LAST_DAY = property_of("DelegationRequest", "last_day")
STATES = property_of("DelegationRequest", "states")


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        (NEEDED, ['"3"', "3"], ["", "*", '"0"', '"a"', 'W/"3"', '"3", "4"']),
        (OPTIONAL, ['"3"', "3", "*"], ["", '"a"', "**"]),
        (
            KEY,
            ["a-key-of-mine", "k" * 255],
            ["short", "with a space", "k" * 256, "k\u00e9y-of-mine"],
        ),
        (NETWORKS, [None, [], ["ILN001"]], ["ILN001", [None]]),
        (LAST_DAY, [None, "", "2026-05-20"], ["20 May 2026", 20260520]),
        (STATES, [None, [], ["IL"]], ["IL"]),
    ],
    ids=["If-Match", "If-Match where it may be left out", "Idempotency-Key", "list", "day", "states"],
)
def test_the_document_takes_what_is_taken_and_nothing_else(
    schema: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [value for value in right if not judge.is_valid(value)] == []
    assert [value for value in wrong if judge.is_valid(value)] == []

"""The lists of applications by the same words wherever they are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.api.endpoint import _in_proto_words
from gateway.api.openapi import build_document
from gateway.api.route_table import ROUTES


def test_search_in_a_list_has_the_status_words_of_the_list() -> None:
    search = build_document()["paths"]["/application-searches"]["post"]["requestBody"]
    fields = search["content"]["application/json"]["schema"]["properties"]
    assert fields["status"]["enum"] == ["incomplete", "completed", "failed", "expired"]
    assert "enum" not in fields["applicant"]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"status": "completed"}, {"status": "submitted"}),
        ({"status": "submitted", "applicant": "completed"}, {"status": "submitted", "applicant": "completed"}),
        ({"status": ["completed"], "other": "completed"}, {"status": ["completed"], "other": "completed"}),
        (["completed"], ["completed"]),
    ],
)
def test_aliases_in_a_body_replace_enum_words_only(sent: Any, meant: Any) -> None:
    [route] = [one for one in ROUTES if one.path == "/application-searches"]
    assert _in_proto_words(route, sent) == meant

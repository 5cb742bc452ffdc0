"""The page of who may call what: as the contracts say it, and nothing is left out."""

from __future__ import annotations

from docs.generate_authorization import OWN, TARGET, operation_of, write_page
from gateway.api.openapi import build_document
from gateway.api.route_table import ROUTES


def test_the_page_says_what_the_contracts_say() -> None:
    assert TARGET.read_text() == write_page(), "run .venv/bin/python docs/generate_authorization.py"


def test_every_operation_of_the_api_is_on_the_page() -> None:
    """Those of the API's document, and its own address."""
    documented = {f"{verb.upper()} {path}" for path, verbs in build_document()["paths"].items() for verb in verbs}
    assert {*OWN, *map(operation_of, ROUTES)} - {"GET /openapi.json"} == documented - {"GET /openapi.json"}

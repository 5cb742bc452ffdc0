"""Whoever copies an example of the OpenAPI document sends something that can be read."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from chassis.contract import request_class
from gateway.api.endpoint import _in_proto_words
from gateway.api.from_json import fill_message
from gateway.api.openapi import build_document
from gateway.api.openapi_examples import BODIES
from gateway.api.route_table import ROUTES
from gateway.api.routing.route import WHOLE, Route

ROUTES_WITH_JSON = [route for route in ROUTES if route.body and not route.consumes]


def described(example: str) -> dict[str, Any]:
    [found] = [
        operation["requestBody"]["content"]["application/json"]
        for path in build_document()["paths"].values()
        for operation in path.values()
        if operation["operationId"] == example
    ]
    return {**found, "schema": {**found["schema"], "components": build_document()["components"]}}


@pytest.mark.parametrize("example", BODIES)
def test_an_example_fits_its_schema(example: str) -> None:
    operation = described(example)
    jsonschema.validate(operation["example"], operation["schema"])


def test_an_example_that_does_not_fit_is_found() -> None:
    schema = described("SelectPlans")["schema"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"medical_plan": "36096IL9900003-00"}, schema)


@pytest.mark.parametrize("route", ROUTES_WITH_JSON, ids=lambda route: route.path)
def test_every_example_is_accepted_as_a_request(route: Route) -> None:
    message: Any = request_class(route.rpc)()
    target = message if route.body == WHOLE else getattr(message, str(route.body))
    name = route.rpc.name if route.rpc.name != "SaveStep" else f"SaveStep_{route.body}"
    fill_message(target, _in_proto_words(route, BODIES[name]))
    assert target.ByteSize()

"""The route table and what is derived from it."""

from __future__ import annotations

import re
from typing import Any

from gateway.api.openapi import build_document
from gateway.api.openapi_shapes import SCHEMAS
from gateway.api.route_table import PREFIX, ROUTES
from gateway.api.routing.route import WHOLE
from gateway.api.schema import Schemas
from gateway.api.starlette_routes import build_routes
from gateway.events.event_handlers import NOTIFIED_EVENTS


def test_every_route_fills_fields_that_its_request_has() -> None:
    for route in ROUTES:
        fields = route.rpc.input_type.fields_by_name
        named = route.basis_rpc.input_type.fields_by_name if route.basis_rpc else fields
        assert set(route.path_fields) <= set(named), route.path
        assert {path.split(".")[0] for path in route.query.values()} <= set(fields), route.path
        assert route.body in (None, WHOLE) or route.body in fields, route.path


def test_each_method_and_path_of_the_api_is_routed_once() -> None:
    rows = [(route.verb, route.path) for route in ROUTES]
    assert len(rows) == len(set(rows))


def test_every_step_needs_the_version_that_was_read() -> None:
    steps = [route for route in ROUTES if "/steps/" in route.path]
    assert len(steps) == 5
    assert all(route.if_match_required for route in steps)


def test_commands_that_create_need_an_idempotency_key() -> None:
    creating = {route.path for route in ROUTES if route.creates}
    assert creating == {
        "/quotes",
        "/quotes/{quote_id}/copies",
        "/quotes/{quote_id}/requotes",
        "/quotes/{quote_id}/deliveries",
        "/quotes/{quote_id}/share-links",
        "/applications",
        "/quotes/{quote_id}/enrollment",
        "/clients/{client_id}/enrollment",
        "/applications/{record_number}/submission",
        "/applications/{record_number}/cancellation",
        "/applications/{record_number}/termination",
        "/applications/{record_number}/contact",
        "/applications/{record_number}/reviews",
        "/applications/{record_number}/proof-documents",
    }


def test_the_document_describes_every_address_that_is_served() -> None:
    served = {address.path.removeprefix(PREFIX) for address in build_routes()} - {"/openapi.json"}
    assert served == set(build_document()["paths"])


def test_every_reference_of_the_document_leads_somewhere() -> None:
    schemas = build_document()["components"]["schemas"]
    for reference in re.findall(r"#/components/schemas/(\w+)", str(build_document())):
        assert reference in schemas


def test_no_schema_of_our_own_hides_one_of_a_service() -> None:
    schemas = Schemas()
    for route in ROUTES:
        schemas.answer(route.rpc.output_type)
        schemas.request(route.rpc.input_type)
    assert not SCHEMAS.keys() & schemas.components.keys()


def test_every_header_says_what_to_send_and_what_happens_without_it() -> None:
    headers = [
        parameter
        for operations in build_document()["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    ]
    assert {header["name"] for header in headers} == {"Idempotency-Key", "If-Match"}
    assert all(header["description"] for header in headers)
    refusing = [header["required"] for header in headers if "428" in header["description"]]
    assert refusing and all(refusing)


def test_operation_ids_are_unique() -> None:
    operations: list[Any] = [one for path in build_document()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))


def test_operations_are_grouped_and_no_group_is_empty() -> None:
    operations: list[Any] = [one for path in build_document()["paths"].values() for one in path.values()]
    assert {tag for one in operations for tag in one["tags"]} == {group["name"] for group in build_document()["tags"]}
    assert all(len(one["tags"]) == 1 for one in operations)


def test_status_is_the_only_filter_with_aliases() -> None:
    parameters = build_document()["paths"]["/applications"]["get"]["parameters"]
    schemas = {one["name"]: one["schema"] for one in parameters}
    assert schemas["status"]["enum"] == ["incomplete", "completed", "failed", "expired"]
    words = build_document()["components"]["schemas"]
    assert schemas["order"] == {"$ref": "#/components/schemas/ApplicationColumn"}
    assert "monthly_premium" in words["ApplicationColumn"]["enum"]
    assert "household" in words["Step"]["enum"]


def test_no_query_parameter_is_personal() -> None:
    asked = {name for route in ROUTES for name in route.query}
    assert not {"applicant", "ssn", "phone", "date_of_birth", "email"} & asked


def test_a_required_field_is_required_in_the_document_too() -> None:
    search = build_document()["paths"]["/plan-searches"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(search["required"]) == {"zip", "county_fips", "effective_date", "coverage", "members"}
    quote = build_document()["paths"]["/quotes"]["post"]
    assert "idempotency_key" not in str(quote["requestBody"])


def test_every_subscribed_event_names_an_application_and_a_writing_number() -> None:
    for notified in NOTIFIED_EVENTS:
        assert {"record_number", "writing_number"} <= set(notified.message.DESCRIPTOR.fields_by_name)

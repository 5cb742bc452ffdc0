"""The errors of an operation in the OpenAPI document are those that the contract of its rpc lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chassis.contract_options import declared_errors
from gateway.api.openapi import build_document
from gateway.api.route_table import PREFIX, ROUTES


def test_an_operation_documents_the_codes_that_its_contract_lists_and_no_other() -> None:
    for route in ROUTES:
        responses = build_document()["paths"][route.path][route.verb.lower()]["responses"]
        documented = re.findall(r"`(\w+)`: ", responses.get("409", {}).get("description", ""))
        rpcs = [rpc for rpc in (route.rpc, route.precondition_rpc, route.basis_rpc) if rpc]
        listed = {one.code for rpc in rpcs for one in declared_errors(rpc) if one.status == "FAILED_PRECONDITION"}
        assert set(documented) == listed, f"{PREFIX}{route.path}"
        assert len(documented) == len(listed)


def test_limit_of_deadline_feeds_is_documented_at_409() -> None:
    assert "`too_many_feeds`: there are 10 already." in _responses("CreateDeadlineFeed")["409"]["description"]


def test_a_delegate_reads_that_on_exchange_enrollment_is_forbidden() -> None:
    assert (
        "`forbidden`: a delegate cannot enroll on-exchange (R19)."
        in (_responses("StartEnrollment")["403"]["description"])
    )


def test_the_limit_of_an_upload_is_that_of_the_contract() -> None:
    assert _responses("AddProofDocument")["413"]["description"] == "`too_large`: the file has more than 10 MiB."
    assert _responses("CreateQuote")["413"] == {"$ref": "#/components/responses/Status413"}


def test_every_operation_says_what_its_headers_and_its_body_can_be_refused_for() -> None:
    for name, operation in _operations():
        answers = operation["responses"]
        sent = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("412" in answers) == ("If-Match" in sent), name
        assert ("428" in answers) >= ("Idempotency-Key" in sent), name
        assert ("415" in answers) == ("requestBody" in operation), name
        assert ("401" in answers) == (operation.get("security") != [] or name in {"CreateSession", "CreateToken"}), name
        assert "default" in answers, name


def test_every_referenced_response_is_defined_and_every_defined_one_referenced() -> None:
    responses = build_document()["components"]["responses"]
    named = set(re.findall(r"#/components/responses/(\w+)", str(build_document())))
    assert named == responses.keys()


def _operations() -> Iterator[tuple[str, Any]]:
    for path in build_document()["paths"].values():
        for operation in path.values():
            yield operation["operationId"], operation


def _responses(operation_id: str) -> Any:
    return dict(_operations())[operation_id]["responses"]

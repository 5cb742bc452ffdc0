"""Files that are sent in and handed out over HTTP, through a real gRPC door."""

from __future__ import annotations

from typing import Any

import pytest
from suite.documents.v1 import proof_documents_pb2 as pb

from chassis.kernel import InvalidInput
from tests.integration.gateway.harness import GatewayHarness

PROOFS = "/api/v1/applications/A-0638/proof-documents"
TEN_MEGABYTES = 10 * 1024 * 1024


def send(harness: GatewayHarness, content: Any, media_type: str = "application/pdf", **more: Any) -> Any:
    headers = {**harness.sign_in(), "Idempotency-Key": "key-number-1", "Content-Type": media_type} | more
    return harness.client.post(f"{PROOFS}?kind=birth_certificate", content=content, headers=headers)


def test_a_file_of_ten_megabytes_goes_through_whole(gateway_portal: GatewayHarness) -> None:
    document = pb.ProofDocument(document_id="d-1", record_number="A-0638", kind="birth_certificate")
    gateway_portal.fake_services.answers["AddProofDocument"] = pb.AddProofDocumentResponse(document=document)
    answer = send(gateway_portal, b"x" * TEN_MEGABYTES)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{PROOFS}/d-1")
    asked = gateway_portal.fake_services.last("AddProofDocument")
    assert (len(asked.content), asked.media_type, asked.kind) == (TEN_MEGABYTES, "application/pdf", "birth_certificate")
    assert (asked.record_number, asked.idempotency_key) == ("A-0638", "key-number-1")


def test_a_larger_file_is_refused_whether_or_not_its_length_is_announced(gateway_portal: GatewayHarness) -> None:
    for content in (b"x" * (TEN_MEGABYTES + 1), iter([b"x" * (1024 * 1024)] * 11)):
        answer = send(gateway_portal, content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert not gateway_portal.fake_services.asked


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/html", "application/pdf; charset=x", "", "multipart/form-data; boundary=x"]
)
def test_other_types_are_refused_with_those_that_are_taken(gateway_portal: GatewayHarness, media_type: str) -> None:
    answer = send(gateway_portal, b"%PDF-1.7", media_type)
    assert answer.status_code == 415
    assert "application/pdf, image/png, image/jpeg" in answer.json()["detail"]


def test_json_body_over_the_limit_is_413(gateway_portal: GatewayHarness) -> None:
    headers = {**gateway_portal.sign_in(), "Content-Type": "application/json", "Idempotency-Key": "key-number-1"}
    body = b'"' + b"x" * (1024 * 1024) + b'"'
    answer = gateway_portal.client.post("/api/v1/applications/A-0638/cancellation", content=body, headers=headers)
    assert answer.status_code == 413


def test_a_refused_file_is_named_as_the_body(gateway_portal: GatewayHarness) -> None:
    gateway_portal.fake_services.answers["AddProofDocument"] = InvalidInput.at(
        "content", "The file is damaged.", code="damaged"
    )
    answer = send(gateway_portal, b"%PDF-1.7")
    assert (answer.status_code, answer.json()["code"]) == (422, "damaged")
    assert answer.json()["errors"][0]["field"] == "content"


def test_an_uploaded_file_is_downloaded_and_never_shown_as_a_page(gateway_portal: GatewayHarness) -> None:
    kept = pb.GetProofDocumentResponse(file_name='A-0638-proof-1.png"; x', content=b"\x89PNG", media_type="image/png")
    gateway_portal.fake_services.answers["GetProofDocument"] = kept
    answer = gateway_portal.client.get(f"{PROOFS}/d-1", headers=gateway_portal.sign_in())
    assert (answer.headers["content-type"], answer.content) == ("image/png", b"\x89PNG")
    assert answer.headers["content-disposition"] == 'attachment; filename="A-0638-proof-1.pngx"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_the_document_says_which_files_are_taken_and_given(gateway_portal: GatewayHarness) -> None:
    paths = gateway_portal.client.get("/api/v1/openapi.json").json()["paths"]
    taken = paths["/applications/{record_number}/proof-documents"]["post"]["requestBody"]["content"]
    one = paths["/applications/{record_number}/proof-documents/{document_id}"]["get"]["responses"]["200"]["content"]
    assert list(taken) == list(one) == ["application/pdf", "image/png", "image/jpeg"]
    assert taken["image/png"]["schema"] == {"type": "string", "format": "binary"}

"""The JSON API in front of services that answer as told."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2, plan_choice_pb2
from suite.payment.v1 import payment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import Conflict, InvalidInput, NotFound, NotReady, Problem, Stale
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness

API = "/api/v1"
KEY = {"Idempotency-Key": "key-number-1"}
QUOTE = {
    "writing_number": "220002580",
    "state": "IL",
    "zip": "60601",
    "county_fips": "17031",
    "effective_date": "2026-07-01",
    "members": [{"relationship": "self", "date_of_birth": "1988-02-10", "sex": "female", "tobacco_use": False}],
}


def application(**fields: Any) -> application_pb2.Application:
    return application_pb2.Application(record_number="A-0638", version=4, **fields)


def test_quote_sent_as_json_is_created_and_returned_with_etag_and_location(gateway_portal: GatewayHarness) -> None:
    quote = quote_pb2.Quote(quote_id="q-1", version=1, monthly_premium=common_pb2.Money(cents=90166))
    gateway_portal.fake_services.answers["CreateQuote"] = quote_service_pb2.CreateQuoteResponse(quote=quote)
    headers = gateway_portal.sign_in() | KEY
    answer = gateway_portal.client.post(f"{API}/quotes", json=QUOTE, headers=headers)
    assert answer.status_code == 201, answer.text
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', "/api/v1/quotes/q-1")
    assert (answer.json()["quote_id"], answer.json()["monthly_premium"]) == ("q-1", "901.66")
    sent = gateway_portal.fake_services.last("CreateQuote")
    assert (sent.idempotency_key, sent.members[0].sex) == ("key-number-1", common_pb2.SEX_FEMALE)


def test_call_to_a_service_carries_the_user_and_their_writing_numbers(gateway_portal: GatewayHarness) -> None:
    gateway_portal.client.get(f"{API}/quotes", headers=gateway_portal.sign_in("delegate@example.com"))
    _, _, caller = gateway_portal.fake_services.asked[-1]
    assert (caller.subject, caller.kind) == ("delegate@example.com", "delegate")
    assert set(caller.numbers) == {"220002580", "440001937", "107864325"}


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        (None, 428, "idempotency_key_missing"),
        ("short", 422, "idempotency_key_bad"),
        ("x" * 256, 422, "idempotency_key_bad"),
    ],
)
def test_a_command_that_creates_wants_a_key(
    gateway_portal: GatewayHarness, key: str | None, status: int, code: str
) -> None:
    headers = gateway_portal.sign_in() | ({"Idempotency-Key": key} if key else {})
    answer = gateway_portal.client.post(f"{API}/quotes", json=QUOTE, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert gateway_portal.fake_services.asked == []


def test_a_step_wants_the_version_that_was_read(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    path = f"{API}/applications/A-0638/steps/plans"
    assert gateway_portal.client.put(path, json={}, headers=headers).status_code == 428
    assert gateway_portal.client.put(path, json={}, headers=headers | {"If-Match": "*"}).status_code == 428
    assert gateway_portal.client.put(path, json={}, headers=headers | {"If-Match": '"x"'}).status_code == 412
    saved = enrollment_service_pb2.SaveStepResponse(application=application())
    gateway_portal.fake_services.answers["SaveStep"] = saved
    answer = gateway_portal.client.put(
        path, json={"medical_plan_id": "36096IL0760001-00"}, headers=headers | {"If-Match": '"3"'}
    )
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"4"')
    sent = gateway_portal.fake_services.last("SaveStep")
    assert (sent.version, sent.WhichOneof("step"), sent.plans.medical_plan_id) == (3, "plans", "36096IL0760001-00")


def test_an_empty_step_is_still_the_step_that_was_meant(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in() | {"If-Match": '"3"'}
    gateway_portal.client.put(f"{API}/applications/A-0638/steps/other-coverage", json={}, headers=headers)
    assert gateway_portal.fake_services.last("SaveStep").WhichOneof("step") == "other_coverage"


def test_field_paths_of_a_step_are_those_of_its_body(gateway_portal: GatewayHarness) -> None:
    problem = Problem("household.people[1].last_name", "Please give a last name.", "R60")
    gateway_portal.fake_services.answers["SaveStep"] = InvalidInput("No.", problems=(problem,))
    headers = gateway_portal.sign_in() | {"If-Match": '"3"'}
    answer = gateway_portal.client.put(f"{API}/applications/A-0638/steps/household", json={}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "people[1].last_name", "message": "Please give a last name.", "rule": "R60"}
    ]


def test_a_refused_page_is_named_by_its_query_parameters(gateway_portal: GatewayHarness) -> None:
    problems = tuple(Problem(field, "Correct this.") for field in ("page.size", "page.token", "state"))
    gateway_portal.fake_services.answers["ListQuotes"] = InvalidInput("Correct the list.", problems=problems)
    answer = gateway_portal.client.get(f"{API}/quotes?page_size=20", headers=gateway_portal.sign_in())
    assert [error["field"] for error in answer.json()["errors"]] == ["page_size", "page_token", "state"]


@pytest.mark.parametrize(
    ("refusal", "status"), [(NotFound("No such."), 404), (Stale("Saved."), 412), (NotReady("Not yet."), 409)]
)
def test_a_refusal_keeps_its_status_code_and_sentence(
    gateway_portal: GatewayHarness, refusal: Exception, status: int
) -> None:
    gateway_portal.fake_services.answers["SubmitApplication"] = refusal
    answer = gateway_portal.client.post(f"{API}/applications/A-1/submission", headers=gateway_portal.sign_in() | KEY)
    assert (answer.status_code, answer.json()["detail"]) == (status, str(refusal))


def test_unexpected_error_of_a_service_is_503_without_its_text(gateway_portal: GatewayHarness) -> None:
    gateway_portal.fake_services.answers["GetApplication"] = ValueError("Jane Tester 123-45-6789")
    answer = gateway_portal.client.get(f"{API}/applications/A-1", headers=gateway_portal.sign_in())
    assert answer.status_code == 503
    assert "Jane" not in answer.text and "ValueError" not in answer.text


@pytest.mark.parametrize(
    ("status", "code"),
    [(application_pb2.APPLICATION_STATUS_SUBMITTING, 202), (application_pb2.APPLICATION_STATUS_SUBMITTED, 200)],
)
def test_submission_says_whether_it_is_still_under_way(
    gateway_portal: GatewayHarness, status: application_pb2.ApplicationStatus, code: int
) -> None:
    response = enrollment_service_pb2.SubmitApplicationResponse(application=application(status=status))
    gateway_portal.fake_services.answers["SubmitApplication"] = response
    answer = gateway_portal.client.post(f"{API}/applications/A-0638/submission", headers=gateway_portal.sign_in() | KEY)
    assert answer.status_code == code


def test_completed_applications_are_the_submitted_ones(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    gateway_portal.client.get(f"{API}/applications?status=completed&page_size=10", headers=headers)
    sent = gateway_portal.fake_services.last("ListApplications")
    assert (sent.status, sent.page.size) == (application_pb2.APPLICATION_STATUS_SUBMITTED, 10)
    assert gateway_portal.client.get(f"{API}/applications?status=lost", headers=headers).status_code == 422
    assert gateway_portal.client.get(f"{API}/applications?colour=red", headers=headers).status_code == 422


def test_pdf_has_its_file_name_and_forbids_caching(gateway_portal: GatewayHarness) -> None:
    pdf = documents_service_pb2.GetApplicationPdfResponse(file_name="A-0638.pdf", content=b"%PDF-1.7")
    gateway_portal.fake_services.answers["GetApplicationPdf"] = pdf
    answer = gateway_portal.client.get(f"{API}/applications/A-0638/application.pdf", headers=gateway_portal.sign_in())
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'inline; filename="A-0638.pdf"'


def test_a_payment_link_is_given_as_it_came(gateway_portal: GatewayHarness) -> None:
    gateway_portal.fake_services.answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(
        url="http://p/1"
    )
    answer = gateway_portal.client.post(f"{API}/applications/A-1/payment", headers=gateway_portal.sign_in())
    assert answer.json() == {"url": "http://p/1"}


def test_a_cancelled_application_gets_no_payment_link(gateway_portal: GatewayHarness) -> None:
    fake_services = gateway_portal.fake_services
    fake_services.answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url="http://p/1")
    fake_services.answers["ConfirmPayable"] = Conflict("No payment is due.", code="application_cancelled")
    answer = gateway_portal.client.post(f"{API}/applications/A-1/payment", headers=gateway_portal.sign_in())
    assert (answer.status_code, answer.json()["code"]) == (409, "application_cancelled")
    assert fake_services.last("ConfirmPayable").record_number == "A-1"
    assert "CreatePaymentLink" not in [name for name, *_ in fake_services.asked]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"state": NaN}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"state=IL", "application/x-www-form-urlencoded", 415),
        (b'"' + b"x" * (1024 * 1024) + b'"', "application/json", 413),
        (json.dumps({"state": "\x00"}).encode(), "application/json", 422),
        (b'{"members": [{"age": 5}]}', "application/json", 422),
    ],
)
def test_a_bad_body_is_a_problem_and_reaches_no_service(
    gateway_portal: GatewayHarness, content: bytes, media_type: str, status: int
) -> None:
    headers = gateway_portal.sign_in() | {"Content-Type": media_type}
    answer = gateway_portal.client.post(f"{API}/plan-searches", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "errors", "trace_id"} <= answer.json().keys()
    assert gateway_portal.fake_services.asked == []


def test_unknown_addresses_and_methods_are_problems_too(gateway_portal: GatewayHarness) -> None:
    assert gateway_portal.client.get(f"{API}/nothing").json()["code"] == "not_found"
    answer = gateway_portal.client.delete(f"{API}/quotes")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].replace(" ", "").split(","))


def test_every_answer_carries_the_security_headers(gateway_portal: GatewayHarness) -> None:
    for path in ("/api/v1/me", "/api/v1/nothing", "/livez", "/nothing"):
        headers = gateway_portal.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/quotes", "/quotes"),
        ("/quotes/q-1", "/quotes/{quote_id}"),
        ("/applications?status=completed", "/applications"),
        ("/applications/A-0638", "/applications/{record_number}"),
        ("/applications/A-0001/readiness", "/applications/{record_number}/readiness"),
        ("/applications/A-0001/timeline", "/applications/{record_number}/timeline"),
        ("/counties?zip=60601", "/counties"),
        ("/me", "/me"),
        ("/producers", "/producers"),
        ("/notifications", "/notifications"),
    ],
)
def test_every_answer_matches_its_schema_in_the_openapi_document(
    gateway_portal: GatewayHarness, path: str, schema: str
) -> None:
    page_answers.tell(gateway_portal.fake_services)
    answer = gateway_portal.client.get(f"{API}{path}", headers=gateway_portal.sign_in())
    assert answer.status_code == 200, answer.text
    document = gateway_portal.client.get(f"{API}/openapi.json").json()
    said = document["paths"][schema]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**said, "components": document["components"]})


def rating_basis() -> plan_choice_pb2.GetRatingBasisResponse:
    adult = plan_choice_pb2.RatedMember(relationship=common_pb2.RELATIONSHIP_SELF, date_of_birth="1987-06-14")
    child = plan_choice_pb2.RatedMember(relationship=common_pb2.RELATIONSHIP_CHILD, date_of_birth="2026-05-10")
    return plan_choice_pb2.GetRatingBasisResponse(
        state="IL",
        zip="60601",
        county_fips="17031",
        effective_date="2026-06-01",
        members=[adult, child],
        coverage=common_pb2.COVERAGE_MEDICAL,
        exchange=common_pb2.EXCHANGE_OFF,
    )


def test_plans_of_an_application_are_searched_with_its_own_household_and_the_filters_of_the_address(
    gateway_portal: GatewayHarness,
) -> None:
    gateway_portal.fake_services.answers["GetRatingBasis"] = rating_basis()
    filters = "metal_levels=Silver&metal_levels=Gold&premium_max=900.00&sort=deductible&page_size=5"
    address = f"{API}/applications/A-0638/plans?{filters}"
    answer = gateway_portal.client.get(address, headers=gateway_portal.sign_in())
    assert answer.status_code == 200, answer.text
    assert answer.json()["plans"] == []
    assert gateway_portal.fake_services.last("GetRatingBasis").record_number == "A-0638"
    sent = gateway_portal.fake_services.last("SearchPlans")
    assert (sent.state, sent.zip, sent.county_fips, sent.effective_date) == ("IL", "60601", "17031", "2026-06-01")
    assert [one.date_of_birth for one in sent.members] == ["1987-06-14", "2026-05-10"]
    assert (list(sent.metal_levels), sent.premium_max.cents, sent.page.size) == (["Silver", "Gold"], 90000, 5)
    assert (sent.coverage, sent.exchange) == (common_pb2.COVERAGE_MEDICAL, common_pb2.EXCHANGE_OFF)
    assert sent.sort == quote_service_pb2.PLAN_SORT_DEDUCTIBLE


def test_plans_of_an_application_without_a_date_are_refused_with_what_is_missing(
    gateway_portal: GatewayHarness,
) -> None:
    missing = (Problem("general.effective_date", "Calculate the effective date.", "R28"),)
    gateway_portal.fake_services.answers["GetRatingBasis"] = NotReady("Not yet.", problems=missing)
    answer = gateway_portal.client.get(f"{API}/applications/A-0638/plans", headers=gateway_portal.sign_in())
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert [one["field"] for one in answer.json()["errors"]] == ["general.effective_date"]
    assert not [name for name, *_ in gateway_portal.fake_services.asked if name == "SearchPlans"]


@pytest.mark.parametrize("wrong", ["premium_max=a", "metal=Silver", "coverage=vision", "hsa_eligible=perhaps"])
def test_a_filter_of_plans_that_cannot_be_read_is_refused(gateway_portal: GatewayHarness, wrong: str) -> None:
    answer = gateway_portal.client.get(f"{API}/applications/A-0638/plans?{wrong}", headers=gateway_portal.sign_in())
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["producers?number=220", "me?x=1", "notifications?page=2", "deadline-feeds?x=1"])
def test_an_unknown_query_parameter_is_refused_at_every_address(gateway_portal: GatewayHarness, address: str) -> None:
    answer = gateway_portal.client.get(f"{API}/{address}", headers=gateway_portal.sign_in())
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")


def test_writing_numbers_are_found_by_their_beginning(gateway_portal: GatewayHarness) -> None:
    answer = gateway_portal.client.get(f"{API}/producers?q=220", headers=gateway_portal.sign_in())
    numbers = [one["writing_number"] for one in answer.json()["producers"]]
    assert numbers and all(number.startswith("220") for number in numbers)


def test_a_status_that_there_is_not_is_answered_with_the_words_of_the_document(gateway_portal: GatewayHarness) -> None:
    answer = gateway_portal.client.get(f"{API}/applications?status=bogus", headers=gateway_portal.sign_in())
    assert answer.json()["errors"] == [
        {"field": "status", "message": "Please send one of: incomplete, completed, failed, expired.", "rule": ""}
    ]


def test_a_page_that_is_too_long_is_refused_at_the_parameter(gateway_portal: GatewayHarness) -> None:
    answer = gateway_portal.client.get(
        f"{API}/applications?status=completed&page_size=1000", headers=gateway_portal.sign_in()
    )
    assert [one["field"] for one in answer.json()["errors"]] == ["page_size"]


def test_a_choice_of_plans_without_if_match_is_refused(gateway_portal: GatewayHarness) -> None:
    body = {"medical_plan_id": "36096IL9900003-00"}
    answer = gateway_portal.client.put(f"{API}/quotes/q-1/selection", json=body, headers=gateway_portal.sign_in())
    assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")

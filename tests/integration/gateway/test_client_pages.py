"""One search box, clients and their pages: no name gets into an address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2, steps_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Caller, InvalidInput, NotFound, Unavailable
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_list_pages import links
from tests.integration.gateway.test_pages import page, post, sign_in

CLIENT_ID = "5f0c4c9e-0000-4000-8000-000000000001"
CLIENT = clients_pb2.Client(
    client_id=CLIENT_ID,
    first_name="Jessica",
    last_name="Tester",
    date_of_birth="1986-03-14",
    sex=common_pb2.SEX_FEMALE,
    home_address=steps_pb2.Address(street="200 E Randolph St", city="Chicago", state="IL", zip="60601"),
    contact=steps_pb2.Contact(phone="312-555-0142"),
    ssn_last_four="4399",
    writing_number="220002580",
    quotes=1,
    drafts=1,
)


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    rows = [
        page_answers.summary(app.APPLICATION_STATUS_INCOMPLETE, 617),
        page_answers.summary(app.APPLICATION_STATUS_SUBMITTED, 616),
    ]
    due = overview.Deadline(
        record_number="A-0616", kind=overview.DEADLINE_KIND_DOCUMENT_DUE, due_on="2026-06-01", applicant_name="Jessica"
    )
    gateway_portal.fake_services.answers |= {
        "SearchClients": enrollment_service_pb2.SearchClientsResponse(clients=[CLIENT]),
        "GetClient": clients_pb2.GetClientResponse(
            client=CLIENT, applications=rows, deadlines=[due], quote_ids=["q-1", "q-gone"]
        ),
    }
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


@pytest.mark.parametrize("typed", ["A-0638", "a-638", "A638", " a-0638 "])
def test_a_record_number_leads_to_its_application(browser: GatewayHarness, typed: str) -> None:
    assert post(browser, "/search", {"q": typed})[:2] == (303, "/applications/A-0638")


def test_a_client_app_id_leads_to_its_application(browser: GatewayHarness) -> None:
    def one(request: Any, _: Caller) -> overview.SearchApplicationsResponse:
        found = request.filter.client_app_id == 1243 and request.status == app.APPLICATION_STATUS_FAILED
        rows = [page_answers.summary(request.status, 638)] if found else []
        return overview.SearchApplicationsResponse(applications=rows)

    browser.fake_services.answers["SearchApplications"] = one
    browser.fake_services.answers["GetApplication"] = NotFound("There is no such application.")
    assert post(browser, "/search", {"q": "1243"})[:2] == (303, "/applications/A-0638")


def test_a_quotes_number_leads_to_the_quote(browser: GatewayHarness) -> None:
    typed = "0190B5E6-6D0E-7B5C-8D5C-0123456789AB"
    assert post(browser, "/search", {"q": typed})[1] == f"/quotes/{typed.lower()}"


def test_a_name_finds_clients_applications_and_quotes_and_is_in_no_address(browser: GatewayHarness) -> None:
    status, location, _ = post(browser, "/search", {"q": "Tester, Jess"})
    assert status == 303 and "ester" not in location
    shown = page(browser, location)
    for kind in ("Clients", "Applications", "Quotes"):
        assert f"<h2>{kind}</h2>" in shown
    assert f"/clients/{CLIENT_ID}" in links(shown) and "/quotes/q-1" in links(shown)
    assert browser.fake_services.last("SearchClients").name == "Tester, Jess"
    assert not [link for link in links(shown) if "ester" in link]


def test_a_name_of_one_letter_is_advised(browser: GatewayHarness) -> None:
    location = post(browser, "/search", {"q": "x"})[1]
    assert "Type at least two letters" in page(browser, location)
    assert post(browser, "/search", {"q": " "})[1] == "/search"


def test_a_service_that_is_away_leaves_the_other_results(browser: GatewayHarness) -> None:
    browser.fake_services.answers["ListQuotes"] = Unavailable("Please try again later.")
    browser.fake_services.answers["SearchClients"] = InvalidInput.at("name", "Type at least 2 letters.")
    shown = page(browser, post(browser, "/search", {"q": "Tester"})[1])
    assert "Some results are missing" in shown and "<h2>Applications</h2>" in shown


def test_clients_are_searched_by_what_is_known_and_it_is_kept_in_the_form(browser: GatewayHarness) -> None:
    fields = {"name": "Tester", "date_of_birth": "3/14/1986", "phone": "312-555-0142", "ssn_last_four": "4399"}
    _, location, _ = post(browser, "/clients/searches", fields)
    assert re.fullmatch(r"/clients\?search=[0-9a-f]{24}", location)
    shown = page(browser, location)
    asked = browser.fake_services.last("SearchClients")
    assert {name: getattr(asked, name) for name in fields} == {**fields, "date_of_birth": "1986-03-14"}
    assert 'value="3/14/1986"' in shown
    assert 'value="4399"' in shown and f"/clients/{CLIENT_ID}" in shown
    browser.fake_services.answers["SearchClients"] = InvalidInput.at("phone", "Enter all ten digits.")
    answer = browser.client.get(location)
    assert answer.status_code == 422 and 'id="phone-error">Enter all ten digits.' in answer.text


def test_a_client_has_one_page_with_everything(browser: GatewayHarness) -> None:
    quote = page_answers.saved_quote()

    def find(request: Any, _: Caller) -> Any:
        if request.quote_id == "q-gone":
            raise NotFound("This quote was not found.")
        return quote_service_pb2.GetQuoteResponse(quote=quote)

    browser.fake_services.answers["GetQuote"] = find
    shown = page(browser, f"/clients/{CLIENT_ID}")
    assert "200 E Randolph St, Chicago, IL 60601<" in shown
    for text in (
        "Jessica Tester",
        "ends in 4399",
        "A-0617",
        "A-0616",
        "Proof document due 6/1/2026",
        "$901.66 a month",
    ):
        assert text in shown
    assert "/quotes/q-1" in links(shown) and "Start enrollment" in shown


def test_somebody_elses_client_is_not_found(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetClient"] = NotFound("No client with this ID is available to you.")
    assert browser.client.get(f"/clients/{CLIENT_ID}").status_code == 404


def test_enrollment_starts_or_asks_what_to_do_with_the_other_application(browser: GatewayHarness) -> None:
    address, answers = f"/clients/{CLIENT_ID}/enrollment", browser.fake_services.answers
    started = page_answers.application(app.APPLICATION_STATUS_INCOMPLETE, "A-0700")
    answers["StartClientEnrollment"] = clients_pb2.StartClientEnrollmentResponse(outcome="started", application=started)
    fields = {"key": "12345678", "writing_number": "220002598"}
    assert post(browser, address, fields)[:2] == (303, "/applications/A-0700/resume")
    sent = browser.fake_services.last("StartClientEnrollment")
    assert (sent.client_id, sent.writing_number, sent.choice) == (CLIENT_ID, "220002598", 0)
    answers["StartClientEnrollment"] = clients_pb2.StartClientEnrollmentResponse(
        outcome="choice_needed", incomplete_record_number="A-0617"
    )
    status, location, _ = post(browser, address, fields)
    assert status == 303
    shown = page(browser, location)
    assert "Go To Incomplete Application" in shown and "Create New Application" in shown and "A-0617" in shown
    assert 'name="writing_number" value="220002598"' in shown
    post(browser, address, fields | {"choice": "create_new", "reason": "client_asked"})
    sent = browser.fake_services.last("StartClientEnrollment")
    assert (sent.choice, sent.reason) == (
        clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW,
        clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED,
    )


def test_a_second_application_without_a_reason_asks_again(browser: GatewayHarness) -> None:
    refusal = InvalidInput.at("reason", "Choose a reason.")
    browser.fake_services.answers["StartClientEnrollment"] = refusal
    _, location, _ = post(browser, f"/clients/{CLIENT_ID}/enrollment", {"key": "12345678", "choice": "create_new"})
    answer = browser.client.get(location)
    assert answer.status_code == 422 and 'id="reason-error"' in answer.text


@pytest.mark.parametrize("path", ["/", "/enroll", "/quotes", "/reporting", "/resources", "/no/such/page"])
def test_every_signed_in_page_has_the_search_box_with_a_label(browser: GatewayHarness, path: str) -> None:
    shown = browser.client.get(path).text
    assert shown.count('<label class="ds-u-visibility--screen-reader" for="find-text">Find by client name') == 1
    assert shown.count('id="find-text"') == 1

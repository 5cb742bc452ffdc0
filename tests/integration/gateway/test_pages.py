"""The portal's pages as a browser without JavaScript uses them."""

from __future__ import annotations

import re

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, clients_pb2, enrollment_service_pb2
from suite.payment.v1 import payment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import Conflict, InvalidInput, NotFound, Problem
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HOUSEHOLD = {
    "key": "a-key-for-one-quote",
    "writing_number": "220002580",
    "effective_date": "2026-07-01",
    "zip": "60601",
    "members[0].relationship": "self",
    "members[0].date_of_birth": "1986-03-14",
    "members[0].sex": "female",
    "members[0].tobacco_use": "no",
    "action": "view_plans",
}


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    """The portal with somebody signed in by cookie, and services that answer."""
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def sign_in(harness: GatewayHarness, email: str) -> None:
    fields = {"email": email, "password": "demo", "next": "/"}
    answer = harness.client.post("/sign-in", data=fields, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def page(harness: GatewayHarness, path: str) -> str:
    answer = harness.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def post(harness: GatewayHarness, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
    """Fill a form that was fetched before: status, where to go, text."""
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get("/notifications").text + page(harness, "/"))
    assert found
    answer = harness.client.post(path, data={"csrf": found[1], **fields}, headers=SAME_ORIGIN)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_a_visitor_without_a_session_is_sent_to_sign_in_and_back(gateway_portal: GatewayHarness) -> None:
    answer = gateway_portal.client.get("/quotes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/quotes")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a//b", "javascript:x"]
)
def test_sign_in_never_leads_elsewhere(gateway_portal: GatewayHarness, target: str) -> None:
    fields = {"email": "producer@example.com", "password": "demo", "next": target}
    answer = gateway_portal.client.post("/sign-in", data=fields, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/"


def test_a_new_sign_in_ends_the_session_before(browser: GatewayHarness) -> None:
    before = browser.client.cookies["sid"]
    sign_in(browser, "delegate@example.com")
    after = browser.client.cookies["sid"]
    assert before != after
    browser.client.cookies.clear()
    browser.client.cookies.set("sid", before)
    assert browser.client.get("/").status_code == 303


def test_home_shows_the_quotes_tile_only_when_there_are_quotes(browser: GatewayHarness) -> None:
    assert "View saved quotes" in page(browser, "/")
    browser.fake_services.answers["ListQuotes"] = quote_service_pb2.ListQuotesResponse()
    shown = page(browser, "/")
    assert "View saved quotes" not in shown
    assert "New Quote" in shown and "Enroll a client" in shown


@pytest.mark.parametrize("path", ["/quotes/new", "/quotes/q-1/plans", "/quotes/q-1/enrollment", "/applications/new"])
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_sessions_token_is_refused(browser: GatewayHarness, path: str, token: str) -> None:
    browser.fake_services.asked.clear()
    answer = browser.client.post(path, data={"csrf": token}, headers=SAME_ORIGIN)
    assert answer.status_code == 403
    assert browser.fake_services.asked == []


def test_a_form_from_another_site_is_refused(browser: GatewayHarness) -> None:
    answer = browser.client.post("/sign-out", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert browser.client.get("/").status_code == 200


def test_a_zip_in_several_counties_asks_which_one(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD)
    assert status == 200
    assert "Cook County" in shown and "DuPage County" in shown
    assert not [name for name, _, _ in browser.fake_services.asked if name == "CreateQuote"]
    status, location, _ = post(browser, "/quotes/new", HOUSEHOLD | {"county_fips": "17031"})
    assert (status, location) == (303, "/quotes/q-1/plans")
    assert browser.fake_services.last("CreateQuote").members[0].sex == common_pb2.SEX_FEMALE


def test_zip_with_a_pasted_no_break_space_is_accepted(browser: GatewayHarness) -> None:
    status, location, _ = post(browser, "/quotes/new", HOUSEHOLD | {"zip": "60601\u00a01234", "county_fips": "17031"})
    assert (status, location) == (303, "/quotes/q-1/plans")


def test_a_zip_that_is_not_listed_goes_on_with_a_county_of_the_state(browser: GatewayHarness) -> None:
    answer = browser.fake_services.answers["ListCounties"]
    assert isinstance(answer, quote_service_pb2.ListCountiesResponse)
    counties = quote_service_pb2.ListCountiesResponse(counties=answer.counties, zip_not_listed=True)
    browser.fake_services.answers["ListCounties"] = counties
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD)
    assert status == 200
    assert "We do not recognize this ZIP code." in shown and "DuPage County" in shown
    status, location, _ = post(browser, "/quotes/new", HOUSEHOLD | {"county_fips": "17043"})
    assert (status, location) == (303, "/quotes/q-1/plans")


def test_a_name_beyond_the_bound_of_the_contract_is_said_at_its_field_and_no_quote_is_made(
    browser: GatewayHarness,
) -> None:
    long_name = {"county_fips": "17031", "members[0].first_name": "x" * 61}
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD | long_name)
    assert status == 422
    assert re.search(r'id="members-0-first_name-error">Shorten this to 60 characters\.', shown)
    assert re.search(r'name="members\[0\]\.first_name"[^>]* maxlength="60"', shown)
    assert re.search(r'name="zip"[^>]* pattern="\[0-9\]\{5\}[^"]*" title="Enter the ZIP code as five digits', shown)
    assert not [name for name, _, _ in browser.fake_services.asked if name == "CreateQuote"]


def test_a_zip_of_another_state_is_said_at_its_field(browser: GatewayHarness) -> None:
    counties = [quote_pb2.County(fips="40109", name="Oklahoma County", state="OK")]
    browser.fake_services.answers["ListCounties"] = quote_service_pb2.ListCountiesResponse(counties=counties)
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD)
    assert status == 422
    assert 'id="zip-error"' in shown


def test_people_are_added_and_removed_without_losing_what_was_typed(browser: GatewayHarness) -> None:
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | {"action": "add_spouse"})
    assert "Spouse" in shown and 'value="1986-03-14"' in shown and 'name="members[1].date_of_birth"' in shown
    spouse = {"members[1].relationship": "spouse", "members[1].date_of_birth": "1988-02-10"}
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | spouse | {"action": "remove.1"})
    assert "members[1]" not in shown


def test_a_disabled_child_is_one_choice_of_the_form(browser: GatewayHarness) -> None:
    child = {
        "members[1].relationship": "disabled_child",
        "members[1].date_of_birth": "1990-02-10",
        "members[1].sex": "male",
        "members[1].tobacco_use": "no",
    }
    status, _, _ = post(browser, "/quotes/new", HOUSEHOLD | child | {"county_fips": "17031"})
    assert status == 303
    applicant, sent = browser.fake_services.last("CreateQuote").members
    assert (sent.relationship, sent.disabled_dependent) == (common_pb2.RELATIONSHIP_CHILD, True)
    assert not applicant.disabled_dependent
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | child | {"action": "add_dependent"})
    assert 'value="disabled_child" selected' in shown


def test_missing_answers_are_shown_at_their_fields(browser: GatewayHarness) -> None:
    fields = HOUSEHOLD | {"members[0].date_of_birth": "", "members[0].tobacco_use": "", "county_fips": "17031"}
    status, _, shown = post(browser, "/quotes/new", fields)
    assert status == 422
    assert 'id="members-0-date_of_birth-error"' in shown and 'id="members-0-tobacco_use-error"' in shown


TURNS_21 = {
    "members[1].relationship": "child",
    "members[1].date_of_birth": "2005-07-01",
    "members[1].sex": "male",
    "county_fips": "17031",
}


def test_a_child_who_is_21_on_the_effective_date_is_asked_about_tobacco(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD | TURNS_21)
    assert status == 422
    assert 'id="members-1-tobacco_use-error"' in shown and 'id="members-0-tobacco_use-error"' not in shown
    status, _, _ = post(browser, "/quotes/new", HOUSEHOLD | TURNS_21 | {"members[1].tobacco_use": "yes"})
    assert status == 303
    assert [member.tobacco_use for member in browser.fake_services.last("CreateQuote").members] == [False, True]


def test_a_member_who_is_20_on_the_effective_date_is_not_asked_about_tobacco(browser: GatewayHarness) -> None:
    young = {"members[0].date_of_birth": "2005-07-02", "members[0].tobacco_use": "", "county_fips": "17031"}
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | young | {"action": "add_spouse"})
    assert 'name="members[0].tobacco_use"' not in shown and 'name="members[1].tobacco_use"' in shown
    assert post(browser, "/quotes/new", HOUSEHOLD | young)[0] == 303


def test_tobacco_answer_of_a_person_under_age_is_kept_in_a_hidden_field(browser: GatewayHarness) -> None:
    young = {"members[0].date_of_birth": "2005-07-02", "members[0].tobacco_use": "yes"}
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | young | {"action": "add_spouse"})
    assert '<input type="hidden" name="members[0].tobacco_use" value="yes">' in shown


def test_a_refusal_of_the_service_is_shown_at_its_field(browser: GatewayHarness) -> None:
    problem = Problem("members[0].date_of_birth", "The date of birth lies in the future.")
    browser.fake_services.answers["CreateQuote"] = InvalidInput("No.", problems=(problem,))
    status, _, shown = post(browser, "/quotes/new", HOUSEHOLD | {"county_fips": "17031"})
    assert status == 422
    assert "lies in the future" in shown and 'aria-invalid="true"' in shown


def test_typed_text_is_escaped_in_the_page(browser: GatewayHarness) -> None:
    name = {"members[0].first_name": '"><script>alert(1)</script>', "action": "add_dependent"}
    _, _, shown = post(browser, "/quotes/new", HOUSEHOLD | name)
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def test_made_up_plans_are_labelled_and_selected_with_the_version_read(browser: GatewayHarness) -> None:
    shown = page(browser, "/quotes/q-1/plans")
    assert shown.count(">Illustrative<") >= 6 and "$3,340.10" in shown
    fields = {"medical_plan_id": "36096IL0760001-00", "dental_plan_id": "", "version": "2"}
    assert post(browser, "/quotes/q-1/plans", fields)[:2] == (303, "/quotes/q-1")
    sent = browser.fake_services.last("SelectPlans")
    assert (sent.medical_plan_id, sent.dental_plan_id, sent.version) == ("36096IL0760001-00", "", 2)


def test_enrollment_leads_to_the_application_the_question_or_the_exchange(browser: GatewayHarness) -> None:
    started = page_answers.application(application_pb2.APPLICATION_STATUS_INCOMPLETE, "A-0001")
    answers = browser.fake_services.answers
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(outcome="started", application=started)
    assert post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[1] == "/applications/A-0001/resume"
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(
        outcome="choice_needed", incomplete_record_number="A-0001"
    )
    shown = post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    assert "Create New Application" in shown and "Go To Incomplete Application" in shown
    post(browser, "/quotes/q-1/enrollment", {"key": "12345678", "choice": "create_new", "reason": "client_asked"})
    assert browser.fake_services.last("StartEnrollment").reason == clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(outcome="choice_needed")
    assert "Go To Incomplete Application" not in post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(
        outcome="on_exchange_redirect", exchange_target="ISP", exchange_url="https://exchange.example/sign-in"
    )
    shown = post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    assert 'href="https://exchange.example/sign-in" target="_blank"' in shown


def test_a_delegate_cannot_enroll_on_the_exchange(browser: GatewayHarness) -> None:
    on_exchange = page_answers.saved_quote()
    on_exchange.exchange = common_pb2.EXCHANGE_ON
    browser.fake_services.answers["GetQuote"] = quote_service_pb2.GetQuoteResponse(quote=on_exchange)
    assert "Enroll in Selected Plans" in page(browser, "/quotes/q-1")
    sign_in(browser, "delegate@example.com")
    assert "Enroll in Selected Plans" not in page(browser, "/quotes/q-1")


def test_a_submitted_application_shows_what_the_guide_names(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0638")
    for text in ("Application A-0638", "FRITZ, CALVIN C", "5/20/2026", "$1,458.81", "View Application PDF", "Pay Now"):
        assert text in shown


def test_an_application_shows_what_each_month_costs_and_that_the_plan_year_ends(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0638")
    for text in ("December 2026", "January 2027", "$1,546.34", "$3,005.15", "the plan year ends on 12/31/2026"):
        assert text in shown


def test_an_incomplete_application_says_what_is_missing(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/A-0001")
    assert "Please add a life event." in shown and "View Application PDF" not in shown


def test_paying_leads_to_the_payment_page_and_nowhere_else(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url="https://pay.example/p/1")
    answer = browser.client.get("/applications/A-0638/pay")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://pay.example/p/1")
    answers["CreatePaymentLink"] = payment_service_pb2.CreatePaymentLinkResponse(url="https://pay.example.evil/p/1")
    assert browser.client.get("/applications/A-0638/pay").status_code == 503
    answers["ConfirmPayable"] = Conflict("No payment is due.", code="application_cancelled")
    assert browser.client.get("/applications/A-0638/pay").status_code == 409


def test_an_unknown_record_number_is_an_error_page_that_helps(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetApplication"] = NotFound("There is no such application.")
    answer = browser.client.get("/applications/A-9999")
    assert answer.status_code == 404
    assert "There is no such application." in answer.text and "Go to Home" in answer.text


def test_signing_out_ends_the_session(browser: GatewayHarness) -> None:
    assert post(browser, "/sign-out", {})[:2] == (303, "/sign-in?signed_out=1")
    assert browser.client.get("/").status_code == 303


def test_every_page_forbids_caching_and_has_no_inline_script_or_style(browser: GatewayHarness) -> None:
    for path in ("/", "/quotes", "/quotes/new", "/quotes/q-1", "/quotes/q-1/plans", "/enroll", "/applications/A-0638"):
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        inline = re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", answer.text)
        assert inline is None, inline


def test_an_unexpected_fault_shows_no_stack(browser: GatewayHarness) -> None:
    browser.fake_services.answers["ListApplications"] = ValueError("secret detail")
    answer = browser.client.get("/enroll")
    assert answer.status_code == 503
    assert "secret" not in answer.text and "Traceback" not in answer.text

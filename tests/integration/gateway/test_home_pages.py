"""Home, Quote & Enroll, and the deadlines with their calendar addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2 as app

from chassis.kernel import Caller, InvalidInput, Unavailable
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page, post, sign_in


def deadline(kind: overview.DeadlineKind.ValueType, due_on: str) -> overview.Deadline:
    return overview.Deadline(
        record_number="A-0616",
        kind=kind,
        due_on=due_on,
        applicant_name="Jessica Tester",
        producer=page_answers.FRITZ,
        status=app.APPLICATION_STATUS_FAILED,
    )


DUE = [
    deadline(overview.DEADLINE_KIND_FIRST_PAYMENT_DUE, "2026-05-19"),
    deadline(overview.DEADLINE_KIND_DOCUMENT_DUE, "2026-05-20"),
    deadline(overview.DEADLINE_KIND_SEP_WINDOW_END, "2026-06-01"),
]


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    gateway_portal.fake_services.answers["ListDeadlines"] = overview.ListDeadlinesResponse(
        deadlines=DUE, count=3, next_page_token="more"
    )
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def test_quote_and_enroll_opens_the_three_tiles(browser: GatewayHarness) -> None:
    assert 'href="/quote-and-enroll"' in page(browser, "/")
    shown = page(browser, "/quote-and-enroll")
    for tile in ('<a href="/quotes">Quotes</a>', '<a href="/quotes/new">New Quote</a>', '<a href="/enroll">Enroll</a>'):
        assert tile in shown


def test_home_shows_each_kind_of_waiting_work_with_its_next_action(browser: GatewayHarness) -> None:
    shown = page(browser, "/")
    for title in (
        "Deadlines in the next 14 days",
        "Incomplete applications",
        "Failed applications",
        "First payment not made",
        "Documents owed",
    ):
        assert title in shown
    for address in ("/applications/A-0616/resume", "/applications/A-0616", "/applications/A-0616#documents"):
        assert f'href="{address}"' in shown
    assert "Applicant Information, expires" in shown  # a step is called as it is headed
    assert "First payment due 5/19/2026, overdue" in shown and "Proof document due 5/20/2026<" in shown
    asked = [request for name, request, _ in browser.fake_services.asked if name == "ListDeadlines"]
    assert {(one.kind, one.due_from, one.due_to) for one in asked} == {
        (overview.DEADLINE_KIND_UNSPECIFIED, "2026-04-20", "2026-06-03"),
        (overview.DEADLINE_KIND_FIRST_PAYMENT_DUE, "2025-05-20", ""),
        (overview.DEADLINE_KIND_DOCUMENT_DUE, "2025-05-20", ""),
    }


def test_home_names_the_step_to_go_on_at_and_the_client_where_only_the_review_is_missing(
    browser: GatewayHarness,
) -> None:
    def waiting(request: overview.ListApplicationsRequest, _: Caller) -> overview.ListApplicationsResponse:
        failed, awaited = page_answers.summary(request.status, 616), page_answers.summary(request.status, 617)
        failed.next_step = app.STEP_PLANS
        awaited.current_step, awaited.next_step = app.STEP_SIGNATURES, app.STEP_UNSPECIFIED
        return overview.ListApplicationsResponse(applications=[failed, awaited], count=2)

    browser.fake_services.answers["ListApplications"] = waiting
    browser.fake_services.asked.clear()
    shown = page(browser, "/")
    assert "Plan Selection, expires" in shown and "Client Review, expires" in shown
    assert "Applicant Information" not in shown and "Signatures and Payment" not in shown
    assert "GetApplication" not in [name for name, _, _ in browser.fake_services.asked]  # however many rows there are


def test_home_stays_usable_while_enrollment_is_away(browser: GatewayHarness) -> None:
    for rpc in ("ListDeadlines", "ListApplications", "ListAwaitedReviews"):
        browser.fake_services.answers[rpc] = Unavailable("Please try again later.")
    shown = page(browser, "/")
    assert shown.count("This list is not available right now.") == 6 and "New Quote" in shown


def test_deadlines_are_narrowed_and_turned(browser: GatewayHarness) -> None:
    shown = page(browser, "/deadlines?kind=document_due&first=5/1/2026&last=06302026")
    asked = browser.fake_services.last("ListDeadlines")
    assert (asked.kind, asked.due_from, asked.due_to) == (
        overview.DEADLINE_KIND_DOCUMENT_DUE,
        "2026-05-01",
        "2026-06-30",
    )
    assert "Overdue" in shown and "3 deadlines" in shown and "page=more" in shown
    assert 'value="5/1/2026"' in shown and 'value="06302026"' in shown
    browser.fake_services.answers["ListDeadlines"] = InvalidInput.at("due_to", "Choose a later date.")
    answer = browser.client.get("/deadlines?first=2026-05-01&last=2026-04-30")
    assert answer.status_code == 422 and 'id="last-error">Choose a later date.' in answer.text
    answer = browser.client.get("/deadlines?last=6/31/2026")
    assert answer.status_code == 422 and 'id="last-error">June 2026 has no 31st day' in answer.text


def test_a_calendar_address_is_shown_once_and_can_be_revoked(browser: GatewayHarness) -> None:
    status, location, _ = post(browser, "/deadlines/calendars", {})
    assert status == 303
    shown = page(browser, location)
    [url] = re.findall(r"http://testserver(/api/v1/deadline-feeds/[\w-]+\.ics)", shown)
    assert browser.client.get(url).status_code == 200
    assert "/api/v1/deadline-feeds/" not in page(browser, location)
    [feed] = re.findall(r'name="feed_id" value="([\w-]+)"', page(browser, "/deadlines"))
    assert post(browser, "/deadlines/calendars/revocations", {"feed_id": feed})[0] == 303
    assert browser.client.get(url).status_code == 404
    assert 'name="feed_id"' not in page(browser, "/deadlines")


def test_a_calendar_address_is_made_by_its_owner_alone(browser: GatewayHarness) -> None:
    location = post(browser, "/deadlines/calendars", {})[1]
    sign_in(browser, "delegate@example.com")
    assert "/api/v1/deadline-feeds/" not in page(browser, location)


def test_what_is_submitting_waits_for_its_outcome(browser: GatewayHarness) -> None:
    def submitting(request: Any, _: Caller) -> Any:
        row = page_answers.summary(app.APPLICATION_STATUS_SUBMITTING, 617)
        return overview.ListApplicationsResponse(applications=[row], count=1)

    browser.fake_services.answers["ListApplications"] = submitting
    assert "See the outcome" in page(browser, "/")

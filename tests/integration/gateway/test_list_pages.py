"""The lists of applications as a browser without JavaScript uses them (R97-R99)."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2 as app

from chassis.kernel import Caller, InvalidInput, Unavailable
from gateway.pages.lists import listing
from gateway.pages.lists.columns import COLUMNS
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page, post, sign_in

STATUS_OF = {
    "completed": app.APPLICATION_STATUS_SUBMITTED,
    "incomplete": app.APPLICATION_STATUS_INCOMPLETE,
    "failed": app.APPLICATION_STATUS_FAILED,
    "expired": app.APPLICATION_STATUS_EXPIRED,
}


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def links(shown: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', shown)]


def last_search(browser: GatewayHarness) -> overview.SearchApplicationsRequest:
    found: overview.SearchApplicationsRequest = browser.fake_services.last("SearchApplications")
    return found


@pytest.mark.parametrize("tab", COLUMNS)
def test_every_column_of_a_list_sorts_both_ways(browser: GatewayHarness, tab: str) -> None:
    for column in COLUMNS[tab]:
        shown = page(browser, f"/enroll?tab={tab}&sort={column.name}")
        assert (last_search(browser).status, last_search(browser).order.by) == (STATUS_OF[tab], column.order)
        first = last_search(browser).order.descending
        assert f'aria-sort="{"descending" if first else "ascending"}"' in shown
        [again] = [one for one in links(shown) if f"sort={column.name}&" in one and ".csv" not in one]
        page(browser, again)
        assert last_search(browser).order.descending is not first, column.name


def test_a_list_that_does_not_exist_is_not_found(browser: GatewayHarness) -> None:
    assert browser.client.get("/enroll?tab=lost").status_code == 404


def test_filters_reach_the_service_and_stay_in_the_form(browser: GatewayHarness) -> None:
    fields = {
        "tab": "completed", "state": "TX", "producer": "107864325", "status": "cancelled", "payment": "refund_due",
        "date": "effective", "first": "6/1/2026", "last": "07312026", "sort": "applicant", "dir": "up",
    }  # fmt: skip  # reads across, as a table
    status, location, _ = post(browser, "/enroll/searches", fields)
    assert status == 303
    shown = page(browser, location)
    asked = last_search(browser)
    assert (asked.filter.state, asked.filter.writing_number) == ("TX", "107864325")
    assert (asked.filter.status, asked.filter.payment_status) == (app.APPLICATION_STATUS_CANCELLED, "refund_due")
    assert (asked.filter.effective_from, asked.filter.effective_to) == ("2026-06-01", "2026-07-31")
    assert (asked.filter.submitted_from, asked.order.descending) == ("", False)
    assert '<option value="TX" selected>Texas</option>' in shown and 'value="6/1/2026"' in shown
    assert "<details" in shown and "open>" in shown


def test_a_searched_name_is_asked_for_and_in_no_address(browser: GatewayHarness) -> None:
    _, location, _ = post(browser, "/enroll/searches", {"tab": "failed", "applicant": "O'Brien Zoë"})
    shown = page(browser, location)
    assert last_search(browser).applicant == "O'Brien Zoë"
    assert "O&#39;Brien Zoë" in shown
    assert not [one for one in [location, *links(shown)] if "rien" in one.lower() or "zo" in one.lower()]
    again = page(browser, location.replace("tab=failed", "tab=failed&sort=state"))
    assert last_search(browser).applicant == "O'Brien Zoë" and "O&#39;Brien" in again


def test_a_name_that_somebody_else_searched_for_is_not_shown(browser: GatewayHarness) -> None:
    _, location, _ = post(browser, "/enroll/searches", {"tab": "completed", "applicant": "Tester"})
    sign_in(browser, "delegate@example.com")
    page(browser, location)
    assert last_search(browser).applicant == ""


def test_what_is_wrong_with_a_search_is_said_at_its_field(browser: GatewayHarness) -> None:
    refusal = InvalidInput.at("filter.submitted_from", "The first date is after the last date. Swap them.")
    browser.fake_services.answers["SearchApplications"] = refusal
    answer = browser.client.get("/enroll?tab=completed&date=submitted&first=2026-07-01&last=2026-06-01")
    assert answer.status_code == 422
    assert 'id="first-error">The first date is after' in answer.text and 'value="07/01/2026"' in answer.text


def test_a_day_that_is_none_is_explained_as_people_write_it(browser: GatewayHarness) -> None:
    refusal = InvalidInput.at("filter.submitted_to", "Enter the date as YYYY-MM-DD.")
    browser.fake_services.answers["SearchApplications"] = refusal
    answer = browser.client.get("/enroll?tab=completed&date=submitted&last=6/31/2026")
    assert answer.status_code == 422
    assert 'id="last-error">June 2026 has no 31st day' in answer.text and 'value="6/31/2026"' in answer.text


def test_pages_are_turned_both_ways_and_counted(browser: GatewayHarness) -> None:
    browser.fake_services.answers["SearchApplications"] = lambda request, _: overview.SearchApplicationsResponse(
        applications=[page_answers.summary(request.status, 616)],
        next_page_token="onward",
        previous_page_token="back" if request.page.token else "",
        count=1000,
        count_capped=True,
    )
    shown = page(browser, "/enroll?tab=incomplete&sort=applicant&state=IL")
    assert "1,000+ applications" in shown and "Page 1" in shown and 'rel="prev"' not in shown
    [following] = [one for one in links(shown) if "page=onward" in one]
    shown = page(browser, following)
    asked = last_search(browser)
    assert (asked.page.token, asked.filter.state, asked.order.by) == (
        "onward",
        "IL",
        overview.APPLICATION_COLUMN_APPLICANT,
    )
    assert "Page 2" in shown
    [before] = [one for one in links(shown) if "page=back" in one]
    assert parse_qs(urlsplit(before).query)["at"] == ["1"]


def test_drafts_are_resumed_and_other_applications_open_their_details(browser: GatewayHarness) -> None:
    assert "/applications/A-0616/resume" in links(page(browser, "/enroll?tab=incomplete"))
    assert "/applications/A-0616" in links(page(browser, "/enroll?tab=completed"))
    assert "/applications/A-0616" in links(page(browser, "/enroll?tab=failed"))
    assert "/applications/A-0616" in links(page(browser, "/enroll?tab=expired"))


def test_expired_applications_have_a_list_that_narrows_by_the_day_of_expiry_and_exports(
    browser: GatewayHarness,
) -> None:
    assert "/enroll?tab=expired" in links(page(browser, "/enroll"))
    shown = page(browser, "/enroll?tab=expired&first=2026-08-01")
    asked = last_search(browser)
    assert (asked.status, asked.filter.expires_from) == (app.APPLICATION_STATUS_EXPIRED, "2026-08-01")
    assert "Showing expired applications" in shown
    head, line, *_ = exported(browser, "/enroll/applications.csv?tab=expired")
    assert dict(zip(head, line, strict=True))["Expiration Date"] == "2026-08-18"


def exported(browser: GatewayHarness, address: str) -> list[list[str]]:
    answer = browser.client.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_csv_keeps_zeros_and_makes_formulas_harmless(browser: GatewayHarness) -> None:
    row = page_answers.summary(app.APPLICATION_STATUS_SUBMITTED, 616)
    row.applicant_name, row.producer.writing_number, row.producer.name = '=HYPERLINK("x")', "012345678", "@SUM, A\nB"
    browser.fake_services.answers["SearchApplications"] = overview.SearchApplicationsResponse(applications=[row])
    head, line = exported(browser, "/enroll/applications.csv?tab=completed")
    cells = dict(zip(head, line, strict=True))
    assert cells["Producer Number"] == "012345678"
    assert cells["Applicant Name"] == '\'=HYPERLINK("x")' and cells["Producer Name"] == "'@SUM, A\nB"
    assert (cells["Monthly Premium"], cells["Date Submitted"]) == ("901.66", "2026-05-20")


def test_csv_has_all_pages_in_the_order_of_the_list_and_ends_within_its_bound(
    browser: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turn(request: overview.SearchApplicationsRequest, _: Caller) -> overview.SearchApplicationsResponse:
        place = int(request.page.token or "1")
        rows = [page_answers.summary(request.status, place)]
        return overview.SearchApplicationsResponse(
            applications=rows, next_page_token=str(place + 1) if place < 5 else ""
        )

    browser.fake_services.answers["SearchApplications"] = turn
    lines = exported(browser, "/enroll/applications.csv?tab=incomplete&sort=state&dir=up&page=3")
    assert [line[0] for line in lines[1:]] == ["A-0001", "A-0002", "A-0003", "A-0004", "A-0005"]
    assert (last_search(browser).order.descending, last_search(browser).page.size) == (False, listing.EXPORT_PAGE)
    monkeypatch.setattr(listing, "EXPORT_ROWS", 3)
    lines = exported(browser, "/enroll/applications.csv?tab=incomplete")
    assert len(lines) == 5 and lines[-1][0].startswith("Only the first 3 rows")


def test_csv_that_cannot_be_made_is_an_error_page(browser: GatewayHarness) -> None:
    browser.fake_services.answers["SearchApplications"] = Unavailable("Please try again later.")
    assert browser.client.get("/enroll/applications.csv").status_code == 503

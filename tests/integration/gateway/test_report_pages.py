"""Reporting, resources and news, and the bell's notifications with the clients' names."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from suite.common.v1 import common_pb2
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import reports_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.db import Database
from chassis.kernel import Caller, NotFound, Unavailable
from gateway.pages.news import FOLDER, read_news
from gateway.store.tables import notifications
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_list_pages import links
from tests.integration.gateway.test_pages import page, sign_in


def enrollment(state: str, month: str, submitted: int, from_quotes: int, cents: int, days: int | None) -> Any:
    return reports_pb2.EnrollmentFigures(
        state=state,
        month=month,
        submitted=submitted,
        submitted_from_quotes=from_quotes,
        monthly_premium=common_pb2.Money(cents=cents),
        median_days_from_quote=days,
    )


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    quotes = [
        quote_service_pb2.QuoteFigures(state="IL", month="2026-04", made=8),
        quote_service_pb2.QuoteFigures(state="IL", month="2026-05", made=2),
        quote_service_pb2.QuoteFigures(state="TX", month="2026-05", made=2),
    ]
    sent = [enrollment("IL", "2026-05", 3, 2, 270_000, 9), enrollment("TX", "2026-05", 1, 0, 10_050, None)]
    gateway_portal.fake_services.answers |= {
        "GetQuoteReport": quote_service_pb2.GetQuoteReportResponse(figures=quotes),
        "GetEnrollmentReport": reports_pb2.GetEnrollmentReportResponse(figures=sent),
    }
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def test_a_report_shows_charts_with_the_figures_in_tables_behind_them(browser: GatewayHarness) -> None:
    shown = page(browser, "/reporting?months=6&state=IL&producer=220002580")
    asked = browser.fake_services.last("GetEnrollmentReport")
    assert (asked.first_month, asked.last_month) == ("2025-12", "2026-05")
    assert (asked.state, asked.writing_number) == ("IL", "220002580")
    assert shown.count('<svg role="img" aria-label="') == 5
    assert "Quotes made by month. May 2026: 4, April 2026: 8." in shown
    assert '<td data-title="Month">May 2026</td>' in shown and '<td data-title="State">Texas</td>' in shown
    assert ">May 2026</text>" in shown and ">$2,800</text>" in shown
    assert "$2,800.50" in shown and "50%" in shown and "style=" not in shown


def test_a_report_of_an_empty_book_says_so(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetQuoteReport"] = quote_service_pb2.GetQuoteReportResponse()
    browser.fake_services.answers["GetEnrollmentReport"] = reports_pb2.GetEnrollmentReportResponse()
    shown = page(browser, "/reporting")
    assert "Quotes made by month. None in this time." in shown and "$0.00" in shown


def test_the_report_as_csv_has_a_line_for_each_state_and_month(browser: GatewayHarness) -> None:
    answer = browser.client.get("/reporting/report.csv?months=12")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines[1:] == [
        ["2026-04", "IL", "8", "0", "0.00", "0", ""],
        ["2026-05", "IL", "2", "3", "2700.00", "100", "9"],
        ["2026-05", "TX", "2", "1", "100.50", "0", ""],
    ]


def test_a_report_of_somebody_elses_number_is_not_found(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetQuoteReport"] = NotFound("You cannot act for this writing number.")
    assert browser.client.get("/reporting?producer=660003012").status_code == 404


def test_resources_list_the_texts_of_a_state_with_their_versions(browser: GatewayHarness) -> None:
    def tell(request: Any, _: Caller) -> texts_pb2.GetTextResponse:
        if request.kind == "consumer-choice" and request.state != "TX":
            raise NotFound("There is no such text.")
        sections = [texts_pb2.TextSection(heading="One", paragraphs=[texts_pb2.TextParagraph(text="Read me.")])]
        text = texts_pb2.LegalText(
            kind=request.kind, version="2026.1", state=request.state, title=f"The {request.kind}", sections=sections
        )
        return texts_pb2.GetTextResponse(text=text)

    browser.fake_services.answers["GetText"] = tell
    shown = page(browser, "/resources")
    assert shown.count("Version 2026.1") == 6 and "Illinois" in shown
    assert page(browser, "/resources?state=TX").count("Version 2026.1") == 7
    assert "/resources/texts/terms?state=IL" in links(shown)
    assert "Read me." in page(browser, "/resources/texts/terms?state=IL")
    assert browser.client.get("/resources/texts/consumer-choice?state=IL").status_code == 404
    assert browser.client.get("/resources/texts/secret").status_code == 404


def test_news_come_from_files_the_newest_first_and_on_their_day(browser: GatewayHarness) -> None:
    dates = [item.date for item in read_news(FOLDER)]
    assert dates == sorted(dates, reverse=True) and len(dates) > 1
    shown = page(browser, "/news")
    assert "5/1/2026" in shown and "11/1/2026" not in shown, "today is 5/20/2026"
    browser.clock.advance(timedelta(days=165))
    sign_in(browser, "producer@example.com")
    shown = page(browser, "/news")
    browser.clock.advance(-timedelta(days=165))  # it is shared
    assert shown.index("11/1/2026") < shown.index("5/1/2026")


def test_notifications_name_the_client_and_do_without_while_enrollment_is_away(
    browser: GatewayHarness, gateway_url: str
) -> None:
    row = {
        "user_id": "00000000-0000-4000-8000-000000000001",
        "kind": "application.submitted",
        "record_number": "A-0638",
        "at": datetime(2026, 5, 20, 15, tzinfo=UTC),
    }
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        connection.execute(insert(notifications).values(row))
    database.close()
    named = overview.Applicant(record_number="A-0638", applicant_name="Jessica Tester")
    browser.fake_services.answers["ListApplicants"] = overview.ListApplicantsResponse(applicants=[named])
    assert "Jessica Tester" in page(browser, "/notifications")
    browser.fake_services.answers["ListApplicants"] = Unavailable("Please try again later.")
    shown = page(browser, "/notifications")
    assert '<span class="nowrap">A-0638</span> was submitted.' in shown and "Jessica" not in shown


def test_resources_have_guides_as_pages(browser: GatewayHarness) -> None:
    shown = page(browser, "/resources")
    guides = [path for path in links(shown) if path.startswith("/resources/guides/")]
    assert [path.rpartition("/")[2] for path in guides] == [
        "quote",
        "enroll",
        "client-review",
        "payment",
        "deadlines",
        "after-submission",
    ]
    for path in guides:
        guide = page(browser, path)
        assert guide.count("<li>") > 5 and "Other guides" in guide
    assert browser.client.get("/resources/guides/none").status_code == 404

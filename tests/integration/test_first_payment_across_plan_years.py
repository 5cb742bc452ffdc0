"""A newborn of 31 December, applied for on 15 January: each month at its plan year's premium, and somebody is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import httpx
import pytest
from pypdf import PdfReader

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from tests.integration.conftest import started_on

# Starts a second suite, with a broker of its own.
pytestmark = pytest.mark.timeout(400)
BORN, DECEMBER, JANUARY = date(2026, 12, 31), "1732.16", "1836.08"
MONTHS = [{"month": "2026-12", "amount": DECEMBER}, {"month": "2027-01", "amount": JANUARY}]


@pytest.fixture(scope="module")
def suite(sql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """In place of the suite of the other modules, so that ``api`` is signed in to this one."""
    with started_on("2027-01-15", sql_server, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def journey(api: Api) -> Journey:
    """Ready to be submitted; the day of the birth is ten days before the day that a journey is told."""
    found = Journey(api, date(2027, 1, 10))
    assert found.birth == BORN
    found.until_ready()
    return found


def test_both_months_are_shown_before_submission_charged_and_shown_after(api: Api, journey: Journey) -> None:
    ready = journey.application
    assert ready["header"]["monthly_premium"] == DECEMBER
    assert (ready["first_payment_months"], ready["first_payment"]) == (MONTHS, "3568.24")
    options = api.get(f"/applications/{journey.record_number}/effective-dates")["options"]
    assert [one["first_payment_months"] for one in options] == [MONTHS, [{"month": "2027-02", "amount": JANUARY}]]

    journey.submit()

    payment = api.get(f"/applications/{journey.record_number}/payment")
    assert (payment["amount"], payment["months"]) == ("3568.24", MONTHS)
    done = journey.application
    assert done["first_payment_months"] == MONTHS
    told = [notice["message"] for notice in done["notices"]]
    assert all("the plan year ends on 12/31/2026. In 2027 the same plan costs" in message for message in told)
    renewals = [renewal for line in done["plan_lines"] for renewal in line["renewals"]]
    assert sum(Decimal(one["monthly_premium"]) for one in renewals) == Decimal(JANUARY)


def test_the_payment_page_names_both_months(api: Api, journey: Journey) -> None:
    url = api.post(f"/applications/{journey.record_number}/payment")["url"]
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(url).text
    for shown in ("Premium for December 2026", "$1,732.16", "Premium for January 2027", "$1,836.08", "$3,568.24"):
        assert shown in page


def test_the_pdf_names_both_months_and_the_plan_years_end(journey: Journey) -> None:
    pages = PdfReader(io.BytesIO(journey.fetch_pdf())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for shown in ("December 2026", "$1,732.16", "January 2027", "$1,836.08", "$3,568.24", "ends on 12/31/2026"):
        assert shown in text

"""Clients, awaited reviews and reports on PostgreSQL: nothing but the caller's own book of business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from chassis.kernel import InvalidInput, Money, NotFound
from services.enrollment.domain.enums import Status
from services.enrollment.store.tables import ClientReviewRow
from services.enrollment.usecases.book_ports import EnrollmentFigures
from services.enrollment.usecases.get_client import GetClient
from services.enrollment.usecases.get_enrollment_report import GetEnrollmentReport
from services.enrollment.usecases.list_applicants import ListApplicants
from services.enrollment.usecases.list_awaited_reviews import ListAwaitedReviews
from tests.integration.services.enrollment.client_harness import (
    ADA,
    ClientHarness,
    clients_house,
    quoted,
)
from tests.integration.services.enrollment.client_harness import (
    FRITZ as FRITZ_PRODUCER,
)
from tests.integration.services.enrollment.client_harness import (
    OTHER as OTHER_PRODUCER,
)
from tests.integration.services.enrollment.client_harness import (
    caller as client_caller,
)
from tests.integration.services.enrollment.overview_harness import FRITZ, OTHER, OverviewHarness, overview_house


@pytest.fixture
def harness(database: str) -> Iterator[OverviewHarness]:
    with overview_house(database) as opened:
        yield opened


@pytest.fixture
def clients(database: str) -> Iterator[ClientHarness]:
    with clients_house(database) as opened:
        yield opened


def test_a_client_comes_with_applications_deadlines_and_quotes(clients: ClientHarness) -> None:
    clients.apply(ADA)
    clients.apply(ADA)
    client_id, _ = clients.hear(quoted("Ada", "Sample"), "q-1")
    clients.clock.advance(timedelta(minutes=1))
    clients.hear(quoted("Ada", "Sample"), "q-2")
    found = GetClient(clients.service)(client_caller(FRITZ_PRODUCER), client_id)
    assert (found.client.profile.first_name, found.client.quotes, found.client.drafts) == ("Ada", 2, 2)
    assert [one.record_number for one in found.applications] == ["A-0002", "A-0001"]
    assert list(found.quote_ids) == ["q-2", "q-1"]


def test_a_client_of_somebody_else_is_not_found(clients: ClientHarness) -> None:
    client_id, _ = clients.hear(quoted())
    for stranger, wanted in ((OTHER_PRODUCER, client_id), (FRITZ_PRODUCER, "nobody")):
        with pytest.raises(NotFound):
            GetClient(clients.service)(client_caller(stranger), wanted)


def test_applicants_are_named_to_those_who_may_see_them(harness: OverviewHarness) -> None:
    harness.start(first="Ada"), harness.start("660003012", first="Olga")
    asked = ["A-0001", "A-0002", "A-9999"]
    found = ListApplicants(harness.service)(FRITZ, asked)
    assert [(one.record_number, one.applicant_name) for one in found] == [("A-0001", "Ada Sample")]
    assert [one.record_number for one in ListApplicants(harness.service)(OTHER, asked)] == ["A-0002"]


def test_reviews_that_wait_for_the_client_are_listed_until_they_are_answered_or_end(harness: OverviewHarness) -> None:
    now = harness.clock.now()
    for _ in range(5):
        harness.start()
    harness.start("660003012")
    rows: list[dict[str, Any]] = [
        {"record_number": "A-0001", "expires_at": now + timedelta(days=2)},
        {"record_number": "A-0002", "expires_at": now + timedelta(days=1), "opened_at": now},
        {"record_number": "A-0003", "expires_at": now},
        {"record_number": "A-0004", "expires_at": now + timedelta(days=1), "answered_at": now},
        {"record_number": "A-0005", "expires_at": now + timedelta(days=1), "revoked_at": now},
        {"record_number": "A-0006", "expires_at": now + timedelta(days=1), "writing_number": "660003012"},
    ]
    for place, row in enumerate(rows):
        add_review(harness, place, now, row)
    found = ListAwaitedReviews(harness.service)(FRITZ, 0)
    assert [(one.record_number, one.opened) for one in found.reviews] == [("A-0002", True), ("A-0001", False)]
    assert (found.count, found.capped) == (2, False)
    assert len(ListAwaitedReviews(harness.service)(FRITZ, 1).reviews) == 1


def add_review(harness: OverviewHarness, place: int, now: datetime, values: dict[str, Any]) -> None:
    row = {
        "review_id": f"r-{place}", "writing_number": "220002580", "language": "en", "proof": "birth_date_and_name",
        "sent_at": now, "sent_by": "producer@example.com", "wrong_proofs": 0, "remarks": [], "shown": "",
    }  # fmt: skip  # reads across, as a table
    with harness.database.transaction() as session:
        session.execute(insert(ClientReviewRow).values(row | values))


def report(harness: OverviewHarness, **asked: Any) -> list[EnrollmentFigures]:
    values: dict[str, Any] = {
        "first": date(2026, 4, 1),
        "last": date(2026, 6, 1),
        "state": "",
        "writing_number": "",
    } | asked
    return GetEnrollmentReport(harness.service)(FRITZ, **values)


def test_a_report_counts_by_state_and_month_what_is_the_callers_own(harness: OverviewHarness) -> None:
    harness.submit(harness.start(quote_id="q-1", quoted_at=harness.clock.now() - timedelta(days=9)))
    harness.submit(harness.start())
    harness.start("107864325")
    harness.submit(harness.start("660003012"))
    harness.on("2026-06-02")
    harness.submit(harness.start())
    harness.save(harness.submit(harness.start()), status=Status.CANCELLED)
    found = report(harness)
    assert [(one.month, one.state, one.started, one.submitted) for one in found] == [
        ("2026-05", "IL", 2, 2),
        ("2026-05", "TX", 1, 0),
        ("2026-06", "IL", 2, 1),
    ]
    assert (found[0].submitted_from_quotes, found[0].median_days_from_quote) == (1, 9)
    assert (found[1].median_days_from_quote, found[1].monthly_premium) == (None, Money(0))
    assert [one.state for one in report(harness, state="TX")] == ["TX"]
    assert [one.month for one in report(harness, writing_number="107864325")] == ["2026-05"]


def test_a_month_is_that_of_the_day_where_the_application_is(harness: OverviewHarness) -> None:
    harness.clock.set(harness.clock.now().replace(month=6, day=1, hour=4, minute=30))  # 23:30 of 31 May in Illinois
    harness.start()
    assert [one.month for one in report(harness)] == ["2026-05"]


def test_a_report_has_bounds(harness: OverviewHarness) -> None:
    with pytest.raises(InvalidInput, match="at most 24 months"):
        report(harness, first=date(2024, 6, 1))
    with pytest.raises(InvalidInput, match="before the first month"):
        report(harness, first=date(2026, 7, 1))
    with pytest.raises(NotFound):
        report(harness, writing_number="660003012")

"""Deadlines on PostgreSQL: rows that follow every save, in the order in which they are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from chassis.kernel import InvalidInput
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.store.deadlines import DeadlineRow
from services.enrollment.usecases.overview_ports import DeadlineSearch
from tests.integration.services.enrollment.overview_harness import FRITZ, OTHER, OverviewHarness, overview_house

BORN = GeneralStep(True, (LifeEvent("birth", date(2026, 5, 10)),))
JUNE = CoverageEffectiveDate(date(2026, 6, 1), "because", "rule", "birth", date(2026, 5, 10))


@pytest.fixture
def harness(database: str) -> Iterator[OverviewHarness]:
    with overview_house(database) as opened:
        yield opened


def test_deadlines_follow_an_application_through_its_life(harness: OverviewHarness) -> None:
    app = harness.start()
    assert harness.due() == [("A-0001", "draft_expiry", "2026-08-18")]
    app = harness.save(app, general=BORN)
    assert harness.due() == [("A-0001", "sep_window_end", "2026-07-09"), ("A-0001", "draft_expiry", "2026-08-18")]
    app = harness.save(app, general=GeneralStep(True, (LifeEvent("birth", date(2026, 5, 15)),)))
    assert harness.due()[0] == ("A-0001", "sep_window_end", "2026-07-14")
    app = harness.submit(app, start=JUNE, document_due_on=date(2026, 6, 19))
    assert harness.due() == [("A-0001", "document_due", "2026-06-19"), ("A-0001", "first_payment_due", "2026-07-01")]
    app = harness.save(app, payment_status=PaymentStatus.SUCCESSFUL)
    assert harness.due() == [("A-0001", "document_due", "2026-06-19")]
    harness.save(app, status=Status.CANCELLED)
    assert harness.due() == []


def test_an_expired_application_has_no_deadline(harness: OverviewHarness) -> None:
    harness.start()
    harness.on("2026-08-19")
    harness.expire_applications()
    assert harness.due() == []
    with harness.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(DeadlineRow)) == 0


def test_an_expiry_is_told_with_the_number_on_whose_behalf_the_draft_was(harness: OverviewHarness) -> None:
    harness.start()
    harness.on("2026-08-19")
    assert [harness.expire_applications(), harness.expire_applications()] == [1, 0]
    entries, _ = harness.get_timeline(FRITZ, "A-0001", None, 50)
    assert [(e.action, e.actor, e.on_behalf_of) for e in entries] == [
        ("application.started", "producer@example.com", "220002580"),
        ("application.expired", "enrollment", "220002580"),
    ]


def test_a_producer_sees_all_own_numbers_and_nobody_elses(harness: OverviewHarness) -> None:
    harness.start(), harness.start("107864325"), harness.start("660003012")
    assert [record for record, *_ in harness.due(who=FRITZ)] == ["A-0001", "A-0002"]
    assert [record for record, *_ in harness.due(who=OTHER)] == ["A-0003"]


def test_kinds_and_days_narrow_the_list_of_deadlines(harness: OverviewHarness) -> None:
    harness.start(general=BORN)
    assert [kind for _, kind, _ in harness.due(DeadlineKind.SEP_WINDOW_END)] == ["sep_window_end"]
    assert [kind for _, kind, _ in harness.due(first="2026-07-10")] == ["draft_expiry"]
    rows = harness.list_deadlines(FRITZ, DeadlineSearch(date(2026, 1, 1), date(2026, 7, 9)), None, 50).rows
    assert [row.deadline.kind for row in rows] == [DeadlineKind.SEP_WINDOW_END]
    with pytest.raises(InvalidInput):
        harness.list_deadlines(FRITZ, DeadlineSearch(date(2026, 2, 1), date(2026, 1, 1)), None, 50)


def test_deadlines_are_paged_without_skipping_equal_days(harness: OverviewHarness) -> None:
    for _ in range(5):
        harness.start(general=BORN)
    whole, seen, after = harness.due(), [], None
    while True:
        page = harness.list_deadlines(FRITZ, DeadlineSearch(date(2026, 1, 1)), after, 3)
        rows, after = page.rows, page.following
        assert (page.count, page.capped) == (2 * harness.started, False)
        seen += [(r.identifiers.record_number, r.deadline.kind.value, r.deadline.due_on.isoformat()) for r in rows]
        if after is None:
            break
        harness.start(general=BORN) if harness.started < 6 else None
    assert [row for row in seen if row[0] <= "A-0005"] == whole
    assert len(whole) == 10

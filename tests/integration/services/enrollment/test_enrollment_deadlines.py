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
from tests.integration.services.enrollment.overview_house import FRITZ, OTHER, House, overview_house

BORN = GeneralStep(True, (LifeEvent("birth", date(2026, 5, 10)),))
JUNE = CoverageEffectiveDate(date(2026, 6, 1), "because", "rule", "birth", date(2026, 5, 10))


@pytest.fixture
def house(database: str) -> Iterator[House]:
    with overview_house(database) as opened:
        yield opened


def test_deadlines_follow_an_application_through_its_life(house: House) -> None:
    app = house.start()
    assert house.due() == [("A-0001", "draft_expiry", "2026-08-18")]
    app = house.save(app, general=BORN)
    assert house.due() == [("A-0001", "sep_window_end", "2026-07-09"), ("A-0001", "draft_expiry", "2026-08-18")]
    app = house.save(app, general=GeneralStep(True, (LifeEvent("birth", date(2026, 5, 15)),)))
    assert house.due()[0] == ("A-0001", "sep_window_end", "2026-07-14")
    app = house.submit(app, start=JUNE, document_due_on=date(2026, 6, 19))
    assert house.due() == [("A-0001", "document_due", "2026-06-19"), ("A-0001", "first_payment_due", "2026-07-01")]
    app = house.save(app, payment_status=PaymentStatus.SUCCESSFUL)
    assert house.due() == [("A-0001", "document_due", "2026-06-19")]
    house.save(app, status=Status.CANCELLED)
    assert house.due() == []


def test_what_expired_is_due_no_more(house: House) -> None:
    house.start()
    house.on("2026-08-19")
    house.expire_applications()
    assert house.due() == []
    with house.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(DeadlineRow)) == 0


def test_an_expiry_is_told_with_the_number_on_whose_behalf_the_draft_was(house: House) -> None:
    house.start()
    house.on("2026-08-19")
    assert [house.expire_applications(), house.expire_applications()] == [1, 0]
    entries, _ = house.get_timeline(FRITZ, "A-0001", None, 50)
    assert [(e.action, e.actor, e.on_behalf_of) for e in entries] == [
        ("application.started", "producer@example.com", "220002580"),
        ("application.expired", "enrollment", "220002580"),
    ]


def test_a_producer_sees_all_own_numbers_and_nobody_elses(house: House) -> None:
    house.start(), house.start("107864325"), house.start("660003012")
    assert [record for record, *_ in house.due(who=FRITZ)] == ["A-0001", "A-0002"]
    assert [record for record, *_ in house.due(who=OTHER)] == ["A-0003"]


def test_kinds_and_days_narrow_the_list_of_deadlines(house: House) -> None:
    house.start(general=BORN)
    assert [kind for _, kind, _ in house.due(DeadlineKind.SEP_WINDOW_END)] == ["sep_window_end"]
    assert [kind for _, kind, _ in house.due(first="2026-07-10")] == ["draft_expiry"]
    rows, _ = house.list_deadlines(FRITZ, DeadlineSearch(date(2026, 1, 1), date(2026, 7, 9)), None, 50)
    assert [row.deadline.kind for row in rows] == [DeadlineKind.SEP_WINDOW_END]
    with pytest.raises(InvalidInput):
        house.list_deadlines(FRITZ, DeadlineSearch(date(2026, 2, 1), date(2026, 1, 1)), None, 50)


def test_deadlines_are_paged_without_skipping_equal_days(house: House) -> None:
    for _ in range(5):
        house.start(general=BORN)
    whole, seen, after = house.due(), [], None
    while True:
        rows, after = house.list_deadlines(FRITZ, DeadlineSearch(date(2026, 1, 1)), after, 3)
        seen += [(r.identifiers.record_number, r.deadline.kind.value, r.deadline.due_on.isoformat()) for r in rows]
        if after is None:
            break
        house.start(general=BORN) if house.started < 6 else None
    assert [row for row in seen if row[0] <= "A-0005"] == whole
    assert len(whole) == 10

"""The lists on PostgreSQL: every order, filters, searches, and pages that stay put while rows change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.kernel import CallerKind, InvalidInput, NotFound
from services.enrollment.domain.application_list import ApplicationSearch, Column, DateRange
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.enums import PaymentStatus, Status, Step
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.store.tables import ApplicationRow
from services.enrollment.usecases import list_applications
from tests.integration.services.enrollment.overview_harness import FRITZ, OTHER, OverviewHarness, caller, overview_house

DRAFTS = ApplicationSearch(Status.INCOMPLETE)
SENT = ApplicationSearch(Status.SUBMITTED)


@pytest.fixture
def harness(database: str) -> Iterator[OverviewHarness]:
    with overview_house(database) as opened:
        yield opened


def starting(day: str) -> CoverageEffectiveDate:
    return CoverageEffectiveDate(date.fromisoformat(day), "because", "rule", "", None)


def test_each_list_shows_its_own(harness: OverviewHarness) -> None:
    draft, sent, failed, gone = (harness.start() for _ in range(4))
    harness.submit(sent)
    harness.save(failed, status=Status.FAILED)
    harness.save(gone, status=Status.EXPIRED)
    under_way, taken_back = harness.start(status=Status.SUBMITTING), harness.start(status=Status.CANCELLED)
    assert harness.numbers(DRAFTS) == [under_way.identifiers.number, draft.identifiers.number]
    assert harness.numbers(SENT) == [taken_back.identifiers.number, sent.identifiers.number]
    assert harness.numbers(ApplicationSearch(Status.FAILED)) == [failed.identifiers.number]
    assert harness.numbers(ApplicationSearch(Status.EXPIRED)) == [gone.identifiers.number]
    with pytest.raises(InvalidInput):
        harness.numbers(ApplicationSearch(Status.CANCELLED))


def test_a_draft_goes_on_where_something_is_missing_and_a_failed_one_where_it_failed(harness: OverviewHarness) -> None:
    draft, awaited, failed = (harness.start() for _ in range(3))
    refused = ValidationIssue(Step.PLANS, "medical_plan_id", "This plan is not sold there any more.")
    harness.save(failed, status=Status.FAILED, failures=(refused,))
    with harness.service.transactions() as work:
        work.applications.set_next_step(awaited.record_number, None)
    [last, first] = harness.page(DRAFTS).rows
    assert (first.record_number, first.next_step) == (draft.record_number, first.current_step)
    assert (last.next_step, last.current_step) == (None, Step.SIGNATURES)
    [row] = harness.page(ApplicationSearch(Status.FAILED)).rows
    assert row.next_step is Step.PLANS is not row.current_step
    harness.save(awaited)  # lacks more than the client's review again
    assert harness.page(DRAFTS).rows[0].next_step is not None


def test_a_row_has_all_columns_of_the_lists(harness: OverviewHarness) -> None:
    app = harness.submit(harness.start("107864325"), start=starting("2026-06-01"), payment_status=PaymentStatus.PENDING)
    [row] = harness.page(SENT).rows
    assert (row.record_number, row.client_app_id, row.status) == ("A-0001", 606, Status.SUBMITTED)
    assert (row.applicant_name, row.producer.state, row.payment_status) == ("Ada Sample", "TX", "pending")
    assert (row.submitted_on, row.effective_date) == (date(2026, 5, 20), date(2026, 6, 1))
    assert (row.producer.name, row.producer.writing_number) == ("PRODUCER 107864325", "107864325")
    assert (row.created_at, row.updated_at, row.expires_on) == (app.created_at, app.updated_at, None)
    assert (row.product_name, row.monthly_premium, row.current_step) == ("", None, Step.SIGNATURES)


# Drafts 1 to 4 by column: what differs between them, in ascending order.
DIFFERING: dict[Column, list[dict[str, Any]]] = {
    Column.RECORD_NUMBER: [{}] * 4,
    Column.APPLICANT: [{"last": "Adams", "first": "Zoe"}, {"last": "adams", "first": "ZOEY"}, {"last": "Baker"},
                       {"last": "baker", "first": "Bea"}],
    Column.STATE: [{}, {}, {}, {"number": "107864325"}],
    Column.SUBMITTED_ON: [{}, {"submitted_on": date(2026, 5, 1)}, {"submitted_on": date(2026, 5, 2)},
                          {"submitted_on": date(2026, 5, 3)}],
    Column.EFFECTIVE_DATE: [{}, {"provisional_date": date(2026, 6, 1)}, {"provisional_date": date(2026, 7, 1)},
                            {"provisional_date": date(2027, 1, 1)}],
    Column.PAYMENT_STATUS: [{}, {"payment_status": PaymentStatus.FAILED}, {"payment_status": PaymentStatus.PENDING},
                            {"payment_status": PaymentStatus.SUCCESSFUL}],
    Column.PRODUCER_NAME: [{"number": "107864325"}, {"number": "107864325"}, {}, {}],
    Column.WRITING_NUMBER: [{"number": "107864325"}, {"number": "107864325"}, {}, {}],
    Column.CURRENT_STEP: [{}] * 4,
    Column.EXPIRES_ON: [{"expires_on": None}, {"expires_on": date(2026, 6, 1)}, {"expires_on": date(2026, 7, 1)},
                        {"expires_on": date(2026, 8, 1)}],
    Column.PRODUCT_NAME: [{}] * 4,
    Column.MONTHLY_PREMIUM: [{}] * 4,
    Column.CREATED_AT: [{}] * 4,
    Column.UPDATED_AT: [{}] * 4,
}  # fmt: skip  # reads across, as a table


def test_a_list_is_sorted_by_any_column_both_ways_and_page_by_page(harness: OverviewHarness) -> None:
    assert set(DIFFERING) == set(Column)
    for column, drafts in DIFFERING.items():
        harness.clear()
        for values in drafts:
            harness.clock.advance(timedelta(seconds=1))
            harness.start(**values)
        up, down = replace(DRAFTS, by=column, descending=False), replace(DRAFTS, by=column)
        assert harness.numbers(up) == [1, 2, 3, 4], column
        assert harness.numbers(down) == [4, 3, 2, 1], column
        assert list(walk(harness, up, 1)) == [1, 2, 3, 4], column
        assert list(walk(harness, down, 3)) == [4, 3, 2, 1], column


def walk(
    harness: OverviewHarness, search: ApplicationSearch, size: int, meanwhile: Any = lambda _page: None
) -> Iterator[int]:
    """Turns pages to the end; ``meanwhile`` is called between two of them."""
    after = None
    while True:
        page = harness.page(search, after, size)
        yield from (row.client_app_id - 605 for row in page.rows)
        if page.following is None:
            return
        after = page.following
        meanwhile(page)


@pytest.mark.parametrize("column", [Column.RECORD_NUMBER, Column.APPLICANT, Column.EXPIRES_ON])
@pytest.mark.parametrize("descending", [True, False])
def test_turning_back_shows_the_pages_that_were_shown_before(
    harness: OverviewHarness, column: Column, descending: bool
) -> None:
    for n in range(7):
        harness.start(last=f"Sample{n % 3}")
    search = replace(DRAFTS, by=column, descending=descending)
    first = harness.page(search, None, 3)
    second = harness.page(search, first.following, 3)
    third = harness.page(search, second.following, 3)
    assert (first.previous, third.following, len(third.rows)) == (None, None, 1)
    back = harness.page(search, third.previous, 3)
    assert (back.rows, back.following) == (second.rows, second.following)
    start = harness.page(search, back.previous, 3)
    assert (start.rows, start.previous, start.following) == (first.rows, None, first.following)


def test_a_page_turned_back_that_vanished_is_empty_and_leads_nowhere(harness: OverviewHarness) -> None:
    apps = [harness.start() for _ in range(4)]
    second = harness.page(DRAFTS, harness.page(DRAFTS, None, 2).following, 2)
    harness.submit(apps[3]), harness.submit(apps[2])
    back = harness.page(DRAFTS, second.previous, 2)
    assert (back.rows, back.previous, back.following, back.count) == ([], None, None, 2)


def test_status_narrows_a_list_to_one_of_its_statuses(harness: OverviewHarness) -> None:
    sent, taken_back = harness.submit(harness.start()), harness.start(status=Status.CANCELLED)
    assert harness.numbers(replace(SENT, status=Status.SUBMITTED)) == [sent.identifiers.number]
    assert harness.numbers(replace(SENT, status=Status.CANCELLED)) == [taken_back.identifiers.number]
    assert harness.numbers(replace(SENT, status=Status.INCOMPLETE)) == []


@pytest.mark.parametrize(
    ("column", "descending"),
    [(Column.RECORD_NUMBER, True), (Column.RECORD_NUMBER, False), (Column.CREATED_AT, True), (Column.APPLICANT, False)],
)
def test_pages_neither_skip_nor_repeat_an_application_while_rows_are_added_and_saved(
    harness: OverviewHarness, column: Column, descending: bool
) -> None:
    """None of these columns changes here. Offset paging fails this; see below."""
    before = [harness.start(last=f"Sample{n % 3}") for n in range(12)]
    search = replace(DRAFTS, by=column, descending=descending)

    def meanwhile(_page: Any) -> None:
        harness.clock.advance(timedelta(seconds=1))
        harness.start(last="Aaron"), harness.start(last="Zuse")
        app = before[0]
        before[0] = harness.save(app, attempt=app.attempt)

    seen = list(walk(harness, search, 3, meanwhile))
    old = [number for number in seen if number <= 12]
    assert sorted(old) == list(range(1, 13))
    assert len(seen) == len(set(seen))


def test_pages_by_offset_would_show_a_row_twice(harness: OverviewHarness) -> None:
    """The negative control: the same walk with OFFSET, newest first, while applications are started."""
    for _ in range(4):
        harness.start()

    def page(offset: int) -> list[int]:
        query = select(ApplicationRow.number).order_by(ApplicationRow.number.desc()).offset(offset).limit(2)
        with harness.database.transaction() as session:
            return list(session.scalars(query))

    first = page(0)
    harness.start()
    assert set(first) & set(page(2))


def test_a_page_goes_on_behind_a_row_that_vanished(harness: OverviewHarness) -> None:
    apps = [harness.start() for _ in range(6)]
    page = harness.page(DRAFTS, None, 2)
    harness.submit(apps[4])  # the last row of the first page
    harness.submit(apps[2])
    assert [r.client_app_id - 605 for r in harness.page(DRAFTS, page.following, 10).rows] == [4, 2, 1]


def test_a_row_that_moves_stands_where_it_belongs_now(harness: OverviewHarness) -> None:
    """Sorted by last change: a draft that is saved while pages are turned goes to the front, the others stay."""
    apps = []
    for _ in range(6):
        harness.clock.advance(timedelta(seconds=1))
        apps.append(harness.start())
    search = replace(DRAFTS, by=Column.UPDATED_AT)
    page = harness.page(search, None, 2)
    harness.clock.advance(timedelta(seconds=1))
    harness.save(apps[1], attempt=0)
    assert [r.client_app_id - 605 for r in harness.page(search, page.following, 10).rows] == [4, 3, 1]


def test_filters_narrow_a_list(harness: OverviewHarness) -> None:
    one = harness.start("107864325", provisional_date=date(2026, 6, 1))
    harness.start(provisional_date=date(2026, 7, 1))
    harness.on("2026-06-10")
    three = harness.start(payment_status=PaymentStatus.FAILED, expires_on=date(2026, 7, 1))
    narrowed: dict[str, tuple[Any, list[int]]] = {
        "state": ("TX", [1]),
        "writing_number": ("107864325", [1]),
        "record_number": (one.record_number, [1]),
        "client_app_id": (608, [3]),
        "payment_status": (PaymentStatus.FAILED, [3]),
        "current_step": (Step.PLANS, []),
        "created": (DateRange(date(2026, 6, 10)), [3]),
        "effective": (DateRange(date(2026, 6, 2), date(2026, 7, 1)), [2]),
        "expires": (DateRange(None, date(2026, 7, 1)), [three.identifiers.number]),
        "submitted": (DateRange(date(2026, 1, 1)), []),
    }
    for name, (value, expected) in narrowed.items():
        assert harness.numbers(replace(DRAFTS, **{name: value})) == expected, name
    assert harness.numbers(replace(DRAFTS, state="IL", created=DateRange(None, date(2026, 5, 20)))) == [2]


def test_a_day_of_creation_is_the_day_where_the_application_is(harness: OverviewHarness) -> None:
    harness.clock.set(harness.clock.now().replace(day=21, hour=4, minute=30))  # 23:30 of 20 May in Illinois
    harness.start()
    assert harness.numbers(replace(DRAFTS, created=DateRange(date(2026, 5, 20), date(2026, 5, 20)))) == [1]
    assert not harness.numbers(replace(DRAFTS, created=DateRange(date(2026, 5, 21))))


NAMES = {
    "sam": [1],
    "ADA S": [1],
    "sample, ada": [1],
    "o'br": [2],
    "mary ann": [2],
    "jos\u00e9": [3],
    "cruz": [3],
    "ample": [],
    "%%": [],
    "__": [],
}


def test_applicants_are_found_by_how_their_names_begin(harness: OverviewHarness) -> None:
    harness.start(first="Ada", last="Sample")
    harness.start(first="Mary Ann", last="O'Brien")
    harness.start(first="JOS\u00c9", last="de la Cruz")
    harness.start("660003012", first="Ada", last="Sample")
    for typed, found in NAMES.items():
        assert harness.numbers(replace(DRAFTS, applicant=typed)) == found, typed


def test_lists_show_only_applications_of_the_callers_writing_numbers(harness: OverviewHarness) -> None:
    harness.start(), harness.start("660003012")
    assert harness.numbers(DRAFTS, FRITZ) == [1]
    assert harness.numbers(DRAFTS, OTHER) == [2]
    assert harness.numbers(DRAFTS, caller(kind=CallerKind.DELEGATE)) == []
    with pytest.raises(NotFound):
        harness.numbers(replace(DRAFTS, writing_number="660003012"))
    assert harness.numbers(DRAFTS, caller(kind=CallerKind.SERVICE)) == [2, 1]


def test_a_count_goes_up_to_a_thousand(harness: OverviewHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        harness.start()
    monkeypatch.setattr(list_applications, "MOST_COUNTED", 3)
    assert (harness.page(DRAFTS).count, harness.page(DRAFTS).capped) == (3, False)
    harness.start()
    assert (harness.page(DRAFTS, None, 1).count, harness.page(DRAFTS).capped) == (3, True)


def test_days_in_the_wrong_order_are_refused(harness: OverviewHarness) -> None:
    with pytest.raises(InvalidInput) as refusal:
        harness.numbers(replace(DRAFTS, expires=DateRange(date(2026, 7, 1), date(2026, 6, 1))))
    assert refusal.value.problems[0].field == "filter.expires_from"

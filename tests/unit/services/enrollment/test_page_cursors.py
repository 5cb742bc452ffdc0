"""A page token of an older release, whose cursor this one cannot read, asks to start the list again."""

from __future__ import annotations

import pytest

from chassis.kernel import InvalidInput
from services.enrollment.domain.application_list import ApplicationSearch, Column, ListCursor
from services.enrollment.domain.enums import Status
from services.enrollment.store.application_lists import page_query
from services.enrollment.store.deadlines import deadline_query
from services.enrollment.usecases.overview_ports import DeadlineSearch

READ_FROM_TEXT = {
    Column.RECORD_NUMBER,
    Column.SUBMITTED_ON,
    Column.EFFECTIVE_DATE,
    Column.MONTHLY_PREMIUM,
    Column.CURRENT_STEP,
    Column.EXPIRES_ON,
    Column.CREATED_AT,
    Column.UPDATED_AT,
}
"""Columns that are sorted by a number or a date; the others are sorted by text, of which each is one."""


@pytest.mark.parametrize(
    "value", ["", "2026-11-01", "2026-11-01 sep_proof more", "soon sep_proof", "2026-13-01 sep_proof"]
)
def test_a_deadline_cursor_of_another_form_asks_to_start_again(value: str) -> None:
    with pytest.raises(InvalidInput, match="Start again at the first page") as refusal:
        deadline_query(DeadlineSearch(), None, ListCursor(value, 1), 10)
    assert refusal.value.problems[0].field == "page.token"


@pytest.mark.parametrize("column", Column)
def test_a_cursor_that_the_column_cannot_read_asks_to_start_again(column: Column) -> None:
    search = ApplicationSearch(Status.INCOMPLETE, column)
    if column not in READ_FROM_TEXT:
        assert page_query(search, None, ListCursor("soon", 1), 10) is not None
        return
    with pytest.raises(InvalidInput, match="Start again at the first page") as refusal:
        page_query(search, None, ListCursor("soon", 1), 10)
    assert refusal.value.problems[0].field == "page.token"


def test_a_cursor_of_this_release_is_read() -> None:
    assert deadline_query(DeadlineSearch(), None, ListCursor("2026-11-01 sep_proof", 1), 10) is not None

"""The days of a report that is asked for by months."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.kernel import InvalidInput, report_dates


@pytest.mark.parametrize(
    ("first", "last", "last_day"),
    [
        ("2026-05-01", "2026-05-01", "2026-05-31"),
        ("2027-01-01", "2028-02-01", "2028-02-29"),
        ("2025-01-01", "2026-12-01", "2026-12-31"),
    ],
)
def test_report_ends_with_the_last_day_of_its_last_month(first: str, last: str, last_day: str) -> None:
    days = report_dates(date.fromisoformat(first), date.fromisoformat(last))
    assert days == (date.fromisoformat(first), date.fromisoformat(last_day))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-06-01", "2026-05-01", "last_month"), ("2024-12-01", "2026-12-01", "first_month")],
)
def test_months_in_the_wrong_order_and_more_than_two_years_are_refused(first: str, last: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        report_dates(date.fromisoformat(first), date.fromisoformat(last))
    assert [problem.field for problem in refusal.value.problems] == [field]

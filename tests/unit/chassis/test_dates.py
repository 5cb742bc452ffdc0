"""A date as a program writes it, and what is said of a text that is none."""

from datetime import date

import pytest

from chassis.kernel import day_advice, missing_day, read_day
from chassis.mapping import Problems

SHAPE = "Enter the date as year-month-day, such as 2026-04-01."


def test_a_day_of_the_calendar_is_read() -> None:
    assert read_day("2024-02-29") == date(2024, 2, 29)
    assert missing_day(2024, 2, 29) == ""


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1990-02-31", "February 1990 has no 31st day; its last is the 28th. Check the date."),
        ("2023-02-29", "February 2023 has no 29th day; its last is the 28th. Check the date."),
        ("2026-06-31", "June 2026 has no 31st day; its last is the 30th. Check the date."),
        ("2026-13-01", "There is no month 13; months go from 1 to 12. Check the date."),
        ("0000-01-01", "There is no year 0000. Check the date."),
        ("02/31/1990", SHAPE),
        ("2026-W20-1", SHAPE),
        ("20260601", SHAPE),
        ("", SHAPE),
    ],
)
def test_a_day_that_does_not_exist_is_told_from_another_shape(text: str, advice: str) -> None:
    assert read_day(text) is None
    assert day_advice(text) == advice


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-13", "There is no month 13; months go from 1 to 12. Check the date."),
        ("0026-04", "Enter the month as year-month, such as 2026-04."),
        ("4/2026", "Enter the month as year-month, such as 2026-04."),
    ],
)
def test_a_month_that_does_not_exist_is_told_from_another_shape(text: str, advice: str) -> None:
    problems = Problems()
    assert problems.month("month", text) == date.min
    assert [one.message for one in problems.found] == [advice]
    assert Problems().month("month", "2026-04") == date(2026, 4, 1)

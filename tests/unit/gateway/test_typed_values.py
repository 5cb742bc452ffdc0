"""What people type into fields, read generously (R106)."""

from __future__ import annotations

import pytest

from gateway.pages.forms.typed_values import (
    DATE_ADVICE,
    date_advice,
    parse_amount,
    parse_date,
    read_date,
    tidy_ssn,
    write_amount,
    write_date,
)


@pytest.mark.parametrize(
    "typed", ["1/2/1990", "01/02/1990", "01021990", "1-2-1990", "01.02.1990", " 1/2/1990 ", "1990-01-02", "1 2 1990"]
)
def test_a_date_is_read_however_it_is_punctuated(typed: str) -> None:
    assert parse_date(typed) == "1990-01-02"


@pytest.mark.parametrize("typed", ["", "13/1/1990", "2/30/1990", "1/2/90", "010290", "tomorrow", "1/2"])
def test_what_is_no_day_of_the_calendar_is_no_date(typed: str) -> None:
    assert parse_date(typed) is None


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("02/31/1990", "February 1990 has no 31st day; its last is the 28th. Check the date."),
        ("2-29-2023", "February 2023 has no 29th day; its last is the 28th. Check the date."),
        ("02302024", "February 2024 has no 30th day; its last is the 29th. Check the date."),
        ("1990-04-31", "April 1990 has no 31st day; its last is the 30th. Check the date."),
        ("31/12/1990", f"There is no month 31. {DATE_ADVICE}"),
        ("1/2/0000", DATE_ADVICE),
        ("soon", DATE_ADVICE),
    ],
)
def test_a_day_that_does_not_exist_is_told_from_another_way_to_write_a_date(typed: str, advice: str) -> None:
    assert parse_date(typed) is None
    assert date_advice(typed) == advice


def test_a_contract_is_asked_with_the_day_or_with_what_cannot_be_read() -> None:
    assert read_date("5/20/2026") == "2026-05-20"
    assert read_date("soon") == "soon" and read_date("") == ""


def test_a_date_stands_in_a_field_as_month_day_and_year() -> None:
    assert write_date("1990-01-02") == "01/02/1990"
    assert write_date("not a date") == "not a date"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("250", 25000), ("250.5", 25050), ("$1,200.00", 120000), ("$ 12", 1200), ("0", 0), ("1200.05", 120005)],
)
def test_an_amount_is_read_with_or_without_its_signs(typed: str, cents: int) -> None:
    assert parse_amount(typed) == cents


@pytest.mark.parametrize("typed", ["", "-5", "1,2", "12.345", "ten", "1e3", "1234567890"])
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert parse_amount(typed) is None


def test_an_amount_stands_in_a_field_with_two_decimals() -> None:
    assert write_amount(25005) == "250.05"


@pytest.mark.parametrize("typed", ["219-09-9991", "219 09 9991", "219099991", "219.09.9991"])
def test_a_social_security_number_is_read_with_or_without_dashes(typed: str) -> None:
    assert tidy_ssn(typed) == "219099991"

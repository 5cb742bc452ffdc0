"""The date that a new quote starts with: by open enrollment while it is open, else the soonest ordinary one."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.kernel import format_date
from services.enrollment.domain.proposed_effective_date import explain_effective_date, propose_effective_date
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.rulebook import Rulebook

BOOK = Rulebook()


@pytest.mark.parametrize(
    ("today", "state", "proposed"),
    [
        ("2026-11-28", "IL", "2027-01-01"),
        ("2026-11-28", "TX", "2027-01-01"),
        ("2026-12-15", "TX", "2027-01-01"),
        ("2026-05-20", "IL", "2026-06-01"),
        ("2026-12-31", "OK", "2027-01-01"),
    ],
)
def test_quote_starts_with_the_date_that_the_rules_give(today: str, state: str, proposed: str) -> None:
    day = date.fromisoformat(today)
    found = propose_effective_date(state, Circumstances(day, BOOK.on(day)))
    assert found.effective_date.isoformat() == proposed
    assert format_date(date.fromisoformat(proposed)) in found.explanation


def test_outside_open_enrollment_the_reason_names_the_life_event_and_the_next_window() -> None:
    day = date(2026, 10, 20)
    found = propose_effective_date("IL", Circumstances(day, BOOK.on(day)))
    assert found.rule.startswith("special_enrollment@") and "needs a life event" in found.explanation


TODAY_GIVES = "Open enrollment: plans selected today begin on 1/1/2027. Coverage that begins on "


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-12-01", f"{TODAY_GIVES}12/1/2026 needs a qualifying life event."),
        ("2027-02-01", f"{TODAY_GIVES}2/1/2027 needs a qualifying life event."),
        ("2027-01-01", ""),
        ("2026-11-01", ""),
    ],
)
def test_during_open_enrollment_another_date_is_told_what_it_needs(day: str, told: str) -> None:
    today = date(2026, 11, 28)
    assert explain_effective_date(date.fromisoformat(day), "TX", Circumstances(today, BOOK.on(today))) == told


@pytest.mark.parametrize(
    ("today", "day", "told"),
    [
        (
            "2025-11-20",
            "2026-02-01",
            "begins on 2/1/2026 needs a qualifying life event, or plans selected from 12/16/2025 to 1/15/2026.",
        ),
        ("2025-12-20", "2026-01-01", "begins on 1/1/2026 needs a qualifying life event."),
    ],
)
def test_where_open_enrollment_gives_two_dates_the_later_one_can_be_waited_for(today: str, day: str, told: str) -> None:
    c = Circumstances(date.fromisoformat(today), BOOK.on(date.fromisoformat(today)))
    assert explain_effective_date(date.fromisoformat(day), "TX", c).endswith(told)


def test_outside_open_enrollment_nothing_is_told_of_one_date_more_than_of_another() -> None:
    today = date(2026, 5, 20)
    assert explain_effective_date(date(2026, 7, 1), "TX", Circumstances(today, BOOK.on(today))) == ""

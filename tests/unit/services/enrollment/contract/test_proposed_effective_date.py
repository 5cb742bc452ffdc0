"""The date that a new quote starts with: by open enrollment while it is open, else the soonest ordinary one."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.kernel import format_date
from services.enrollment.domain.proposed_effective_date import propose_effective_date
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

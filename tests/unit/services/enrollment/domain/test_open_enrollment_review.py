"""Whether somebody has looked lately at the open enrollment days that matter now."""

from dataclasses import replace
from datetime import date

import pytest

from services.enrollment.domain.open_enrollment import OpenEnrollment
from services.enrollment.domain.open_enrollment_review import find_stale_windows, windows_in_season
from services.enrollment.rulebook import Rulebook

WINDOWS = Rulebook().packs[-1].open_enrollment


def checked_on(day: date) -> list[OpenEnrollment]:
    return [replace(window, last_checked=day) for window in WINDOWS]


def test_a_row_that_was_checked_90_days_ago_is_current_and_91_days_ago_is_not() -> None:
    windows = checked_on(date(2026, 9, 1))
    assert find_stale_windows(windows, ["TX"], date(2026, 11, 30)) == []
    [sentence] = find_stale_windows(windows, ["TX"], date(2026, 12, 1))
    assert "TX" in sentence and "for 2027" in sentence and "9/1/2026" in sentence and "91 days" in sentence


@pytest.mark.parametrize("day", [date(2026, 12, 16), date(2027, 5, 20), date(2027, 9, 1)])
def test_outside_its_season_an_old_row_is_nothing_to_say(day: date) -> None:
    assert find_stale_windows(checked_on(date(2024, 1, 1)), ["TX"], day) == []


def test_a_season_begins_60_days_before_the_window() -> None:
    assert windows_in_season(WINDOWS, ["TX"], date(2027, 9, 1)) == []
    [found] = windows_in_season(WINDOWS, ["TX"], date(2027, 9, 2))
    assert found.window and found.window.plan_year == 2028


def test_each_state_has_its_own_season() -> None:
    stale = find_stale_windows(checked_on(date(2026, 8, 1)), ["IL", "TX"], date(2026, 12, 20))
    assert [sentence[:2] for sentence in stale] == ["IL"]


def test_a_table_without_the_coming_year_is_said_to_lack_it() -> None:
    last_year = max(one.first_day.year for one in WINDOWS)
    [sentence] = find_stale_windows(WINDOWS, ["MT"], date(last_year + 1, 9, 2))
    assert "MT" in sentence and "no row" in sentence
    assert find_stale_windows([], ["MT"], date(2026, 5, 20)) == [sentence]

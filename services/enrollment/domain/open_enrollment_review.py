"""Domain: whether somebody has looked lately at the open enrollment days that matter now (rules.md 2).

Exchanges move their days in the middle of a season, as Illinois did twice for 2026; a table that nobody checks gives
wrong dates without a sign of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.kernel import format_date
from services.enrollment.domain.open_enrollment import OpenEnrollment

# A season: from two months before the first day, when exchanges announce and quotes begin, to the last day.
SEASON_LEAD = timedelta(days=60)
# Announcements change within weeks; a quarter of a year without a look is too long while a window matters.
OLDEST_CHECK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class StateWindow:
    """The window whose season it is in a state; None: the table has none yet for the season that has begun."""

    state: str
    window: OpenEnrollment | None


def windows_in_season(windows: Sequence[OpenEnrollment], states: Iterable[str], today: date) -> list[StateWindow]:
    """For each state in whose season the day lies; empty outside all seasons."""
    return [StateWindow(state, found) for state in states for found in _in_season(windows, state, today)]


def _in_season(windows: Sequence[OpenEnrollment], state: str, today: date) -> Iterator[OpenEnrollment | None]:
    own = sorted((one for one in windows if state in one.states), key=lambda one: one.first_day)
    current = [one for one in own if one.first_day - SEASON_LEAD <= today <= one.last_day]
    if current:
        yield current[-1]
    elif not own or today >= _a_year_later(own[-1].first_day) - SEASON_LEAD:
        yield None


def find_stale_windows(windows: Sequence[OpenEnrollment], states: Iterable[str], today: date) -> list[str]:
    """A sentence for each state whose row is missing, or was last checked too long ago; empty when all is well."""
    return [sentence for one in windows_in_season(windows, states, today) if (sentence := _fault(one, today))]


def _fault(one: StateWindow, today: date) -> str:
    if one.window is None:
        return f"{one.state}: the open enrollment table has no row for the coming plan year. Add one."
    age = today - one.window.last_checked
    if age <= OLDEST_CHECK:
        return ""
    return (
        f"{one.state}: the open enrollment days for {one.window.plan_year} were last checked on "
        f"{format_date(one.window.last_checked)}, {age.days} days ago. Check them, then update last_checked."
    )


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1)  # windows open in autumn: never on 29 February

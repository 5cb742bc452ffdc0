"""Today and now, always handed in, so that any day can be tried (rules.md: every rule needs a given "today")."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from chassis.kernel.market import get_markets


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock; outside production it can be moved to another day (``SUITE_TODAY``).

    The hours and minutes go on running, so that ages and time-outs still work on the borrowed day.
    """

    def __init__(self, today: date | None = None) -> None:
        self._shift = timedelta() if today is None else shift_to_day(today, datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


class FixedClock:
    """A clock that stands still until it is set: for one command, for tests and replays."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @classmethod
    def at(cls, day: str) -> FixedClock:
        """Noon of an ISO day in the home market: the same business date in every state of the mainland."""
        noon = datetime.fromisoformat(f"{day}T12:00:00")
        return cls(noon.replace(tzinfo=get_markets().home.zone).astimezone(UTC))

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Stand still at another instant."""
        self._now = now

    def set_day(self, day: str) -> None:
        """As :meth:`at`: noon of an ISO day in the home market."""
        self._now = self.at(day).now()

    def advance(self, step: timedelta) -> None:
        self._now += step


def business_date(instant: datetime, state: str) -> date:
    """The calendar date of an instant in a state; what deadlines and ages are counted in."""
    return instant.astimezone(get_markets()[state].zone).date()


def shift_to_day(today: date, real: datetime) -> timedelta:
    """How far ``real`` is from the same time of day on ``today`` in the home market.

    By local time: in the season of the other UTC offset, a shift by whole days would reach the next day for an hour.
    """
    zone = get_markets().home.zone
    moved = datetime.combine(today, real.astimezone(zone).time(), zone)
    return moved.astimezone(UTC) - real

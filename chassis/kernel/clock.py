"""Today and now, always handed in, so that any day can be tried (rules.md: every rule needs a given "today")."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# A business date is the date where the application's state keeps its clocks.
STATE_ZONES = {
    "IL": ZoneInfo("America/Chicago"),
    "OK": ZoneInfo("America/Chicago"),
    "TX": ZoneInfo("America/Chicago"),
    "MT": ZoneInfo("America/Denver"),
    "NM": ZoneInfo("America/Denver"),
}


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock; outside production it can be moved to another day (``SUITE_TODAY``).

    The hours and minutes go on running, so that ages and time-outs still work on the borrowed day.
    """

    def __init__(self, today: date | None = None) -> None:
        started = datetime.now(UTC)
        self._shift = timedelta() if today is None else today - started.astimezone(STATE_ZONES["IL"]).date()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


class FixedClock:
    """A clock that stands still until it is set: for one command, for tests and replays."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @classmethod
    def at(cls, day: str) -> FixedClock:
        """Noon, Central time, of an ISO day: the same business date in all five states."""
        return cls(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=STATE_ZONES["IL"]).astimezone(UTC))

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        """Stand still at another instant."""
        self._now = now

    def set_day(self, day: str) -> None:
        """As :meth:`at`: noon, Central time, of an ISO day."""
        self._now = self.at(day).now()

    def advance(self, step: timedelta) -> None:
        self._now += step


def business_date(instant: datetime, state: str) -> date:
    """The calendar date of an instant in a state; what deadlines and ages are counted in."""
    return instant.astimezone(STATE_ZONES[state]).date()

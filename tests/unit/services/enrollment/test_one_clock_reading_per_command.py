"""A command that crosses midnight is judged by one day: it reads the clock once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.enrollment.usecases.application_service import ApplicationService
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import general, household

# 23:59:30 in Chicago on May 20.
BEFORE_MIDNIGHT = datetime(2026, 5, 21, 4, 59, 30, tzinfo=UTC)


class MinuteClock:
    """Each reading is a minute later than the one before, so the second is on the next day."""

    def __init__(self) -> None:
        self.readings: list[datetime] = []

    def now(self) -> datetime:
        self.readings.append(BEFORE_MIDNIGHT + timedelta(minutes=len(self.readings)))
        return self.readings[-1]


@pytest.fixture
def clock(harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch) -> Callable[[], MinuteClock]:
    def start() -> MinuteClock:
        minutes = MinuteClock()
        monkeypatch.setattr(harness.clock, "now", minutes.now)
        return minutes

    return start


def start(harness: EnrollmentHarness, _app: Any) -> None:
    harness.start()


def save_step(harness: EnrollmentHarness, app: Any) -> None:
    harness.save(app, general=general(("birth", "2026-05-11")))


def save_household(harness: EnrollmentHarness, app: Any) -> None:
    harness.save(app, household=household("2026-05-10"))


def set_effective_date(harness: EnrollmentHarness, app: Any) -> None:
    harness.calculate(app)


def read(harness: EnrollmentHarness, app: Any) -> None:
    harness.get(app)


def submit(harness: EnrollmentHarness, app: Any) -> None:
    harness.worker_runs = False
    harness.submit(app)


def run_submission(harness: EnrollmentHarness, app: Any) -> None:
    harness.run("enrollment.submission", "m-1", app.record_number, 1)


@pytest.mark.parametrize("command", [start, save_step, save_household, set_effective_date, read])
def test_a_command_reads_the_clock_once(
    harness: EnrollmentHarness, clock: Callable[[], MinuteClock], command: Any
) -> None:
    app = harness.complete()
    minutes = clock()
    command(harness, app)
    assert len(minutes.readings) == 1


def test_a_submission_that_crosses_midnight_is_priced_and_dated_on_one_day(
    harness: EnrollmentHarness, clock: Callable[[], MinuteClock]
) -> None:
    app = harness.complete()
    submit(harness, app)
    minutes = clock()
    run_submission(harness, app)
    assert len(minutes.readings) == 1
    assert harness.get(app).submitted_on == "2026-05-20"


def test_without_the_moment_of_a_command_a_submission_is_dated_on_the_next_day(
    harness: EnrollmentHarness, clock: Callable[[], MinuteClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    app = harness.complete()
    submit(harness, app)
    monkeypatch.setattr(ApplicationService, "begin", lambda service: service)
    minutes = clock()
    run_submission(harness, app)
    assert len(minutes.readings) > 1
    assert harness.get(app).submitted_on == "2026-05-21"

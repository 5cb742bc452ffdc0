"""What an operator's monitoring sees of a carrier's files, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from typer.testing import CliRunner, Result

import portal.carrier_ledger as ledger
import services.documents.__main__ as documents
from chassis.db import Database
from chassis.kernel import FixedClock
from chassis.service import Runtime
from portal.__main__ import app
from services.documents.domain.edi.enrollment import InsuranceLine
from services.documents.domain.edi.faults import Unwritable
from services.documents.settings import DocumentsSettings
from services.documents.usecases.count_overdue_files import CountOverdueFiles
from tests.integration.services.documents.carrier import DAY, KEY, NEXT_DAY, Carrier, Store, carrier, store
from tests.unit.services.documents.carrier_files import acknowledgment, ta1, taken
from tests.unit.services.documents.policies import PROFILE

__all__ = ["carrier", "store"]
# Written on 28 November at noon in the business zone; 48 hours are agreed.
IN_TIME, TOO_LATE = FixedClock.at("2026-11-30"), FixedClock.at("2026-12-01")


@pytest.fixture
def ask(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    def run(clock: FixedClock) -> Result:
        monkeypatch.setattr(ledger, "Runtime", lambda *_: SimpleNamespace(clock=clock))
        return CliRunner().invoke(app, ["carrier-ledger", "--carrier", "sample-carrier"])

    monkeypatch.setattr(ledger, "load_suite", lambda: None)
    monkeypatch.setattr(ledger, "open_documents", lambda _: carrier.store)
    return SimpleNamespace(at=run)


def test_a_carrier_that_says_nothing_is_named_once_the_agreed_time_is_over(
    carrier: Carrier, ask: SimpleNamespace
) -> None:
    assert "no file was sent" in ask.at(IN_TIME).output
    carrier.submit(638)
    carrier.write(PROFILE, DAY)
    in_time, late = ask.at(IN_TIME), ask.at(TOO_LATE)
    assert (in_time.exit_code, "SILENT" in in_time.output) == (0, False), in_time.output
    assert late.exit_code == 1
    assert "2 sent; SILENT: 2 not acknowledged for 72 hours, agreed were 48" in late.output


def test_a_ta1_alone_is_no_answer_and_a_999_is(carrier: Carrier, ask: SimpleNamespace) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    whole, group = carrier.numbers()
    (number,) = carrier.sent()
    carrier.read(ta1(whole))
    assert (ask.at(TOO_LATE).exit_code, "1 received; SILENT" in ask.at(TOO_LATE).output) == (1, True)
    carrier.read(acknowledgment(*taken(number), group_number=group))
    answered = ask.at(TOO_LATE)
    assert (answered.exit_code, answered.output.count("1 accepted")) == (0, 1)


def test_old_files_are_shown_while_they_wait_and_not_longer(carrier: Carrier, ask: SimpleNamespace) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    later = FixedClock.at("2027-02-01")
    assert "SILENT" in ask.at(later).output
    _, group = carrier.numbers()
    carrier.read(acknowledgment(group_number=group))
    assert "no file was sent in 31 days" in ask.at(later).output


def test_an_interrupted_file_is_something_to_do(carrier: Carrier, ask: SimpleNamespace) -> None:
    carrier.submit(638)
    carrier.folder.crash = OSError("no space left")
    with pytest.raises(OSError, match="no space"):
        carrier.write(PROFILE, DAY)
    found = ask.at(IN_TIME)
    assert found.exit_code == 1 and "interrupted; run write-834 again" in found.output


def test_a_file_into_which_no_policy_went_was_not_sent(carrier: Carrier, ask: SimpleNamespace) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.submissions.refused["A-0638"] = Unwritable("no birth date")
    carrier.write(PROFILE, DAY)
    assert (ask.at(TOO_LATE).exit_code, "no file was sent" in ask.at(TOO_LATE).output) == (0, True)


class Metric:
    """Files overdue and hours of the oldest, as Prometheus reads them after a round of the worker's timer."""

    def __init__(self, database: str) -> None:
        secret = SecretStr(KEY)
        settings = DocumentsSettings(database_url=SecretStr(database), identity_key=secret, field_key=secret)
        self._clock, self._database = FixedClock.at("2026-11-28"), Database(database)
        outside = SimpleNamespace(settings=lambda _: settings, database=self._database, clock=self._clock, bus=None)
        timers = documents.build(cast(Runtime, outside)).timers
        self._run = next(one.run for one in timers if one.name == "count_overdue_files")

    def on(self, day: str) -> tuple[float | None, float | None]:
        self._clock.set_day(day)
        self._run()
        of_carrier = {"carrier": "sample-carrier"}
        seconds = REGISTRY.get_sample_value("suite_carrier_files_oldest_overdue_seconds", of_carrier)
        return REGISTRY.get_sample_value("suite_carrier_files_overdue", of_carrier), seconds and seconds / 3600

    def close(self) -> None:
        self._database.close()


@pytest.fixture
def metric(store: Store, database: str) -> Iterator[Metric]:
    """``store`` has made the tables."""
    found = Metric(database)
    yield found
    found.close()


def test_the_metric_rises_when_the_agreed_time_is_over_and_falls_when_the_carrier_answers(
    carrier: Carrier, metric: Metric
) -> None:
    for number, day in ((638, DAY), (639, NEXT_DAY)):
        carrier.submit(number, day=day, lines=[InsuranceLine.MEDICAL])
        carrier.write(PROFILE, day)
        carrier.later()
    first, second = carrier.groups()
    assert metric.on("2026-11-30") == (0, 0)
    assert metric.on("2026-12-01") == (1, 72), "the second file has a day more"
    assert metric.on("2026-12-02") == (2, 96)
    carrier.read(acknowledgment(group_number=first))
    assert metric.on("2026-12-02") == (1, 72)
    carrier.read(acknowledgment(group_number=second, code="R"))
    assert metric.on("2026-12-02") == (0, 0), "a refusal is an answer"


def test_the_time_is_that_of_the_profile_by_which_the_file_was_written(
    carrier: Carrier, metric: Metric, ask: SimpleNamespace
) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(replace(PROFILE, acknowledgment_hours=73), DAY)
    assert (metric.on("2026-12-01"), ask.at(TOO_LATE).exit_code) == ((0, 0), 0)
    assert metric.on("2026-12-02") == (1, 96)
    assert "not acknowledged for 96 hours, agreed were 73" in ask.at(FixedClock.at("2026-12-02")).output


def test_files_that_were_interrupted_or_empty_are_not_awaited(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.folder.crash = OSError("no space left")
    with pytest.raises(OSError, match="no space"):
        carrier.write(PROFILE, DAY)
    assert CountOverdueFiles(carrier.store, TOO_LATE)() == []
    carrier.folder.crash = None
    carrier.submissions.refused["A-0638"] = Unwritable("no birth date")
    carrier.write(PROFILE, DAY)
    assert CountOverdueFiles(carrier.store, TOO_LATE)() == []

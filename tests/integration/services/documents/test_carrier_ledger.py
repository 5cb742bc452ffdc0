"""What an operator's monitoring sees of a carrier's files, on PostgreSQL."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

import portal.carrier_ledger as ledger
from chassis.kernel import FixedClock
from portal.__main__ import app
from services.documents.domain.edi.enrollment import InsuranceLine
from services.documents.domain.edi.faults import Unwritable
from tests.integration.services.documents.carrier import DAY, Carrier, carrier, store
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

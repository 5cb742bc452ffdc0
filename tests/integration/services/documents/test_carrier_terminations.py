"""Coverage that ends after it began, in a carrier's 834 on PostgreSQL; enrollment and the folder are stand-ins."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import false
from sqlalchemy.exc import IntegrityError

from chassis.kernel import NotFound
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance
from services.documents.domain.edi.file_checks import check_file
from services.documents.store import pending_policies
from tests.integration.services.documents.carrier import DAY, NEXT_DAY, Carrier, carrier, store
from tests.unit.services.documents.carrier_files import acknowledgment, effectuation, ending, taken
from tests.unit.services.documents.policies import PROFILE

__all__ = ["carrier", "store"]
ASKED, LATER, LATEST = date(2027, 3, 10), date(2027, 3, 11), date(2027, 3, 12)
LAST_DAY = date(2027, 3, 31)
DENTAL = InsuranceLine.DENTAL


def begin(carrier: Carrier) -> None:
    """Medical and dental coverage that the carrier knows."""
    carrier.submit(638)
    assert len(carrier.write_on(DAY)) == 2


def test_the_dental_coverage_ends_and_the_medical_goes_on(carrier: Carrier) -> None:
    begin(carrier)
    for _ in range(2):  # an event may come twice
        carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED, reason="other_coverage")
    assert carrier.write_on(LATER) == [("A0638D", "termination")]
    whole = carrier.folder.saved[-1][1]
    assert list(check_file([whole])) == []
    assert (whole.count("GS*BE"), whole.count("ST*834"), whole.count("INS*")) == (1, 1, 1)
    assert "*36096IL9900010*" in whole.partition("~ST*")[0]  # GS03
    assert "INS*Y*18*024*14*A***TE~" in whole
    assert "REF*1L*A0638D~" in whole
    assert "DTP*357*D8*20270331~" in whole
    assert "REF*17*TERM-OTH-COVERAGE~DTP*007*D8*20270331~" in whole
    assert not carrier.write_on(LATER)
    assert not carrier.write_on(LATEST)
    assert sorted((policy, told) for policy, told, _ in carrier.sent().values()) == [
        ("A0638D", "initial"),
        ("A0638D", "termination"),
        ("A0638M", "initial"),
    ]


def test_it_is_told_from_the_day_on_which_it_was_asked_for(carrier: Carrier) -> None:
    begin(carrier)
    carrier.terminate(638, DENTAL, LAST_DAY, day=LATER)
    assert not carrier.write_on(ASKED)
    assert carrier.write_on(LATER) == [("A0638D", "termination")]


def test_the_carrier_hears_of_the_enrollment_first_in_whatever_order_the_events_come(carrier: Carrier) -> None:
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED, reason="moved")
    assert not carrier.write_on(ASKED)
    carrier.submit(638)
    assert carrier.write_on(LATER) == [("A0638M", "initial"), ("A0638D", "initial")]
    assert carrier.write_on(LATEST) == [("A0638D", "termination")]
    assert "INS*Y*18*024*07*A***TE~" in carrier.folder.saved[-1][1]


def test_an_enrollment_that_the_carrier_rejected_has_no_end(carrier: Carrier) -> None:
    begin(carrier)
    carrier.read(*(acknowledgment(group_number=group, code="R") for group in carrier.groups()))
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    assert not carrier.write_on(ASKED)
    assert len(carrier.write_on(LATER, with_rejected=True)) == 2  # the enrollments, once more
    assert carrier.write_on(LATEST) == [("A0638D", "termination")]


def test_what_the_carrier_ended_by_itself_is_not_ended_again(carrier: Carrier) -> None:
    carrier.submit(638, lines=[DENTAL])
    (written,) = carrier.write(PROFILE, DAY)
    policy = carrier.submissions.get_policy("", next(written.interchange.transactions))
    ended = ending(
        replace(policy, maintenance=Maintenance.TERMINATION, reason="voluntary", effective_on=LAST_DAY),
        additional="TERM",
    )
    carrier.read(ended)
    assert [state for _, _, state in carrier.sent().values()] == ["terminated"]
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    assert not carrier.write_on(LATER)


@pytest.mark.parametrize("told", ["termination", "cancellation"])
def test_a_rejected_ending_is_told_as_that_and_goes_again_when_asked_for(carrier: Carrier, told: str) -> None:
    carrier.submit(638, lines=[DENTAL])
    carrier.write_on(DAY)
    if told == "termination":
        carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    else:
        carrier.cancel(638, day=NEXT_DAY)
    assert carrier.write_on(ASKED) == [("A0638D", told)]
    _, number = carrier.sent()
    carrier.read(acknowledgment(*taken(number, "R", "IK3*DTP*12**8"), group_number=carrier.groups()[1], code="R"))
    (event,) = map(json.loads, carrier.events())
    assert (event["decision"], event["answers"], event["reason"]) == (
        "CARRIER_DECISION_REJECTED",
        f"CARRIER_TRANSACTION_{told.upper()}",
        "DTP 12: 8",
    )
    assert not carrier.write_on(LATER)
    assert carrier.write_on(LATEST, with_rejected=True) == [("A0638D", told)]
    assert [state for _, _, state in carrier.sent().values()] == ["sent", "rejected", "sent"]


def test_a_termination_moves_by_its_999_and_by_the_carriers_own_word(carrier: Carrier) -> None:
    carrier.submit(638, lines=[DENTAL])
    carrier.write_on(DAY)
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    carrier.later(ASKED)
    (written,) = carrier.write(PROFILE, ASKED)
    (planned,) = written.interchange.transactions
    policy = carrier.submissions.get_policy("", planned)
    carrier.read(acknowledgment(*taken(planned.control_number), group_number=carrier.groups()[1]))
    carrier.read(
        effectuation(replace(policy, maintenance=Maintenance.INITIAL, effective_on=None))
    )  # which is no answer to it
    assert carrier.sent()[planned.control_number][2] == "accepted"
    carrier.read(ending(policy, "14", "TERM"))
    assert carrier.sent()[planned.control_number] == ("A0638D", "termination", "terminated")
    assert [(one["decision"], one["answers"]) for one in map(json.loads, carrier.events())] == [
        ("CARRIER_DECISION_ACCEPTED", "CARRIER_TRANSACTION_TERMINATION"),
        ("CARRIER_DECISION_TERMINATED", "CARRIER_TRANSACTION_TERMINATION"),
    ]


def test_after_a_crash_it_goes_out_under_the_same_numbers_with_the_same_last_day(carrier: Carrier) -> None:
    begin(carrier)
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    carrier.folder.crash = RuntimeError("the power is gone")
    with pytest.raises(RuntimeError):
        carrier.write_on(ASKED)
    carrier.folder.crash = None
    assert carrier.write_on(LATER) == [("A0638D", "termination")]
    assert carrier.folder.saved[-1] == carrier.folder.saved[-2]
    assert not carrier.write_on(LATEST)


def test_without_a_grant_it_stays_out_and_goes_the_next_day(carrier: Carrier) -> None:
    begin(carrier)
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    carrier.submissions.refused["A-0638"] = NotFound("No submission.")
    carrier.later(ASKED)
    (written,) = carrier.write(PROFILE, ASKED)
    assert (written.sent, list(written.set_aside.values())) == (
        0,
        ["enrollment gives this carrier nothing of it: see its grant"],
    )
    carrier.submissions.refused.clear()
    assert carrier.write_on(LATER) == [("A0638D", "termination")]


def test_the_table_refuses_what_a_query_forgets_to_leave_out(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of what is told once: without the guard, the same termination would go out again."""
    begin(carrier)
    carrier.terminate(638, DENTAL, LAST_DAY, day=ASKED)
    carrier.write_on(ASKED)
    guard = pending_policies._told
    monkeypatch.setattr(
        pending_policies,
        "_told",
        lambda kind, unless: false() if kind is Maintenance.TERMINATION else guard(kind, unless),
    )
    with pytest.raises(IntegrityError, match="nothing_is_told_twice"):
        carrier.write_on(LATER)

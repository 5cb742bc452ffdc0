"""Contact details that change, in a carrier's 834 on PostgreSQL; enrollment and the folder are stand-ins."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import false, select, update
from sqlalchemy.exc import IntegrityError

from chassis.kernel import NotFound, Unavailable
from services.documents.domain.edi.enrollment import InsuranceLine
from services.documents.domain.edi.file_checks import check_file
from services.documents.domain.edi.submitted_policy import ContactChange
from services.documents.store import pending_policies
from services.documents.store.carrier_tables import TransactionRow
from services.documents.usecases.note_contact_change import NoteContactChange
from tests.integration.services.documents.carrier import BEGIN, DAY, NEXT_DAY, Carrier, carrier, store
from tests.unit.services.documents.carrier_files import acknowledgment, taken
from tests.unit.services.documents.policies import PROFILE

__all__ = ["carrier", "store"]
ASKED, LATER, LATEST = date(2027, 3, 10), date(2027, 3, 11), date(2027, 3, 12)
MEDICAL, DENTAL = InsuranceLine
BOTH = [("A0638M", "change"), ("A0638D", "change")]


def begin(carrier: Carrier, *lines: InsuranceLine) -> None:
    """Coverage that the carrier knows."""
    carrier.submit(638, lines=lines or tuple(InsuranceLine))
    assert carrier.write_on(DAY)


def test_each_change_is_told_once_for_each_policy(carrier: Carrier) -> None:
    begin(carrier)
    for _ in range(2):  # an event may come twice
        carrier.change_contact(638, 1, day=ASKED)
    assert carrier.write_on(ASKED) == BOTH
    whole = carrier.folder.saved[-1][1]
    assert list(check_file([whole])) == []
    assert (whole.count("GS*BE"), whole.count("ST*834"), whole.count("PER*IP**TE*3125550101")) == (2, 2, 2)
    assert "INS*Y*18*001**A***AC~" in whole
    assert "REF*17*DEMOGRAPHIC CHANGE~DTP*007*D8*20270310~" in whole
    assert not carrier.write_on(ASKED)
    assert not carrier.write_on(LATER)
    carrier.change_contact(638, 2, day=LATER)
    assert carrier.write_on(LATEST) == BOTH
    assert "TE*3125550102" in carrier.folder.saved[-1][1]
    assert not carrier.write_on(LATEST + timedelta(days=1))


def test_several_since_the_last_file_are_one(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    for change in (2, 1, 3):  # the events come in any order
        carrier.change_contact(638, change, day=ASKED)
    carrier.submissions.changes["A-0638"] = 3
    assert carrier.write_on(ASKED) == [("A0638M", "change")]
    assert "TE*3125550103" in carrier.folder.saved[-1][1]
    assert not carrier.write_on(LATER)


def test_a_change_before_coverage_begins_takes_effect_with_it(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=NEXT_DAY)
    assert carrier.write_on(NEXT_DAY) == [("A0638M", "change")]
    assert f"DTP*303*D8*{BEGIN:%Y%m%d}~" in carrier.folder.saved[-1][1]


@pytest.mark.parametrize("order", [("submit", "change"), ("change", "submit")], ids=" then ".join)
def test_what_was_changed_before_the_enrollment_was_sent_is_in_it(carrier: Carrier, order: tuple[str, ...]) -> None:
    for act in order:
        if act == "submit":
            carrier.submit(638)
        else:
            carrier.change_contact(638, 1)
    assert [told for _, told in carrier.write_on(DAY)] == ["initial", "initial"]
    assert carrier.folder.saved[-1][1].count("TE*3125550101") == 2
    assert not carrier.write_on(NEXT_DAY)
    carrier.change_contact(638, 2, day=ASKED)
    assert carrier.write_on(ASKED) == BOTH


@pytest.mark.parametrize("told", ["initial", "change"])
def test_a_change_that_is_read_before_its_event_comes_is_told(carrier: Carrier, told: str) -> None:
    """Enrollment answers with what is newest; the event of it is still on its way."""
    if told == "initial":
        carrier.submit(638, lines=[MEDICAL])
    else:
        begin(carrier, MEDICAL)
        carrier.change_contact(638, 1, day=ASKED)
    carrier.submissions.changes["A-0638"] = 2
    assert carrier.write_on(ASKED) == [("A0638M", told)]
    assert "TE*3125550102" in carrier.folder.saved[-1][1]
    carrier.change_contact(638, 2, day=ASKED)
    assert not carrier.write_on(LATER)
    carrier.change_contact(638, 3, day=LATER)
    assert carrier.write_on(LATEST) == [("A0638M", "change")]


@pytest.mark.parametrize("is_written", [True, False], ids=["before the note", "before the file"])
def test_after_a_crash_it_goes_out_under_the_same_numbers_and_what_came_since_is_told(
    carrier: Carrier, is_written: bool
) -> None:
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=ASKED)
    if is_written:
        carrier.folder.crash = RuntimeError("the power is gone")
    else:
        carrier.submissions.refused["A-0638"] = Unavailable("enrollment is away")
    with pytest.raises((RuntimeError, Unavailable)):
        carrier.write_on(ASKED)
    planned = carrier.sent()
    carrier.folder.crash = None
    carrier.submissions.refused.clear()
    carrier.change_contact(638, 2, day=LATER)
    # the file of before may have left, and nobody knows which number was in it: the second change is told for certain
    assert carrier.write_on(LATER) == [("A0638M", "change"), ("A0638M", "change")]
    assert planned.items() <= carrier.sent().items()
    assert not carrier.write_on(LATEST)


def test_a_run_that_was_interrupted_without_a_change_since_is_finished_and_tells_nothing_more(carrier: Carrier) -> None:
    carrier.change_contact(638, 1)
    carrier.submit(638)
    carrier.folder.crash = RuntimeError("the power is gone")
    with pytest.raises(RuntimeError):
        carrier.write_on(DAY)
    carrier.folder.crash = None
    assert [told for _, told in carrier.write_on(NEXT_DAY)] == ["initial", "initial"]
    assert carrier.folder.saved[0] == carrier.folder.saved[1]
    assert not carrier.write_on(ASKED)


def test_what_has_ended_by_then_is_not_changed_and_what_goes_on_is(carrier: Carrier) -> None:
    begin(carrier)
    carrier.terminate(638, DENTAL, ASKED, day=ASKED - timedelta(days=14))
    assert carrier.write_on(ASKED - timedelta(days=14)) == [("A0638D", "termination")]
    carrier.change_contact(638, 1, day=ASKED)
    carrier.change_contact(638, 2, day=LATER)
    # on its last day the dental coverage still was in force, and letters about it are still to come
    assert carrier.write_on(LATER) == BOTH
    carrier.change_contact(638, 3, day=LATEST)
    assert carrier.write_on(LATEST) == [("A0638M", "change")]


def test_a_change_and_the_end_come_in_this_order(carrier: Carrier) -> None:
    begin(carrier, DENTAL)
    carrier.terminate(638, DENTAL, LATEST, day=ASKED)
    carrier.change_contact(638, 1, day=ASKED)
    assert carrier.write_on(ASKED) == [("A0638D", "change"), ("A0638D", "termination")]
    assert list(check_file([carrier.folder.saved[-1][1]])) == []


def test_who_never_had_coverage_there_is_not_told(carrier: Carrier) -> None:
    begin(carrier)
    carrier.read(*(acknowledgment(group_number=group, code="R") for group in carrier.groups()))
    carrier.submit(639)
    assert len(carrier.write_on(NEXT_DAY)) == 2
    carrier.cancel(639, day=ASKED)
    for number in (638, 639):
        carrier.change_contact(number, 1, day=ASKED)
    assert sorted(carrier.write_on(ASKED)) == [("A0639D", "cancellation"), ("A0639M", "cancellation")]
    again = carrier.write_on(LATER, with_rejected=True)
    assert again == [("A0638M", "initial"), ("A0638D", "initial")]  # with the change in it
    assert not carrier.write_on(LATEST)


def test_a_rejected_change_is_told_as_that_and_goes_again_when_asked_for(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=ASKED)
    carrier.write_on(ASKED)
    _, number = carrier.sent()
    carrier.read(acknowledgment(*taken(number, "R", "IK3*PER*15**8"), group_number=carrier.groups()[1], code="R"))
    (event,) = map(json.loads, carrier.events())
    assert (event["decision"], event["answers"]) == ("CARRIER_DECISION_REJECTED", "CARRIER_TRANSACTION_CONTACT_CHANGE")
    assert not carrier.write_on(LATER)
    assert carrier.write_on(LATEST, with_rejected=True) == [("A0638M", "change")]


def test_what_a_later_change_told_is_not_sent_again(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=ASKED)
    carrier.write_on(ASKED)
    _, number = carrier.sent()
    carrier.read(acknowledgment(*taken(number, "R"), group_number=carrier.groups()[1], code="R"))
    carrier.change_contact(638, 2, day=LATER)
    assert carrier.write_on(LATER) == [("A0638M", "change")]
    assert not carrier.write_on(LATEST, with_rejected=True)


def test_without_a_grant_it_stays_out_and_goes_the_next_day(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=ASKED)
    carrier.submissions.refused["A-0638"] = NotFound("No submission.")
    carrier.later(ASKED)
    (written,) = carrier.write(PROFILE, ASKED)
    assert (written.sent, list(written.set_aside.values())) == (
        0,
        ["enrollment gives this carrier nothing of it: see its grant"],
    )
    carrier.submissions.refused.clear()
    assert carrier.write_on(LATER) == [("A0638M", "change")]


def test_only_what_was_changed_by_the_day_begins_a_file(carrier: Carrier) -> None:
    begin(carrier, MEDICAL)
    NoteContactChange(carrier.store)(ContactChange("A-0638", 1, LATER))
    assert not carrier.write_on(ASKED)
    assert carrier.write_on(LATER) == [("A0638M", "change")]


def test_the_table_refuses_what_a_query_forgets_to_leave_out(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of what is told once: without the guard, the same change would go out again."""
    begin(carrier, MEDICAL)
    carrier.change_contact(638, 1, day=ASKED)
    carrier.write_on(ASKED)
    monkeypatch.setattr(pending_policies, "_knows_change", lambda _unless: false())
    with pytest.raises(IntegrityError, match="no_change_is_told_twice"):
        carrier.write_on(LATER)
    with carrier.store() as work:  # as if it were another change
        sent = select(TransactionRow.control_number).where(TransactionRow.maintenance == "change").scalar_subquery()
        work.session.execute(
            update(TransactionRow).where(TransactionRow.control_number == sent).values(contact_change=7)
        )
    assert carrier.write_on(LATER) == [("A0638M", "change")]

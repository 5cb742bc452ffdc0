"""A carrier's 834 on PostgreSQL; enrollment and the folder are stand-ins."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from chassis.kernel import Conflict, InvalidInput, Money, NotFound, Unavailable
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance
from services.documents.domain.edi.faults import Unwritable
from services.documents.domain.edi.file_checks import check_file
from services.documents.store.carrier_tables import (
    SubmittedPolicyRow,
    TransactionRow,
)
from services.documents.usecases.note_submission import NoteSubmission
from tests.integration.services.documents.carrier import (
    DAY,
    DENTAL,
    NEXT_DAY,
    Carrier,
    Store,
    carrier,
    make_submitted,
    store,
)
from tests.unit.services.documents.policies import PROFILE

__all__ = ["carrier", "store"]


def test_a_days_file_has_a_group_for_each_plan_and_no_fault(carrier: Carrier) -> None:
    carrier.submit(638)
    carrier.submit(639)
    (written,) = carrier.write(PROFILE, DAY)
    ((name, whole),) = carrier.folder.saved
    assert list(check_file([whole])) == []
    assert (written.sent, written.set_aside, whole.count("GS*BE"), whole.count("ST*834")) == (4, {}, 2, 4)
    assert name == f"sample-carrier-2026-11-28-{written.interchange.control_number:09d}.834"
    assert sorted(policy for policy, _, _ in carrier.sent().values()) == ["A0638D", "A0638M", "A0639D", "A0639M"]


def test_written_twice_gives_nothing_new_and_the_next_day_what_came_since(carrier: Carrier) -> None:
    carrier.submit(638)
    assert carrier.write(PROFILE, DAY)
    carrier.submit(639)
    assert not carrier.write(PROFILE, DAY)
    carrier.later()
    (written,) = carrier.write(PROFILE, NEXT_DAY)
    assert {one.policy.record_number for one in written.interchange.transactions} == {"A-0639"}
    assert not carrier.write(PROFILE, NEXT_DAY)
    assert len(carrier.sent()) == len(set(carrier.sent())) == 4


def test_only_what_was_submitted_by_the_day_and_to_this_carrier_is_sent(carrier: Carrier) -> None:
    carrier.submit(638, day=NEXT_DAY)
    NoteSubmission(carrier.store)([make_submitted(639, InsuranceLine.MEDICAL, "30751MT9900001-00")])
    assert not carrier.write(PROFILE, DAY)
    with pytest.raises(InvalidInput):
        carrier.write(PROFILE, NEXT_DAY)


@pytest.mark.parametrize("is_written", [True, False], ids=["before the note", "before the file"])
def test_after_a_crash_the_same_policies_go_out_under_the_same_numbers(carrier: Carrier, is_written: bool) -> None:
    carrier.submit(638)
    if is_written:
        carrier.folder.crash = RuntimeError("the power is gone")
    else:
        carrier.submissions.refused["A-0638"] = Unavailable("enrollment is away")
    with pytest.raises((RuntimeError, Unavailable)):
        carrier.write(PROFILE, DAY)
    planned = carrier.sent()
    carrier.folder.crash = None
    carrier.submissions.refused.clear()
    carrier.submit(639, day=NEXT_DAY)
    carrier.cancel(638, day=NEXT_DAY)
    carrier.later()
    finished, new = carrier.write(PROFILE, NEXT_DAY)
    assert (finished.interchange.day, new.interchange.day) == (DAY, NEXT_DAY)
    if is_written:
        assert carrier.folder.saved[0] == carrier.folder.saved[1]  # byte for byte, the instant included
    assert planned.items() <= carrier.sent().items()
    told = sorted((policy, maintenance) for policy, maintenance, _ in carrier.sent().values())
    assert told == [
        ("A0638D", "cancellation"),
        ("A0638D", "initial"),
        ("A0638M", "cancellation"),
        ("A0638M", "initial"),
        ("A0639D", "initial"),
        ("A0639M", "initial"),
    ]


def test_of_two_runs_at_the_same_time_one_writes(carrier: Carrier) -> None:
    carrier.submit(638)
    writing, tried = threading.Event(), threading.Event()

    def pause() -> None:
        writing.set()
        assert tried.wait(20)

    carrier.folder.pause = pause
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(carrier.write, PROFILE, DAY)
        assert writing.wait(20)
        try:
            with pytest.raises(Conflict) as refused:
                carrier.write(PROFILE, DAY)
        finally:
            tried.set()
        assert refused.value.code == "file_being_written"
        assert len(first.result()) == 1


def test_numbers_given_out_at_the_same_time_are_never_the_same_nor_used_again(carrier: Carrier) -> None:
    carriers = [
        replace(PROFILE, name=f"carrier-{number}", issuer_ids=frozenset([f"4000{number}"])) for number in range(4)
    ]
    for number in range(4):
        policies = [
            make_submitted(number * 100 + one, InsuranceLine.MEDICAL, f"4000{number}IL9900001-00") for one in range(20)
        ]
        NoteSubmission(carrier.store)(policies)
    with ThreadPoolExecutor(4) as pool:
        written = [one for found in pool.map(lambda profile: carrier.write(profile, DAY), carriers) for one in found]
    given = [one.interchange.control_number for one in written]
    given += [group.control_number for one in written for group in one.interchange.groups]
    given += [sent.control_number for one in written for sent in one.interchange.transactions]
    assert len(given) == len(set(given)) == 4 + 4 + 80
    assert all(list(check_file([whole])) == [] for _, whole in carrier.folder.saved)


@pytest.mark.parametrize("table", ["carrier_interchange", "carrier_group", "carrier_transaction"])
def test_the_tables_refuse_a_number_that_was_used(carrier: Carrier, table: str) -> None:
    carrier.submit(638)
    carrier.write(PROFILE, DAY)
    with carrier.store() as work:
        columns = work.session.execute(text(f"select * from {table} limit 1")).mappings().one()
    again = {**columns, **({"day": NEXT_DAY} if "day" in columns else {})}
    if "plan_id" in columns:
        again["plan_id"] = "36096IL9900099"
    if "maintenance" in columns:
        again["maintenance"] = "change"
    names = ", ".join(again)
    statement = text(f"insert into {table} ({names}) values ({', '.join(f':{name}' for name in again)})")
    with pytest.raises(IntegrityError), carrier.store() as work:
        work.session.execute(statement, again)
    fresh = {**again, "control_number": 999_999}
    with carrier.store() as work:
        work.session.execute(statement, fresh)  # it was the number alone


def test_the_tables_refuse_to_tell_a_policy_twice(carrier: Carrier) -> None:
    carrier.submit(638)
    carrier.write(PROFILE, DAY)
    with carrier.store() as work:
        sent = work.session.scalars(select(TransactionRow)).first()
        assert sent is not None
        again = {name: getattr(sent, name) for name in ("group_number", "policy_id", "maintenance", "reason", "why")}
    for state, is_refused in (("sent", True), ("rejected", False)):
        row = insert(TransactionRow).values(control_number=999_000, state=state, **again)
        if is_refused:
            with pytest.raises(IntegrityError), carrier.store() as work:
                work.session.execute(row)
        else:
            with carrier.store() as work:
                work.session.execute(row)


def test_what_stays_out_is_told_and_goes_the_next_day(carrier: Carrier) -> None:
    carrier.submit(638)
    carrier.submit(639)
    carrier.submissions.refused["A-0638"] = Unwritable("the carrier's grant has no birth dates")
    (written,) = carrier.write(PROFILE, DAY)
    assert (written.sent, set(written.set_aside.values())) == (2, {"the carrier's grant has no birth dates"})
    assert "A0638" not in carrier.folder.saved[0][1]
    carrier.submissions.refused.clear()
    carrier.later()
    (next_file,) = carrier.write(PROFILE, NEXT_DAY)
    assert {one.policy.record_number for one in next_file.interchange.transactions} == {"A-0638"}


def test_a_day_on_which_nothing_could_be_written_has_no_file_and_can_be_tried_again(carrier: Carrier) -> None:
    carrier.submit(638)
    carrier.submissions.refused["A-0638"] = NotFound("No submission.")
    (written,) = carrier.write(PROFILE, DAY)
    assert (written.sha256, written.sent, carrier.folder.saved) == (None, 0, [])
    carrier.submissions.refused.clear()
    (again,) = carrier.write(PROFILE, DAY)
    assert again.sent == 2


def test_a_cancellation_goes_out_for_what_was_sent_alone(carrier: Carrier) -> None:
    carrier.cancel(639)  # its event came first
    carrier.submit(638)
    carrier.submit(639)
    carrier.submit(640)
    carrier.cancel(640)
    carrier.write(PROFILE, DAY)
    assert {policy for policy, _, _ in carrier.sent().values()} == {"A0638D", "A0638M"}
    carrier.cancel(638, day=NEXT_DAY, reason="deceased")
    carrier.later()
    (written,) = carrier.write(PROFILE, NEXT_DAY)
    whole = carrier.folder.saved[1][1]
    assert [one.maintenance for one in written.interchange.transactions] == [Maintenance.CANCELLATION] * 2
    assert list(check_file([whole])) == []
    assert "INS*Y*18*024*03*A***TE~" in whole
    assert "HD*" not in whole


def test_every_field_of_a_submitted_policy_comes_back(store: Store) -> None:
    sent = make_submitted(638, InsuranceLine.DENTAL, DENTAL)
    NoteSubmission(store)([sent])
    NoteSubmission(store)([replace(sent, premium=Money(1))])  # the same event again, changed by nobody
    with store() as work:
        (found,) = work.carrier_files.list_pending(["36096"], DAY)
        assert len(work.session.scalars(select(SubmittedPolicyRow)).all()) == 1
    assert found.policy == sent

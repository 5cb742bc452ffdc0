"""A carrier's 834 and its answers on PostgreSQL; enrollment and the folder are stand-ins."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

import services.documents.__main__ as documents
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Conflict, FixedClock, InvalidInput, Money, NotFound, Unavailable
from services.documents.domain.edi.acknowledgments import InterchangeAcknowledgment
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance, PolicyEnrollment
from services.documents.domain.edi.faults import Unwritable
from services.documents.domain.edi.file_checks import check_file
from services.documents.domain.edi.policy_ledger import NotSent, PolicyDifference
from services.documents.domain.edi.submitted_policy import PlannedTransaction, SubmittedPolicy, make_policy_id
from services.documents.events.outgoing import event_to_proto
from services.documents.store.carrier_tables import (
    AnswerRow,
    GroupRow,
    InterchangeRow,
    SubmittedPolicyRow,
    TransactionRow,
)
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.work import UnitOfWork, make_transactions
from services.documents.usecases.note_cancellation import NoteCancellation
from services.documents.usecases.note_submission import NoteSubmission
from services.documents.usecases.read_carrier_answers import JudgedAnswer, ReadCarrierAnswers
from services.documents.usecases.write_carrier_file import WriteCarrierFile
from tests.unit.services.documents.carrier_files import acknowledgment, effectuation, ending, interchange, ta1, taken
from tests.unit.services.documents.policies import ADA, BEN, MIA, PROFILE, make_policy

Store = PostgresTransactions[UnitOfWork]
KEY = base64.b64encode(bytes(32)).decode()
DAY, NEXT_DAY = date(2026, 11, 28), date(2026, 11, 29)
BEGIN = date(2027, 1, 1)
MEDICAL, DENTAL = "36096IL9900001-00", "36096IL9900010-00"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    yield make_transactions(db, DocumentContents(DocumentCiphers.with_key(KEY)), event_to_proto)
    db.close()


@dataclass
class FakeSubmissions:
    """A family of three in every policy. ``refused``: record numbers, and why each is."""

    refused: dict[str, Exception] = field(default_factory=dict)

    def get_policy(self, carrier: str, planned: PlannedTransaction) -> PolicyEnrollment:
        policy = planned.policy
        if why := self.refused.get(policy.record_number):
            raise why
        family = [replace(one, member_id=f"{policy.subscriber_id}{one.member_id[-2:]}") for one in (ADA, BEN, MIA)]
        return make_policy(
            control_number=planned.control_number,
            maintenance=planned.maintenance,
            policy_id=policy.policy_id,
            subscriber_id=policy.subscriber_id,
            application_id=policy.subscriber_id,
            plan_id=policy.plan_id,
            line=policy.line,
            begins_on=policy.begins_on,
            premium=policy.premium,
            members=tuple(family),
            reason=planned.reason,
            effective_on=policy.begins_on if planned.maintenance is Maintenance.CANCELLATION else None,
        )


@dataclass
class FakeFolder:
    """``crash``: what happens once the file is whole, and before anybody can note that it is."""

    saved: list[tuple[str, str]] = field(default_factory=list)
    crash: Exception | None = None
    pause: Callable[[], None] = lambda: None

    def save(self, name: str, parts: Iterable[str]) -> str | None:
        whole = "".join(parts)
        self.pause()
        if not whole:
            return None
        self.saved.append((name, whole))
        if self.crash:
            raise self.crash
        return hashlib.sha256(whole.encode()).hexdigest()


class Carrier:
    """What an operator does for one carrier."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock.at("2026-11-28")
        self.submissions, self.folder = FakeSubmissions(), FakeFolder()
        self.write = WriteCarrierFile(store, self.submissions, self.folder, self.clock)
        self._read = ReadCarrierAnswers(store, self.clock)

    def submit(self, number: int, *, day: date = DAY, lines: Iterable[InsuranceLine] = tuple(InsuranceLine)) -> None:
        plans = {InsuranceLine.MEDICAL: MEDICAL, InsuranceLine.DENTAL: DENTAL}
        NoteSubmission(self.store)([make_submitted(number, line, plans[line], day) for line in lines])

    def cancel(self, number: int, *, day: date = DAY, reason: str = "changed_mind") -> None:
        NoteCancellation(self.store)(f"A-{number:04d}", day, reason)

    def later(self) -> None:
        self.clock.set_day("2026-11-29")

    def read(self, *parts: str) -> list[JudgedAnswer] | None:
        whole = interchange(*parts)
        found = self._read(PROFILE, hashlib.sha256(whole.encode()).hexdigest(), [whole])
        return None if found is None else list(found)

    def sent(self) -> dict[int, tuple[str, str, str]]:
        """Policy, maintenance and state by control number."""
        with self.store() as work:
            rows = work.session.scalars(select(TransactionRow).order_by(TransactionRow.control_number))
            return {one.control_number: (one.policy_id, one.maintenance, one.state) for one in rows}

    def numbers(self) -> tuple[int, int]:
        """Of the only interchange and its first group."""
        with self.store() as work:
            whole = work.session.scalars(select(InterchangeRow.control_number)).one()
            return whole, work.session.scalars(
                select(GroupRow.control_number).order_by(GroupRow.control_number)
            ).first() or 0

    def events(self) -> list[str]:
        with self.store() as work:
            bodies = work.session.scalars(select(INFRASTRUCTURE.outbox.c.body).order_by(INFRASTRUCTURE.outbox.c.id))
            return [bytes(one).decode() for one in bodies]


def make_submitted(number: int, line: InsuranceLine, plan_id: str, day: date = DAY) -> SubmittedPolicy:
    record_number = f"A-{number:04d}"
    return SubmittedPolicy(
        policy_id=make_policy_id(record_number, line),
        subscriber_id=f"{number}12",
        record_number=record_number,
        writing_number="220002580",
        plan_id=plan_id,
        line=line,
        premium=Money.total(one.premium for one in (ADA, BEN, MIA)),
        submitted_on=day,
        begins_on=BEGIN,
    )


@pytest.fixture
def carrier(store: Store) -> Carrier:
    return Carrier(store)


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


def test_acknowledgments_and_effectuation_move_the_ledger_and_tell_enrollment(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    whole, group = carrier.numbers()
    policy = carrier.submissions.get_policy("", planned)
    answers = ta1(whole), acknowledgment(*taken(planned.control_number), group_number=group)
    assert carrier.read(answers[0]) is not None
    assert carrier.sent()[planned.control_number][2] == "received"
    carrier.read(*answers)
    assert carrier.sent()[planned.control_number][2] == "accepted"
    carrier.read(effectuation(policy))
    assert carrier.sent()[planned.control_number][2] == "effectuated"
    told = carrier.events()
    assert [json.loads(one)["decision"] for one in told] == [
        "CARRIER_DECISION_ACCEPTED",
        "CARRIER_DECISION_EFFECTUATED",
    ]
    assert all("A-0638" in one and "SAMPLE CARRIER" in one for one in told)
    assert all(word not in "".join(told) for word in ("ADA", "19880114", "219099999"))


def test_the_same_file_again_changes_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    whole, group = carrier.numbers()
    answer = acknowledgment(group_number=group)
    assert carrier.read(ta1(whole), answer) is not None
    before = carrier.sent(), carrier.events()
    assert carrier.read(ta1(whole), answer) is None
    assert (carrier.sent(), carrier.events()) == before


def test_a_rejected_policy_goes_again_when_asked_for_and_under_another_number(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    (number,) = carrier.sent()
    _, group = carrier.numbers()
    carrier.read(acknowledgment(*taken(number, "R"), group_number=group, code="R"))
    assert [one.count("REJECTED") for one in carrier.events()] == [1]
    carrier.later()
    assert not carrier.write(PROFILE, NEXT_DAY)
    (again,) = carrier.write(PROFILE, NEXT_DAY, with_rejected=True)
    assert [state for _, _, state in carrier.sent().values()] == ["rejected", "sent"]
    assert next(again.interchange.transactions).control_number > number


def test_what_fits_nothing_that_was_sent_is_kept_and_moves_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    cheaper = replace(carrier.submissions.get_policy("", planned), members=(ADA,), premium=ADA.premium)
    before = carrier.sent()
    judged = carrier.read(ta1(90_001), effectuation(cheaper))
    assert judged is not None
    (unknown,), (difference,) = (one.entries for one in judged)
    assert isinstance(unknown, NotSent)
    assert isinstance(unknown.answer, InterchangeAcknowledgment)
    assert isinstance(difference, PolicyDifference)
    assert difference.fields == ("premium",)
    assert (carrier.sent(), carrier.events()) == (before, [])
    with carrier.store() as work:
        kept = list(work.session.execute(select(AnswerRow.kind, AnswerRow.entry).order_by(AnswerRow.place)))
    assert [kind for kind, _ in kept] == ["NotSent", "PolicyDifference"]
    assert kept[1].entry["fields"] == ["premium"]
    assert all(word not in str(kept) for word in ("ADA", "19880114"))


def test_another_carriers_answer_moves_nothing(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    carrier.write(PROFILE, DAY)
    whole, _ = carrier.numbers()
    other = replace(PROFILE, name="another-carrier")
    judged = ReadCarrierAnswers(carrier.store, carrier.clock)(other, "0" * 64, [interchange(ta1(whole))])
    assert judged is not None
    assert isinstance(judged[0].entries[0], NotSent)


def test_a_carriers_own_cancellation_is_told_and_is_not_answered_with_another(carrier: Carrier) -> None:
    carrier.submit(638, lines=[InsuranceLine.MEDICAL])
    (written,) = carrier.write(PROFILE, DAY)
    (planned,) = written.interchange.transactions
    ended = replace(planned, maintenance=Maintenance.CANCELLATION, reason="voluntary")
    carrier.read(ending(carrier.submissions.get_policy("", ended)))
    assert carrier.sent()[planned.control_number][2] == "cancelled"
    assert ["CARRIER_DECISION_CANCELLED" in one and "59 CANCEL" in one for one in carrier.events()] == [True]
    carrier.cancel(638, day=NEXT_DAY)
    carrier.later()
    assert not carrier.write(PROFILE, NEXT_DAY)


def test_every_field_of_a_submitted_policy_comes_back(store: Store) -> None:
    sent = make_submitted(638, InsuranceLine.DENTAL, DENTAL)
    NoteSubmission(store)([sent])
    NoteSubmission(store)([replace(sent, premium=Money(1))])  # the same event again, changed by nobody
    with store() as work:
        (found,) = work.carrier_files.list_pending(["36096"], DAY)
        assert len(work.session.scalars(select(SubmittedPolicyRow)).all()) == 1
    assert found.policy == sent

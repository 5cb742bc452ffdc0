"""Domain: everything that a carrier sends back, each as what it is; nothing of a file is passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Money
from services.documents.domain.edi.acknowledgments import (
    BadAcknowledgment,
    GroupAcknowledgment,
    InterchangeAcknowledgment,
    read_group_acknowledgment,
    read_interchange_acknowledgment,
)
from services.documents.domain.edi.carrier_profile import ReportingCategory
from services.documents.domain.edi.enrollment_reader import ReadEnrollment, ReadMember, find, read_enrollment
from services.documents.domain.edi.segment_reader import (
    Segment,
    TransactionSet,
    UnreadableFile,
    get,
    is_number,
    read_file,
)

_CONFIRMED = ("021", "28")
_ENDED = "024"
_ENVELOPE = frozenset(("ISA", "GS", "GE", "IEA"))


@dataclass(frozen=True, slots=True)
class Effectuation:
    """The first payment came and coverage is in force. ``premium``: of the policy, None where the carrier says none.

    ``reference``: BGN02 as we sent it. ``carrier_policy_id``, ``carrier_subscriber_id``: the carrier's own numbers.
    """

    reference: int
    policy_id: str
    subscriber_id: str
    plan_id: str
    begins_on: date | None
    paid_through: date | None
    premium: Money | None
    members: int
    carrier_policy_id: str = ""
    carrier_subscriber_id: str = ""


@dataclass(frozen=True, slots=True)
class CarrierEnding:
    """The carrier cancels or terminates. ``reason``: INS04 (59 is a payment that did not come)."""

    reference: int
    policy_id: str
    subscriber_id: str
    reason: str
    additional: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class UnexpectedAnswer:
    """What nobody awaits, or cannot be understood; somebody has to look at the file."""

    kind: str
    control_number: str
    why: str


CarrierAnswer = InterchangeAcknowledgment | GroupAcknowledgment | Effectuation | CarrierEnding | UnexpectedAnswer


def read_answers(parts: Iterable[str]) -> Iterator[CarrierAnswer]:
    """All of them in the order of the file, which may mix them; TA1 stands wherever the carrier puts it."""
    try:
        for one in read_file(parts):
            if isinstance(one, TransactionSet):
                yield _read_transaction(one)
            elif one.segment[0] not in _ENVELOPE:
                yield _read_segment(one.segment)
    except UnreadableFile as error:
        yield UnexpectedAnswer("file", "", str(error))


def _read_segment(segment: Segment) -> CarrierAnswer:
    if segment[0] != "TA1":
        return UnexpectedAnswer("segment", "", "a segment stands outside of a transaction")
    try:
        return read_interchange_acknowledgment(segment)
    except BadAcknowledgment as error:
        return UnexpectedAnswer("TA1", "", str(error))


def _read_transaction(transaction: TransactionSet) -> CarrierAnswer:
    kind, number = get(transaction.segments[0], 1), transaction.control_number
    closing = transaction.segments[-1]
    if not transaction.is_closed or get(closing, 1) != str(len(transaction.segments)) or get(closing, 2) != number:
        return UnexpectedAnswer(kind, number, "the transaction is not whole: SE is missing or does not fit it")
    try:
        if kind == "999":
            return read_group_acknowledgment(transaction)
        if kind == "834":
            return _read_policy(read_enrollment(transaction))
    except (BadAcknowledgment, BadAnswer) as error:
        return UnexpectedAnswer(kind, number, str(error))
    return UnexpectedAnswer(kind, number, "no carrier answers with this transaction")


class BadAnswer(ValueError):
    """An 834 that says nothing that a carrier may say. Says the place."""


def _read_policy(read: ReadEnrollment) -> CarrierAnswer:
    subscriber = read.subscriber
    if subscriber is None or sum(member.is_subscriber for member in read.members) != 1:
        raise BadAnswer("an 834 without one subscriber")
    if not is_number(read.reference):
        raise BadAnswer("BGN02 is not the number that was sent")
    if subscriber.maintenance_type == _ENDED:
        return _read_ending(read, subscriber)
    if (subscriber.maintenance_type, subscriber.maintenance_reason) == _CONFIRMED:
        return _read_effectuation(read, subscriber)
    raise BadAnswer("an 834 that is neither an effectuation nor an ending")


def _read_effectuation(read: ReadEnrollment, subscriber: ReadMember) -> Effectuation:
    return Effectuation(
        reference=int(read.reference),
        policy_id=subscriber.find_reference("1L"),
        subscriber_id=subscriber.find_reference("0F"),
        plan_id=subscriber.find_reference("CE"),
        begins_on=_read_date(find(subscriber.coverage_dates, "348")),
        paid_through=_read_date(find(subscriber.coverage_dates, "543")),
        premium=_read_premium(read),
        members=len(read.members),
        carrier_policy_id=subscriber.find_reference("X9"),
        carrier_subscriber_id=subscriber.find_reference("ZZ"),
    )


def _read_ending(read: ReadEnrollment, subscriber: ReadMember) -> CarrierEnding:
    return CarrierEnding(
        reference=int(read.reference),
        policy_id=subscriber.find_reference("1L"),
        subscriber_id=subscriber.find_reference("0F"),
        reason=subscriber.maintenance_reason,
        additional=subscriber.find_value(ReportingCategory.MAINTENANCE_REASON),
        ends_on=_read_date(find(subscriber.dates, "357")),
    )


def _read_premium(read: ReadEnrollment) -> Money | None:
    """The total, or else the sum where every member has a part."""
    totals = [value for member in read.members for value in member.values(ReportingCategory.TOTAL_PREMIUM)]
    parts = [value for member in read.members for value in member.values(ReportingCategory.MEMBER_PREMIUM)]
    if not totals and len(parts) != len(read.members):
        return None
    try:
        return Money.total(map(Money.of, totals[:1] or parts))
    except (ArithmeticError, ValueError):
        raise BadAnswer("a premium is no amount") from None


def _read_date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise BadAnswer("a date does not exist") from None

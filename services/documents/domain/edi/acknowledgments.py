"""Domain: how a carrier acknowledges a file: TA1 for the interchange, 999 for each functional group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.documents.domain.edi.segment_reader import Segment, TransactionSet, get, is_number


class Acceptance(StrEnum):
    """TA104, AK901 and IK501."""

    ACCEPTED = "accepted"
    WITH_ERRORS = "with_errors"
    PARTLY = "partly"
    REJECTED = "rejected"


# M, W and X reject for what is wrong with a signature or a key.
_ACCEPTANCES = {
    "A": Acceptance.ACCEPTED,
    "E": Acceptance.WITH_ERRORS,
    "P": Acceptance.PARTLY,
    **dict.fromkeys("RMWX", Acceptance.REJECTED),
}


class BadAcknowledgment(ValueError):
    """One that does not say what it acknowledges, or how. Says the segment."""


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledgment:
    """``note``: TA105, 000 where nothing is wrong."""

    control_number: int
    acceptance: Acceptance
    note: str


@dataclass(frozen=True, slots=True)
class SegmentError:
    """A segment that the carrier does not take, by its place in the transaction, counted from ST.

    ``elements``: place and code of each element in error. Values, which 999 may repeat, are not kept.
    """

    segment: str
    place: int
    loop: str
    code: str
    elements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionAcknowledgment:
    control_number: int
    acceptance: Acceptance
    errors: tuple[SegmentError, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupAcknowledgment:
    """``transactions``: those that it names; a group that is accepted as a whole may name none.

    ``notes``: AK905 and on, why the group itself was not taken.
    """

    control_number: int
    acceptance: Acceptance
    notes: tuple[str, ...] = ()
    transactions: tuple[TransactionAcknowledgment, ...] = ()


def read_interchange_acknowledgment(segment: Segment) -> InterchangeAcknowledgment:
    """A TA1. Raises BadAcknowledgment."""
    return InterchangeAcknowledgment(_number(segment, 1), _acceptance(segment, 4), get(segment, 5))


def read_group_acknowledgment(transaction: TransactionSet) -> GroupAcknowledgment:
    """A 999. Raises BadAcknowledgment."""
    group: Segment | None = None
    end: Segment | None = None
    found: list[TransactionAcknowledgment] = []
    named: Segment | None = None
    errors: list[SegmentError] = []
    for segment in transaction.segments:
        match segment[0]:
            case "AK1":
                group = segment
            case "AK2":
                named, errors = segment, []
            case "IK3":
                place = get(segment, 2)
                code, number = get(segment, 4), int(place) if is_number(place) else 0
                errors.append(SegmentError(get(segment, 1), number, get(segment, 3), code))
            case "IK4" if errors:
                last = errors[-1]
                elements = (*last.elements, (get(segment, 1), get(segment, 3)))
                errors[-1] = SegmentError(last.segment, last.place, last.loop, last.code, elements)
            case "IK5" if named:
                acceptance = _acceptance(segment, 1)
                found.append(TransactionAcknowledgment(_number(named, 2), acceptance, tuple(errors)))
                named = None
            case "AK9":
                end = segment
    if group is None or end is None or named is not None:
        raise BadAcknowledgment("a 999 without AK1, AK9, or IK5 behind each AK2")
    return GroupAcknowledgment(_number(group, 2), _acceptance(end, 1), tuple(end[5:]), tuple(found))


def _number(segment: Segment, place: int) -> int:
    text = get(segment, place)
    if not is_number(text):
        raise BadAcknowledgment(f"{segment[0]} has no control number")
    return int(text)


def _acceptance(segment: Segment, place: int) -> Acceptance:
    try:
        return _ACCEPTANCES[get(segment, place)]
    except KeyError:
        raise BadAcknowledgment(f"{segment[0]} does not say whether it was accepted") from None

"""Domain: what carriers refuse a transaction for, beyond the form that X12 validators know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from chassis.kernel import Money
from services.documents.domain.edi.carrier_profile import ReportingCategory
from services.documents.domain.edi.enrollment_reader import ReadEnrollment, all_dates, find, read_enrollment
from services.documents.domain.edi.fault_location import name_member, name_segment
from services.documents.domain.edi.faults import Fault, FaultCode
from services.documents.domain.edi.segment_reader import Segment, TransactionSet, get
from services.documents.domain.edi.segments import NAME

_SEGMENTS = re.compile(
    rf"ST|BGN|REF|DTP|QTY|N1|ACT|INS|{NAME}|PER|N3|N4|DMG|EC|ICM|AMT|HLH|LUI|DSB|HD|IDC|LX|PLA|COB|LS|LE|SE"
)
# By 005010X220A1: the most elements of segments in which people write. More of them is a delimiter in a value.
_MOST_ELEMENTS = {NAME: 10, "N1": 4, "N3": 2, "N4": 6, "PER": 8, "REF": 2, "DTP": 3, "BGN": 8}
# INS02, INS03 and INS04 of 005010X220A1.
_RELATIONSHIPS = re.compile(r"0[13-9]|1\d|2[3-6]|31|38|53|60|D2|G[89]")
_TYPES = re.compile("001|02[145]|030")
_REASONS = re.compile("(0[1-9]|1[014-8]|2[0-25-9]|3[1-37-9]|4[013]|59|A[A-JL]|EC|XN|XT)?")
_ENDING = "024"
_TOTAL, _PART = ReportingCategory.TOTAL_PREMIUM, ReportingCategory.MEMBER_PREMIUM

Faults = Iterator[tuple[FaultCode, str]]


def check_transaction(transaction: TransactionSet) -> tuple[Fault, ...]:
    """All that is wrong with it, none for one that a carrier can take."""
    return check_read(transaction, read_enrollment(transaction))


def check_read(transaction: TransactionSet, read: ReadEnrollment) -> tuple[Fault, ...]:
    """The same for a transaction that was read already."""
    found = (*_check_segments(transaction, read), *(fault for check in _CHECKS for fault in check(read)))
    return tuple(Fault(code, message, transaction.control_number) for code, message in found)


def _check_segments(transaction: TransactionSet, read: ReadEnrollment) -> Faults:
    segments = transaction.segments
    last = segments[-1]
    if not transaction.is_closed:
        yield FaultCode.UNCLOSED, f"SE is missing behind segment {len(segments)}, {last[0]}"
    elif get(last, 1) != str(len(segments)):
        yield FaultCode.WRONG_COUNT, f"SE01 is not {len(segments)}, the number of segments"
    if transaction.is_closed and get(last, 2) != transaction.control_number:
        yield FaultCode.CONTROL_NUMBER, "SE02 is not ST02"
    if unknown := [place for place, one in enumerate(segments) if not _SEGMENTS.fullmatch(one[0])]:
        yield FaultCode.UNKNOWN_SEGMENT, f"{name_segment(read, segments, unknown[0])}: is none of the 834"
    for place, segment in enumerate(segments):
        if len(segment) - 1 > (most := _MOST_ELEMENTS.get(segment[0], len(segment))):
            message = f"{segment[0]} has {len(segment) - 1} elements, and {most} at most"
            yield FaultCode.TOO_MANY_ELEMENTS, f"{name_segment(read, segments, place)}: {message}"
    for place, element, text in all_dates(segments):
        if not _is_date(text):
            message = f"{segments[place][0]}{element:02} is a date that does not exist"
            yield FaultCode.IMPOSSIBLE_DATE, f"{name_segment(read, segments, place)}: {message}"
    for place, message in _find_dummies(segments):
        yield FaultCode.DUMMY_NUMBER, f"{name_segment(read, segments, place)}: {message}"


def _find_dummies(segments: Sequence[Segment]) -> Iterator[tuple[int, str]]:
    """Carriers refuse a number that somebody made up to fill the place."""
    for place, segment in enumerate(segments):
        if segment[0] == NAME and get(segment, 8) == "34" and _is_dummy(get(segment, 9)):
            yield place, f"{NAME}09, a social security number, repeats one digit"
        elif segment[0] == "PER":
            dummies = [element for element in range(4, len(segment), 2) if _is_dummy(segment[element])]
            yield from ((place, f"PER{element:02}, a phone number, repeats one digit") for element in dummies)
        elif segment[0] == "N4" and _is_dummy(get(segment, 3)):
            yield place, "N403, a ZIP code, repeats one digit"


def _check_subscriber(read: ReadEnrollment) -> Faults:
    found = [number for number, member in enumerate(read.members, start=1) if member.is_subscriber]
    if not found:
        yield FaultCode.SUBSCRIBER_COUNT, "no member is the subscriber, with INS01 Y"
    elif len(found) > 1:
        named = " and ".join(name_member(read, number) for number in found)
        yield FaultCode.SUBSCRIBER_COUNT, f"{named} are subscribers (INS01 Y), and one alone can be"
    elif found != [1] or read.members[0].relationship != "18":
        message = "the subscriber has to come first, with INS02 18"
        yield FaultCode.SUBSCRIBER_COUNT, f"{name_member(read, found[0])}: {message}"


def _check_totals(read: ReadEnrollment) -> Faults:
    counted = {"TO": len(read.members), "DT": len(read.members) - 1}
    for qualifier, told in read.totals:
        if qualifier in counted and told != str(counted[qualifier]):
            yield FaultCode.WRONG_COUNT, f"QTY02 of QTY {qualifier} is not {counted[qualifier]}"
    if not find(read.totals, "TO"):
        yield FaultCode.WRONG_COUNT, "QTY TO is missing"


def _check_ids(read: ReadEnrollment) -> Faults:
    subscriber_ids = [[value for one, value in member.references if one == "0F"] for member in read.members]
    subscriber_id = _most_common(value for found in subscriber_ids for value in found)
    for number, found in enumerate(subscriber_ids, start=1):
        if found != [subscriber_id]:
            message = "needs one REF 0F, the same as all other members"
            yield FaultCode.SUBSCRIBER_ID, f"{name_member(read, number)}: {message}"
    policy_ids = [member.find_reference("1L") for member in read.members]
    policy_id = _most_common(policy_ids)
    for number, found_id in enumerate(policy_ids, start=1):
        if not found_id or found_id != policy_id:
            message = "needs REF 1L, the same as all other members"
            yield FaultCode.POLICY_ID, f"{name_member(read, number)}: {message}"


def _check_codes(read: ReadEnrollment) -> Faults:
    for number, member in enumerate(read.members, start=1):
        is_another = member.relationship == "18" and not member.is_subscriber
        if is_another or not _RELATIONSHIPS.fullmatch(member.relationship):
            yield FaultCode.RELATIONSHIP, f"{name_member(read, number)}: INS02 is no relationship"
        if not (_TYPES.fullmatch(member.maintenance_type) and _REASONS.fullmatch(member.maintenance_reason)):
            yield FaultCode.MAINTENANCE_CODE, f"{name_member(read, number)}: INS03 or INS04 is no code of the 834"
        elif not member.maintenance_reason and not member.find_value(ReportingCategory.MAINTENANCE_REASON):
            message = "neither INS04 nor ADDL MAINT REASON says why"
            yield FaultCode.MAINTENANCE_CODE, f"{name_member(read, number)}: {message}"


def _check_dates(read: ReadEnrollment) -> Faults:
    """All members begin on one day, those of an initial enrollment without an end."""
    if any(member.maintenance_type != "021" for member in read.members):
        return
    first_day = _most_common(find(member.dates, "356") for member in read.members)
    for number, member in enumerate(read.members, start=1):
        if not first_day or {find(member.dates, "356"), find(member.coverage_dates, "348")} != {first_day}:
            message = "DTP 356 and DTP 348 are not the one day on which all members begin"
            yield FaultCode.FIRST_DAYS, f"{name_member(read, number)}: {message}"
        if find(member.dates, "357") or find(member.coverage_dates, "349"):
            message = "an initial enrollment has no last day (DTP 357 or DTP 349)"
            yield FaultCode.LAST_DAY, f"{name_member(read, number)}: {message}"


def _check_coverage(read: ReadEnrollment) -> Faults:
    ends = len(read.members) == 1 and read.members[0].maintenance_type == _ENDING
    for number, member in enumerate(read.members, start=1):
        if ends:
            if member.coverage:
                yield FaultCode.ENDED_COVERAGE, f"{name_member(read, number)}: what ends a policy has no loop 2300"
            if not find(member.dates, "357"):
                yield FaultCode.LAST_DAY, f"{name_member(read, number)}: what ends a policy needs DTP 357"
        elif not member.coverage:
            yield FaultCode.COVERAGE_DATE, f"{name_member(read, number)}: HD is missing, which opens loop 2300"
        elif not find(member.coverage_dates, day := "349" if member.maintenance_type == _ENDING else "348"):
            yield FaultCode.COVERAGE_DATE, f"{name_member(read, number)}: DTP {day} of loop 2300 is missing"


def _check_premiums(read: ReadEnrollment) -> Faults:
    totals, parts = (_find_amounts(read, kind) for kind in (_TOTAL, _PART))
    if not totals and not parts:
        return
    if wrong := [(number, kind) for number, kind, amount in (*totals, *parts) if amount is None]:
        for number, kind in wrong:
            yield FaultCode.PREMIUM_SUM, f"{name_member(read, number)}: {kind} of loop 2750 is no amount"
    elif len(totals) != 1:
        yield FaultCode.PREMIUM_SUM, f"{_TOTAL} of loop 2750 comes {len(totals)} times, and has to come once"
    elif totals[0][2] != Money.total(amount for _, _, amount in parts if amount):
        yield FaultCode.PREMIUM_SUM, f"{_PART} of the members does not add up to {_TOTAL} (loop 2750)"


def _find_amounts(read: ReadEnrollment, kind: ReportingCategory) -> list[tuple[int, ReportingCategory, Money | None]]:
    """Each with the number of its member; None for what is no amount."""
    numbered = enumerate(read.members, start=1)
    return [(number, kind, _read_amount(text)) for number, member in numbered for text in member.values(kind)]


def _read_amount(text: str) -> Money | None:
    try:
        return Money.of(text)
    except (ArithmeticError, ValueError):
        return None


def _check_loops(read: ReadEnrollment) -> Faults:
    for number, member in enumerate(read.members, start=1):
        if [one[0] for one in member.loops] not in ([], ["LS", "LE"]) or len({get(one, 1) for one in member.loops}) > 1:
            yield FaultCode.CATEGORY_LOOP, f"{name_member(read, number)}: LS and LE of loop 2700 are no pair"


_CHECKS: tuple[Callable[[ReadEnrollment], Faults], ...] = (
    _check_subscriber,
    _check_totals,
    _check_ids,
    _check_codes,
    _check_dates,
    _check_coverage,
    _check_premiums,
    _check_loops,
)


def _most_common(values: Iterable[str]) -> str:
    """What most members have, so that the others are named; empty where nobody has any."""
    counted = Counter(filter(None, values)).most_common(1)
    return counted[0][0] if counted else ""


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return len(text) == len("CCYYMMDD")


def _is_dummy(number: str) -> bool:
    return number.isdigit() and len(set(number)) == 1

"""Domain: what carriers refuse a transaction for, beyond the form that X12 validators know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from chassis.kernel import Money
from services.documents.domain.edi.carrier_profile import ReportingCategory
from services.documents.domain.edi.enrollment_reader import ReadEnrollment, all_dates, find, read_enrollment
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

Faults = Iterator[tuple[FaultCode, str]]


def check_transaction(transaction: TransactionSet) -> tuple[Fault, ...]:
    """All that is wrong with it, none for one that a carrier can take."""
    return check_read(transaction, read_enrollment(transaction))


def check_read(transaction: TransactionSet, read: ReadEnrollment) -> tuple[Fault, ...]:
    """The same for a transaction that was read already."""
    found = (*_check_segments(transaction), *(fault for check in _CHECKS for fault in check(read)))
    return tuple(Fault(code, message, transaction.control_number) for code, message in found)


def _check_segments(transaction: TransactionSet) -> Faults:
    segments = transaction.segments
    last = segments[-1]
    if not transaction.is_closed:
        yield FaultCode.UNCLOSED, "SE is missing"
    elif get(last, 1) != str(len(segments)):
        yield FaultCode.WRONG_COUNT, f"SE01 is not {len(segments)}, the number of segments"
    if transaction.is_closed and get(last, 2) != transaction.control_number:
        yield FaultCode.CONTROL_NUMBER, "SE02 is not ST02"
    if unknown := [place for place, one in enumerate(segments, start=1) if not _SEGMENTS.fullmatch(one[0])]:
        yield FaultCode.UNKNOWN_SEGMENT, f"segment {unknown[0]} is none of the 834"
    for segment in segments:
        if len(segment) - 1 > _MOST_ELEMENTS.get(segment[0], len(segment)):
            yield FaultCode.TOO_MANY_ELEMENTS, f"{segment[0]} has {len(segment) - 1} elements"
    if not all(map(_is_date, all_dates(segments))):
        yield FaultCode.IMPOSSIBLE_DATE, "a date does not exist"
    yield from _check_dummies(segments)


def _check_dummies(segments: Sequence[Segment]) -> Faults:
    """Carriers refuse a number that somebody made up to fill the place."""
    for segment in segments:
        if segment[0] == NAME and get(segment, 8) == "34" and _is_dummy(get(segment, 9)):
            yield FaultCode.DUMMY_NUMBER, "a social security number repeats one digit"
        elif segment[0] == "PER" and any(_is_dummy(one) for one in segment[4::2]):
            yield FaultCode.DUMMY_NUMBER, "a phone number repeats one digit"
        elif segment[0] == "N4" and _is_dummy(get(segment, 3)):
            yield FaultCode.DUMMY_NUMBER, "a ZIP code repeats one digit"


def _check_subscriber(read: ReadEnrollment) -> Faults:
    found = [member for member in read.members if member.is_subscriber]
    if len(found) != 1:
        yield FaultCode.SUBSCRIBER_COUNT, f"there are {len(found)} subscribers"
    elif found[0].relationship != "18" or read.members[0] is not found[0]:
        yield FaultCode.SUBSCRIBER_COUNT, "the subscriber has to come first, with INS02 18"


def _check_totals(read: ReadEnrollment) -> Faults:
    counted = {"TO": len(read.members), "DT": len(read.members) - 1}
    for qualifier, told in read.totals:
        if qualifier in counted and told != str(counted[qualifier]):
            yield FaultCode.WRONG_COUNT, f"QTY {qualifier} is not {counted[qualifier]}"
    if not find(read.totals, "TO"):
        yield FaultCode.WRONG_COUNT, "QTY TO is missing"


def _check_ids(read: ReadEnrollment) -> Faults:
    subscriber_ids = [[value for one, value in member.references if one == "0F"] for member in read.members]
    if any(len(found) != 1 for found in subscriber_ids) or len({found[0] for found in subscriber_ids}) != 1:
        yield FaultCode.SUBSCRIBER_ID, "every member needs one REF 0F, the same for all"
    policy_ids = {member.find_reference("1L") for member in read.members}
    if len(policy_ids) != 1 or "" in policy_ids:
        yield FaultCode.POLICY_ID, "every member needs REF 1L, the same for all"


def _check_codes(read: ReadEnrollment) -> Faults:
    for number, member in enumerate(read.members, start=1):
        is_another = member.relationship == "18" and not member.is_subscriber
        if is_another or not _RELATIONSHIPS.fullmatch(member.relationship):
            yield FaultCode.RELATIONSHIP, f"member {number}: INS02 is no relationship"
        if not (_TYPES.fullmatch(member.maintenance_type) and _REASONS.fullmatch(member.maintenance_reason)):
            yield FaultCode.MAINTENANCE_CODE, f"member {number}: INS03 or INS04 is no code of the 834"
        elif not member.maintenance_reason and not member.find_value(ReportingCategory.MAINTENANCE_REASON):
            yield FaultCode.MAINTENANCE_CODE, f"member {number}: neither INS04 nor ADDL MAINT REASON says why"


def _check_dates(read: ReadEnrollment) -> Faults:
    """All members begin on one day, those of an initial enrollment without an end."""
    if any(member.maintenance_type != "021" for member in read.members):
        return
    eligible = {find(member.dates, "356") for member in read.members}
    covered = {find(member.coverage_dates, "348") for member in read.members}
    if len(eligible | covered) != 1:
        yield FaultCode.FIRST_DAYS, "DTP 356 and DTP 348 are not one day for all members"
    if any(find(member.dates, "357") or find(member.coverage_dates, "349") for member in read.members):
        yield FaultCode.LAST_DAY, "an initial enrollment has no last day"


def _check_coverage(read: ReadEnrollment) -> Faults:
    ends = len(read.members) == 1 and read.members[0].maintenance_type == _ENDING
    for number, member in enumerate(read.members, start=1):
        if ends:
            if member.coverage:
                yield FaultCode.ENDED_COVERAGE, "what ends a policy has no loop 2300"
            if not find(member.dates, "357"):
                yield FaultCode.LAST_DAY, "what ends a policy needs DTP 357"
        elif not member.coverage:
            yield FaultCode.COVERAGE_DATE, f"member {number}: HD is missing"
        elif not find(member.coverage_dates, "349" if member.maintenance_type == _ENDING else "348"):
            yield FaultCode.COVERAGE_DATE, f"member {number}: the coverage has no date"


def _check_premiums(read: ReadEnrollment) -> Faults:
    totals = [value for member in read.members for value in member.values(ReportingCategory.TOTAL_PREMIUM)]
    parts = [value for member in read.members for value in member.values(ReportingCategory.MEMBER_PREMIUM)]
    if not totals and not parts:
        return
    try:
        total, members = Money.of(totals[0]), Money.total(map(Money.of, parts))
    except (ArithmeticError, IndexError, ValueError):
        yield FaultCode.PREMIUM_SUM, "PRE AMT TOT or PRE AMT 1 is no amount"
        return
    if len(totals) != 1 or total != members:
        yield FaultCode.PREMIUM_SUM, "PRE AMT 1 of the members does not add up to PRE AMT TOT"


def _check_loops(read: ReadEnrollment) -> Faults:
    for number, member in enumerate(read.members, start=1):
        if [one[0] for one in member.loops] not in ([], ["LS", "LE"]) or len({get(one, 1) for one in member.loops}) > 1:
            yield FaultCode.CATEGORY_LOOP, f"member {number}: LS and LE are no pair"


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


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return len(text) == len("CCYYMMDD")


def _is_dummy(number: str) -> bool:
    return number.isdigit() and len(set(number)) == 1

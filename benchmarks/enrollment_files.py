"""A carrier's 834 of a day: written with all its checks, beside pyx12 that checks the same file; and its memory.

``python -m benchmarks.enrollment_files``, part of ``make bench``.
"""

from __future__ import annotations

import io
import logging
import time
import tracemalloc
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from pyx12.params import params
from pyx12.x12n_document import x12n_document

from benchmarks import targets
from benchmarks.measurement import Measured, print_targets
from chassis.kernel import Money, get_markets
from chassis.settings import load_markets
from services.documents.domain.edi.enrollment import (
    InsuranceLine,
    Maintenance,
    Member,
    MemberAddress,
    MemberName,
    MemberRelationship,
    MemberSex,
    PolicyEnrollment,
    PolicyProducer,
)
from services.documents.domain.edi.file_checks import check_file
from services.documents.domain.edi.interchange_writer import InterchangeWriter, PlanGroup
from services.documents.edi.profile_files import SHIPPED, load_profile

APPLICATIONS = 10_000
# pyx12 takes minutes for all of them: a part of the same policies says enough, since both sides go policy by policy.
PYX12_SHARE = 50
PROFILE = load_profile(SHIPPED / "sample-carrier.1.yaml")
AT = datetime(2026, 11, 28, 12, tzinfo=UTC).astimezone(PROFILE.zone)
BEGIN = date(2027, 1, 1)
RELATIONSHIPS = (MemberRelationship.SELF, MemberRelationship.SPOUSE, MemberRelationship.CHILD, MemberRelationship.CHILD)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def make_policies(count: int, chance: Random) -> Iterator[PolicyEnrollment]:
    """Made-up households of one to four people, as a store would give them: one at a time."""
    state = get_markets().home.state
    for number in range(1001, 1001 + count):
        size = chance.randint(1, len(RELATIONSHIPS))
        last = "".join(chance.choices(_LETTERS, k=8))
        members = tuple(_make_member(f"{number}{place}", last, RELATIONSHIPS[place], chance) for place in range(size))
        yield PolicyEnrollment(
            control_number=number,
            maintenance=Maintenance.INITIAL,
            policy_id=f"A{number}M",
            subscriber_id=str(number),
            application_id=str(number),
            plan_id=f"12345{state}0990001",
            line=InsuranceLine.MEDICAL,
            state=state,
            begins_on=BEGIN,
            submitted_at=AT,
            premium=Money.total(member.premium for member in members),
            members=members,
            home_address=MemberAddress(f"{number} MODEL DR", "CHICAGO", state, "60601", county_fips="17031"),
            rating_area=1,
            event="birth",
            producer=PolicyProducer("CALVIN C FRITZ", "1234567"),
        )


def _make_member(member_id: str, last: str, relationship: MemberRelationship, chance: Random) -> Member:
    member = Member(
        member_id=member_id,
        relationship=relationship,
        name=MemberName(last, "".join(chance.choices(_LETTERS, k=6))),
        date_of_birth=date(chance.randint(1965, 2005), chance.randint(1, 12), chance.randint(1, 28)),
        sex=chance.choice(list(MemberSex)),
        premium=Money(chance.randint(10_000, 90_000)),
        tobacco_use=chance.random() < 0.1,
    )
    if relationship is not MemberRelationship.SELF:
        return member
    return replace(member, phone="312-555-0142", email=f"{last.lower()}@example.com", spoken_language="es")


def write_file(policies: Iterable[PolicyEnrollment]) -> Iterator[str]:
    writer = InterchangeWriter(PROFILE, AT, _refuse)
    return writer.write(1, [PlanGroup(1, "12345XX0990001", policies)])


def _refuse(policy: PolicyEnrollment, faults: object) -> None:
    raise AssertionError(f"{policy.control_number} stayed out of the file: {faults}")


def measure_writing(count: int) -> tuple[float, int]:
    """Processor seconds without making the policies up, and the length of the file."""
    policies = list(make_policies(count, Random(1)))
    started = time.process_time()
    length = sum(map(len, write_file(policies)))
    return time.process_time() - started, length


def measure_pyx12(count: int) -> float:
    text = "".join(write_file(make_policies(count, Random(1))))
    started = time.process_time()
    assert x12n_document(params(), io.StringIO(text), None, None, None)
    return time.process_time() - started


def measure_peak(count: int) -> int:
    """Bytes at the peak while a file is written and judged again, part by part."""
    tracemalloc.start()
    try:
        deque(check_file(write_file(make_policies(count, Random(1)))), maxlen=0)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> Measured:
    load_markets()
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    seconds, length = measure_writing(APPLICATIONS)
    share = APPLICATIONS // PYX12_SHARE
    checking = measure_pyx12(share) * PYX12_SHARE
    print(
        f"834 of {APPLICATIONS:,} applications ({length / 1e6:.0f} MB): written and checked in {seconds:.1f} s, "
        f"pyx12 {checking:.0f} s (from {share} of them): ratio {checking / seconds:.0f}"
    )
    small, large = measure_peak(APPLICATIONS // 10), measure_peak(APPLICATIONS)
    few = f"{small / 1e6:.2f} MB for {APPLICATIONS // 10:,}"
    print(f"Memory at the peak, written and judged part by part: {few}, {large / 1e6:.2f} MB for {APPLICATIONS:,}")
    return {targets.CARRIER_FILE: checking / seconds}


if __name__ == "__main__":
    found = main()
    print_targets(found, found)

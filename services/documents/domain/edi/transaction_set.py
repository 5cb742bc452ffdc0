"""Domain: one transaction of an 834, from ST to SE."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.enrollment import PolicyEnrollment
from services.documents.domain.edi.envelope import VERSION
from services.documents.domain.edi.member_loops import write_member
from services.documents.domain.edi.reporting_categories import write_categories
from services.documents.domain.edi.segments import write_date, write_segment


def write_transaction(profile: CarrierProfile, policy: PolicyEnrollment, at: datetime) -> list[str]:
    """Its segments. ``at``: when the file is written, by the profile's clock. Raises Unwritable."""
    number = write_control_number(policy.control_number)
    segments = [write_segment("ST", "834", number, VERSION), *_header(profile, policy, at)]
    for member in policy.written_members:
        segments += write_member(profile, policy, member)
        segments += write_categories(profile, policy, member)
    segments.append(write_segment("SE", str(len(segments) + 1), number))
    return segments


def write_control_number(number: int) -> str:
    """Four to nine digits, so that ST02 and BGN02 can be the same."""
    return f"{number:04d}"


def _header(profile: CarrierProfile, policy: PolicyEnrollment, at: datetime) -> Iterator[str]:
    number, dependents = write_control_number(policy.control_number), len(policy.written_members) - 1
    clock = write_date(at.date()), f"{at:%H%M%S}", profile.time_code
    yield write_segment("BGN", "00", number, *clock, "", "", "2")
    if policy.maintenance.ends_coverage:
        yield write_segment("DTP", "303", "D8", write_date(at.date()))
    yield write_segment("QTY", "TO", str(dependents + 1))
    if dependents:
        yield write_segment("QTY", "DT", str(dependents))
    yield write_segment("N1", "P5", policy.subscriber.name.whole, "94", policy.subscriber_id)
    yield write_segment("N1", "IN", profile.insurer_name, "FI", profile.insurer_tax_id)
    producer = policy.producer
    if producer and producer.npn and not policy.maintenance.ends_coverage:
        yield write_segment("N1", "BO", producer.name, "94", producer.npn)

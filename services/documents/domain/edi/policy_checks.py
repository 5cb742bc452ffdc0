"""Domain: a written transaction, read again and held against the policy: what shifted or was lost shows here."""

from __future__ import annotations

from services.documents.domain.edi.carrier_profile import CarrierProfile, ReportingCategory
from services.documents.domain.edi.enrollment import Member, PolicyEnrollment
from services.documents.domain.edi.enrollment_reader import ReadEnrollment, ReadMember, read_enrollment
from services.documents.domain.edi.faults import Fault, FaultCode
from services.documents.domain.edi.segment_reader import TransactionSet, get
from services.documents.domain.edi.segments import ELEMENT, NAME, TERMINATOR, write_date, write_value
from services.documents.domain.edi.transaction_checks import check_read


def check_written(profile: CarrierProfile, policy: PolicyEnrollment, text: str) -> tuple[Fault, ...]:
    """Everything that is wrong with the transaction as a carrier would read it."""
    transaction = TransactionSet([one.split(ELEMENT) for one in text.split(TERMINATOR)[:-1]])
    read = read_enrollment(transaction)
    return (*check_read(transaction, read), *_check_meaning(profile, policy, read))


def _check_meaning(profile: CarrierProfile, policy: PolicyEnrollment, read: ReadEnrollment) -> tuple[Fault, ...]:
    number, meant, found = read.control_number, policy.written_members, read.members
    if len(found) != len(meant):
        return (Fault(FaultCode.READ_BACK, f"there are {len(found)} members and not {len(meant)}", number),)
    pairs = enumerate(zip(meant, found, strict=True), start=1)
    wrong = [place for place, (one, member) in pairs if _meant(profile, policy, one) != _read(member)]
    return tuple(Fault(FaultCode.READ_BACK, f"member {place} reads otherwise than meant", number) for place in wrong)


def _meant(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> tuple[str, ...]:
    codes, name = profile.get_codes(policy, member), member.name
    asked = profile.categories[policy.maintenance]
    premium = str(member.premium) if ReportingCategory.MEMBER_PREMIUM in asked and member.is_charged else ""
    reports_total = ReportingCategory.TOTAL_PREMIUM in asked and member.is_subscriber
    return (
        *("Y" if member.is_subscriber else "N", profile.relationship_code(member), codes.type, codes.reason),
        *(policy.subscriber_id, member.member_id, policy.policy_id),
        *(write_value(NAME, one) for one in (name.last_name, name.first_name, name.middle_name, name.suffix)),
        *(write_date(member.date_of_birth), member.sex),
        *(premium, str(policy.premium) if reports_total else ""),
        *(("", "") if policy.maintenance.ends_coverage else (policy.variant_id, profile.provider_number(member))),
    )


def _read(member: ReadMember) -> tuple[str, ...]:
    return (
        *(get(member.level, place) for place in range(1, 5)),
        *(member.find_reference(qualifier) for qualifier in ("0F", "17", "1L")),
        *(get(member.name, place) for place in (3, 4, 5, 7)),
        *(get(member.demographics, place) for place in (2, 3)),
        *(member.find_value(one) for one in (ReportingCategory.MEMBER_PREMIUM, ReportingCategory.TOTAL_PREMIUM)),
        *(member.find_reference("CE"), get(member.provider, 9)),
    )

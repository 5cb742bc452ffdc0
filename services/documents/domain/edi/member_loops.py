"""Domain: one member of a transaction, loops 2000 to 2310."""

from __future__ import annotations

from collections.abc import Iterator

from chassis.contact_points import Phone
from services.documents.domain.edi.carrier_profile import CarrierProfile, FieldGroup, MaintenanceCodes
from services.documents.domain.edi.enrollment import (
    FormerIdentity,
    Guardian,
    Maintenance,
    Member,
    MemberAddress,
    MemberChange,
    MemberName,
    PolicyEnrollment,
)
from services.documents.domain.edi.segments import (
    INSURED,
    NAME,
    PRIMARY_CARE,
    repeat_components,
    write_date,
    write_segment,
)

# NM110, which cannot be left out: whether the member is the provider's patient already is unknown, as no form asks it.
_UNKNOWN_PATIENT = "72"


def write_member(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> Iterator[str]:
    """All but the reporting categories. Where a policy ends, there is no coverage (loop 2300)."""
    codes = profile.get_codes(policy, member)
    yield from _member_level(profile, policy, member, codes)
    if policy.maintenance.ends_coverage:
        yield _name(INSURED, member.name)
        yield write_segment("DMG", "D8", write_date(member.date_of_birth), member.sex)
        return
    yield from _details(profile, policy, member)
    if member.is_subscriber:
        yield from _household(policy)
    yield from _coverage(profile, policy, member, codes)


def _member_level(
    profile: CarrierProfile, policy: PolicyEnrollment, member: Member, codes: MaintenanceCodes
) -> Iterator[str]:
    status = ""
    if member.is_subscriber:
        status = "TE" if policy.maintenance.ends_coverage else "AC"
    subscribes = "Y" if member.is_subscriber else "N"
    relationship = profile.relationship_code(member)
    yield write_segment("INS", subscribes, relationship, codes.type, codes.reason, "A", "", "", status)
    yield write_segment("REF", "0F", policy.subscriber_id)
    if policy.maintenance.ends_coverage:
        yield write_segment("REF", "1L", policy.policy_id)
    yield write_segment("REF", "17", member.member_id)
    if member.is_subscriber and policy.payment_transaction_id and not policy.maintenance.ends_coverage:
        yield write_segment("REF", "6O", policy.payment_transaction_id)
    yield from _member_dates(policy, member)


def _member_dates(policy: PolicyEnrollment, member: Member) -> Iterator[str]:
    if policy.maintenance.ends_coverage:
        yield _date("357", policy, member)
    elif policy.maintenance is Maintenance.INITIAL or member.change is MemberChange.ADDED:
        yield _date("356", policy, member)
    elif member.is_subscriber:
        yield _date("303", policy, member)


def _details(profile: CarrierProfile, policy: PolicyEnrollment, member: Member) -> Iterator[str]:
    """Loop 2100A, and 2100B for what was wrong before."""
    yield _name(INSURED, member.name, member.ssn if FieldGroup.SSN in profile.sends else "")
    yield from _communications(member)
    yield from _address(policy.home_address, policy.home_address.county_fips)
    yield _demographics(profile, member)
    asks_tobacco = FieldGroup.TOBACCO in profile.sends and policy.maintenance is Maintenance.INITIAL
    if asks_tobacco and member.tobacco_use is not None:
        yield write_segment("HLH", "T" if member.tobacco_use else "N")
    if FieldGroup.LANGUAGE in profile.sends and member.is_subscriber:
        yield from _languages(profile, member)
    if member.former:
        yield from _former(profile, member.former)


def _household(policy: PolicyEnrollment) -> Iterator[str]:
    """Loops 2100C, 2100F and 2100G."""
    if policy.mailing_address:
        yield write_segment(NAME, "31", "1")
        yield from _address(policy.mailing_address)
    if policy.custodial_parent:
        yield from _guardian("S3", policy.custodial_parent)
    if policy.responsible_person:
        yield from _guardian("S1", policy.responsible_person)


def _coverage(
    profile: CarrierProfile, policy: PolicyEnrollment, member: Member, codes: MaintenanceCodes
) -> Iterator[str]:
    """Loops 2300 and 2310."""
    yield write_segment("HD", codes.type, "", policy.line)
    yield from _coverage_dates(policy, member)
    if profile.member_share and member.is_subscriber:
        yield write_segment("AMT", "P3", str(policy.premium))
    yield write_segment("REF", "CE", policy.variant_id)
    yield write_segment("REF", "1L", policy.policy_id)
    if number := profile.provider_number(member):
        yield from _provider(profile, number, member.provider.office if member.provider else None)


def _provider(profile: CarrierProfile, number: str, office: MemberAddress | None) -> Iterator[str]:
    """Loop 2310. The number says who it is: directories give a name as a whole, and NM1 wants its parts."""
    yield write_segment("LX", "1")
    known_by = profile.provider_qualifier, number, _UNKNOWN_PATIENT
    yield write_segment(NAME, PRIMARY_CARE, "1", "", "", "", "", "", *known_by)
    if office:
        yield from _address(office)


def _coverage_dates(policy: PolicyEnrollment, member: Member) -> Iterator[str]:
    if member.change is MemberChange.REMOVED:
        yield _date("349", policy, member)
        return
    if policy.maintenance is Maintenance.CHANGE and member.change is not MemberChange.ADDED:
        yield _date("303", policy, member)
    yield _date("348", policy, member)


def _date(qualifier: str, policy: PolicyEnrollment, member: Member) -> str:
    """The first day of coverage for 348 and 356, which for an added member is the day of the change."""
    starts = qualifier in ("348", "356") and member.change is not MemberChange.ADDED
    return write_segment("DTP", qualifier, "D8", write_date(policy.begins_on if starts else policy.takes_effect_on))


def _name(kind: str, name: MemberName, ssn: str = "") -> str:
    names = name.last_name, name.first_name, name.middle_name, "", name.suffix
    return write_segment(NAME, kind, "1", *names, *(("34", ssn) if ssn else ()))


def _communications(member: Member) -> Iterator[str]:
    """The phone without its extension, which CMS' guide has no qualifier for."""
    phone = Phone.read(member.phone)
    ways = (*(("TE", phone.ten_digits) if phone else ()), *(("EM", member.email) if member.email else ()))
    if ways:
        yield write_segment("PER", "IP", "", *ways)


def _address(address: MemberAddress, county_fips: str = "") -> Iterator[str]:
    """A county is told of the home alone."""
    yield write_segment("N3", address.street, address.unit)
    county = ("", "CY", county_fips) if county_fips else ()
    yield write_segment("N4", address.city, address.state, address.zip.replace("-", ""), *county)


def _demographics(profile: CarrierProfile, member: Member) -> str:
    codes = profile.race_and_ethnicity(member) if FieldGroup.RACE in profile.sends else ()
    repeated = repeat_components(("", "RET", code) for code in codes)
    return write_segment("DMG", "D8", write_date(member.date_of_birth), member.sex, "", repeated)


def _languages(profile: CarrierProfile, member: Member) -> Iterator[str]:
    for language, use in ((member.written_language, "6"), (member.spoken_language, "7")):
        if language in profile.languages:
            yield write_segment("LUI", "LD", profile.languages[language], "", use)


def _former(profile: CarrierProfile, former: FormerIdentity) -> Iterator[str]:
    yield _name("70", former.name, former.ssn if FieldGroup.SSN in profile.sends else "")
    yield write_segment("DMG", "D8", write_date(former.date_of_birth), former.sex)


def _guardian(kind: str, guardian: Guardian) -> Iterator[str]:
    yield _name(kind, guardian.name)
    if guardian.address:
        yield from _address(guardian.address)

"""The people of an application, where they live and what they answered, as the template takes them."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from services.documents.typesetting.application_fields import enum_label, person_name, read_date, read_money
from services.documents.typesetting.formatting import (
    format_category,
    format_day,
    format_dollars,
    format_language,
    format_phone,
    format_text,
    masked_ssn,
    yes_or_no,
)

Row = list[str]


def person(place: int, person: pb.Person) -> Row:
    """No more of the social security number than its last four digits ever comes here."""
    tobacco = yes_or_no(person.tobacco_use if person.HasField("tobacco_use") else None)
    if person.tobacco_use and person.tobacco_last_used:
        tobacco += f", last used {format_day(read_date(person.tobacco_last_used))}"
    sex = enum_label(common_pb2.Sex.Name(person.sex), "SEX_") if person.sex else ""
    born, ssn = format_day(read_date(person.date_of_birth)), masked_ssn(person.ssn_last_four)
    return [str(place), format_text(person_name(person)), _relationship(person), born, format_text(sex), ssn, tobacco]


def _relationship(person: pb.Person) -> str:
    label = enum_label(common_pb2.Relationship.Name(person.relationship), "RELATIONSHIP_")
    if person.relationship == common_pb2.RELATIONSHIP_SELF:
        label = "Primary applicant"
    return f"{label}, disabled" if person.disabled_dependent else label


def contact(household: pb.HouseholdStep) -> list[Row]:
    found = household.contact
    number, kind = format_phone(found.phone), found.phone_type.strip()
    mailing = _address(household.mailing_address) if _is_given(household.mailing_address) else "Same as home address"
    return [
        ["Home address", _address(household.home_address)],
        ["Mailing address", mailing],
        ["Primary phone", f"{number} ({format_text(kind)})" if kind else number],
        ["Email", format_text(found.email)],
    ]


def spouse(household: pb.HouseholdStep) -> list[Row]:
    """The spouse's own phone and email (R60)."""
    found = next((one.contact for one in household.people if one.HasField("contact")), None)
    if found is None:
        return []
    number, kind = format_phone(found.phone), found.phone_type.strip()
    return [["Spouse's phone", f"{number} ({kind})" if kind else number], ["Spouse's email", format_text(found.email)]]


def format_identities(household: pb.HouseholdStep) -> list[Row]:
    """Only of those who answered."""
    return [_identity(one) for one in household.people if one.HasField("self_identification")]


def _identity(person: pb.Person) -> Row:
    found = person.self_identification
    return [
        format_text(person_name(person)),
        format_language(found.spoken_language),
        format_language(found.written_language),
        format_text(", ".join(map(format_category, found.ethnicities))),
        format_text(", ".join(map(format_category, found.identities))),
    ]


def scheme(household: pb.HouseholdStep) -> str:
    """Which categories the answers are of."""
    found = (one.self_identification.scheme for one in household.people if one.HasField("self_identification"))
    return ", ".join(dict.fromkeys(found))


def _is_given(address: pb.Address) -> bool:
    return bool(address.street or address.city or address.zip)


def _address(address: pb.Address) -> str:
    if not _is_given(address):
        return format_text("")
    street = ", ".join(part for part in (address.street, address.unit) if part)
    county = f"\n{address.county_name.removesuffix(' County')} County" if address.county_name else ""
    return format_text(street) + "\n" + format_text(f"{address.city}, {address.state} {address.zip}") + county


def format_hra(hra: pb.Hra) -> list[Row]:
    """Health reimbursement arrangement of the primary applicant (R53); nothing where there is none."""
    if not hra.kind:
        return []
    contribution = read_money(hra.monthly_contribution) if hra.HasField("monthly_contribution") else None
    return [
        ["Type", format_text(hra.kind)],
        ["Start date", format_day(read_date(hra.start_date))],
        ["Employer", format_text(hra.employer_name)],
        ["Monthly contribution", format_dollars(contribution)],
    ]

"""The people of an application, where they live and what they answered, as the template takes them."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from services.documents.typesetting.application_fields import enum_word, person_name, read_date, read_money
from services.documents.typesetting.formatting import format_dollars, format_phone, format_text, masked_ssn
from services.documents.typesetting.printed_words import PrintedWords

Row = list[str]


def person(place: int, person: pb.Person, words: PrintedWords) -> Row:
    """No more of the social security number than its last four digits ever comes here."""
    tobacco = words.yes_or_no(person.tobacco_use if person.HasField("tobacco_use") else None)
    if person.tobacco_use and person.tobacco_last_used:
        day = words.day(read_date(person.tobacco_last_used))
        tobacco = words.fill("tobacco_last_used", answer=tobacco, day=day)
    sex = enum_word(common_pb2.Sex.Name(person.sex), "SEX_") if person.sex else ""
    born, ssn = words.day(read_date(person.date_of_birth)), masked_ssn(person.ssn_last_four)
    name, relationship = format_text(person_name(person)), _relationship(person, words)
    return [str(place), name, relationship, born, words.word(sex), ssn, tobacco]


def _relationship(person: pb.Person, words: PrintedWords) -> str:
    label = words.word(enum_word(common_pb2.Relationship.Name(person.relationship), "RELATIONSHIP_"))
    return words.fill("disabled", relationship=label) if person.disabled_dependent else label


def _phone(phone: str, kind: str, words: PrintedWords) -> str:
    number = format_phone(phone)
    return f"{number} ({words.phone_type(kind.strip())})" if kind.strip() else number


def contact(household: pb.HouseholdStep, words: PrintedWords) -> list[Row]:
    found, mailing = household.contact, household.mailing_address
    return words.rows(
        {
            "home_address": _address(household.home_address, words),
            "mailing_address": _address(mailing, words) if _is_given(mailing) else words.say["same_as_home"],
            "primary_phone": _phone(found.phone, found.phone_type, words),
            "email": format_text(found.email),
        }
    )


def spouse(household: pb.HouseholdStep, words: PrintedWords) -> list[Row]:
    """The spouse's own phone and email (R60)."""
    found = next((one.contact for one in household.people if one.HasField("contact")), None)
    if found is None:
        return []
    phone = _phone(found.phone, found.phone_type, words)
    return words.rows({"spouse_phone": phone, "spouse_email": format_text(found.email)})


def format_identities(household: pb.HouseholdStep, words: PrintedWords) -> list[Row]:
    """Only of those who answered."""
    return [_identity(one, words) for one in household.people if one.HasField("self_identification")]


def _identity(person: pb.Person, words: PrintedWords) -> Row:
    found = person.self_identification
    return [
        format_text(person_name(person)),
        words.spoken(found.spoken_language),
        words.spoken(found.written_language),
        format_text(", ".join(words.word(f"ethnicity_{code}") for code in found.ethnicities)),
        format_text(", ".join(words.word(f"identity_{code}") for code in found.identities)),
    ]


def scheme(household: pb.HouseholdStep) -> str:
    """Which categories the answers are of."""
    found = (one.self_identification.scheme for one in household.people if one.HasField("self_identification"))
    return ", ".join(dict.fromkeys(found))


def _is_given(address: pb.Address) -> bool:
    return bool(address.street or address.city or address.zip)


def _address(address: pb.Address, words: PrintedWords) -> str:
    if not _is_given(address):
        return format_text("")
    street = ", ".join(part for part in (address.street, address.unit) if part)
    lines = [format_text(street), format_text(f"{address.city}, {address.state} {address.zip}")]
    if address.county_name:
        lines.append(words.fill("county", name=address.county_name.removesuffix(" County")))
    return "\n".join(lines)


def format_hra(hra: pb.Hra, words: PrintedWords) -> list[Row]:
    """Health reimbursement arrangement of the primary applicant (R53); nothing where there is none."""
    if not hra.kind:
        return []
    contribution = read_money(hra.monthly_contribution) if hra.HasField("monthly_contribution") else None
    return words.rows(
        {
            "hra_type": format_text(hra.kind),
            "hra_start": words.day(read_date(hra.start_date)),
            "hra_employer": format_text(hra.employer_name),
            "hra_contribution": format_dollars(contribution),
        }
    )

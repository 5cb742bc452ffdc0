"""The people of an application, where they live and what they answered, as the template takes them."""

from __future__ import annotations

from services.documents.domain.application import Address, Application, Contact, Hra, Person
from services.documents.typesetting.words import (
    LANGUAGES,
    category,
    day,
    dollars,
    given,
    masked_ssn,
    phone,
    yes_or_no,
)

Row = list[str]


def person(place: int, person: Person) -> Row:
    tobacco = yes_or_no(person.tobacco_use)
    if person.tobacco_use and person.tobacco_last_used:
        tobacco += f", last used {day(person.tobacco_last_used)}"
    sex, ssn = given(person.sex), masked_ssn(person.ssn_last_four)
    relationship = f"{person.relationship}, disabled" if person.disabled_dependent else person.relationship
    return [str(place), given(person.name), relationship, day(person.date_of_birth), sex, ssn, tobacco]


def contact(application: Application) -> list[Row]:
    found = application.contact or Contact("", "", "")
    number = phone(found.phone)
    kind = found.phone_type.strip()
    mailing = _address(application.mailing) if application.mailing else "Same as home address"
    return [
        ["Home address", _address(application.home)],
        ["Mailing address", mailing],
        ["Primary phone", f"{number} ({given(kind)})" if kind else number],
        ["Email", given(found.email)],
    ]


def spouse(application: Application) -> list[Row]:
    """The spouse's own phone and email (R60)."""
    found = next((one.contact for one in application.people if one.contact), None)
    if found is None:
        return []
    number, kind = phone(found.phone), found.phone_type.strip()
    return [["Spouse's phone", f"{number} ({kind})" if kind else number], ["Spouse's email", given(found.email)]]


def identity(application: Application) -> list[Row]:
    """Only of those who answered."""
    return [
        [
            given(one.name),
            given(LANGUAGES.get(found.spoken_language, found.spoken_language)),
            given(LANGUAGES.get(found.written_language, found.written_language)),
            given(", ".join(map(category, found.ethnicities))),
            given(", ".join(map(category, found.identities))),
        ]
        for one in application.people
        if (found := one.self_identification)
    ]


def scheme(application: Application) -> str:
    schemes = (one.self_identification.scheme for one in application.people if one.self_identification)
    return ", ".join(dict.fromkeys(schemes))


def _address(address: Address | None) -> str:
    if address is None:
        return given("")
    county = f"\n{address.county.removesuffix(' County')} County" if address.county else ""
    return given(address.street) + "\n" + given(f"{address.city}, {address.state} {address.zip}") + county


def hra(hra: Hra) -> list[Row]:
    return [
        ["Type", given(hra.kind)],
        ["Start date", day(hra.start_date)],
        ["Employer", given(hra.employer)],
        ["Monthly contribution", dollars(hra.monthly_contribution)],
    ]

"""Domain: step 2, the people, where they live, and how the client authorized the application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chassis.kernel import Problem
from services.enrollment.domain.checks import addresses, household_ages, hra, people, text
from services.enrollment.domain.enums import Authorization, FormType
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import Address, Contact, HouseholdStep, Producer
from services.enrollment.domain.texts import TextKind


def find_invalid(
    step: HouseholdStep, locked_form: FormType | None, producer: Producer, start: date | None, c: Circumstances
) -> Iterator[Problem]:
    """``locked_form``: the form type that the quote fixed, None when it may be chosen. ``start``: when it is known."""
    if locked_form and step.form_type and step.form_type is not locked_form:
        yield Problem("form_type", "The quote fixed the form type. To change it, start a new quote.", "R36")
    yield from text.check_version("terms_version", step.terms_version, TextKind.TERMS, c.pack, "R41")
    yield from people.find_invalid(step.people, start, c)
    yield from household_ages.check_repeated_people(step.people)
    yield from household_ages.check_ages(step.people, start, producer.state, c.pack.household)
    for index, person in enumerate(step.people):
        if person.contact:
            yield from _contact(f"people[{index}].contact.", person.contact, c)
    yield from addresses.check_home_address("home_address.", step.home_address)
    if step.home_address.state and step.home_address.state != producer.state:
        message = f"This writing number is for {producer.state}. The home address must be in the same state."
        yield Problem("home_address.state", message, "R26")
    yield from find_invalid_contact(step.contact, step.mailing_address, c)
    if step.hra:
        yield from hra.find_invalid(step.hra, c.today)


def find_incomplete(step: HouseholdStep, start: date | None, c: Circumstances) -> Iterator[Problem]:
    yield from text.check_required("", {"form_type": step.form_type}, "R35")
    yield from text.check_required("", {"authorization": step.authorization}, "R39")
    if step.authorization is Authorization.IN_PERSON and not step.terms_version:
        yield Problem("terms_version", "Show the terms to the client and record that they were accepted.", "R40")
    yield from people.find_incomplete(step.people, start, c)
    yield from _whole_address("home_address.", step.home_address, "R47")
    if not step.home_address.county_fips:
        yield Problem("home_address.county_fips", "Choose the county.", "R47")
    yield from find_incomplete_contact(step.contact, step.mailing_address)
    if step.hra:
        yield from hra.find_incomplete(step.hra)


def find_invalid_contact(contact: Contact, mailing_address: Address | None, c: Circumstances) -> Iterator[Problem]:
    """How the applicant is reached, in the step and when it is changed after submission."""
    if mailing_address:
        yield from addresses.check_mailing_address("mailing_address.", mailing_address)
    yield from _contact("contact.", contact, c)


def find_incomplete_contact(contact: Contact, mailing_address: Address | None) -> Iterator[Problem]:
    if mailing_address:
        yield from _whole_address("mailing_address.", mailing_address, "R48")
    needed = {"phone": contact.phone, "phone_type": contact.phone_type}
    yield from text.check_required("contact.", {**needed}, "R49")


def _whole_address(prefix: str, address: Address, rule: str) -> Iterator[Problem]:
    parts = {"street": address.street, "city": address.city, "state": address.state, "zip": address.zip}
    yield from text.check_required(prefix, {**parts}, rule)


def _contact(prefix: str, contact: Contact, c: Circumstances) -> Iterator[Problem]:
    yield from text.check_phone(f"{prefix}phone", contact.phone)
    yield from text.check_text(f"{prefix}phone", contact.phone)
    yield from text.check_email(f"{prefix}email", contact.email)
    yield from text.check_text(f"{prefix}email", contact.email)
    if contact.phone_type not in ("", "mobile", "landline"):
        yield Problem(f"{prefix}phone_type", "Choose mobile or landline.", "R49")
    texts, mail = contact.text_messages_version, contact.electronic_delivery_version
    yield from text.check_version(f"{prefix}text_messages_version", texts, TextKind.TEXT_MESSAGES, c.pack, "R51")
    yield from text.check_version(
        f"{prefix}electronic_delivery_version", mail, TextKind.ELECTRONIC_DELIVERY, c.pack, "R51"
    )

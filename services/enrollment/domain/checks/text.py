"""Domain: shapes of typed text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chassis.contact_points import Phone, is_email, phone_advice
from chassis.kernel import Problem, transliterate
from chassis.kernel.names import LATIN_LETTERS, has_other_script, name_problem
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.texts import TextKind

# Between two letters or signs, the zero-width joiner and non-joiner are spelling, of Sinhala and Persian names for one
# and of emoji that are made of several. Anywhere else nobody can see them.
_SPELLED_JOINER = re.compile("(?<=[^\\s\u200c\u200d])[\u200c\u200d](?=[^\\s\u200c\u200d])")
# In names of companies, policy numbers and addresses: "Smith & Sons (West), Inc.", "Toys*Games!", "P-17/3 #2", "12 1/2
# Main St". Brackets of markup and the signs of programs are in none.
_SIGNS = frozenset(" &.,-'/#()+:*!%@\"")
_OTHER_SCRIPT = (
    f"Write this in {LATIN_LETTERS}, as on mail or an ID card. The carrier's enrollment file takes no other alphabet."
)
_OTHER_SIGNS = (
    f"Use {LATIN_LETTERS}, digits, spaces and common signs such as & . , - ' / # ( ) only, as the carrier's enrollment "
    "file takes nothing else."
)
# What an 834 file carries unchanged. Without its accents, or a delimiter of X12, an address is somebody else's.
_EMAIL_OF_834 = re.compile(r"[a-z0-9.!#$%&'+/=?_{|}@-]*", re.ASCII | re.IGNORECASE)
# What a person is asked to do about an empty field; "Enter the <name>." where that says it.
_ASKED = {
    "form_type": "Choose the form: medical and dental, or dental alone.",
    "authorization": "Choose how the client authorizes the application.",
    "sex": "Choose the sex.",
    "state": "Choose the state.",
    "zip": "Enter the ZIP code.",
    "phone": "Enter a phone number.",
    "phone_type": "Choose the type of the phone.",
    "kind": "Choose ICHRA or QSEHRA.",
    "start_date": "Enter the date on which the HRA starts.",
    "employer_name": "Enter the employer's name.",
    "insurer": "Enter the insurer's name.",
    "group_id": "Enter the group ID.",
    "relationship_to_applicant": "Enter the relationship to the applicant.",
    "termination_date": "Enter the date on which the replaced coverage ends.",
}


def check_text(field: str, value: str) -> Iterator[Problem]:
    """Free text: nothing that cannot be printed. The contract says how long it may be."""
    if not _SPELLED_JOINER.sub("", value).isprintable():
        yield Problem(field, "Remove the characters that cannot be printed.")


def check_name(field: str, value: str, rule: str) -> Iterator[Problem]:
    """A person's name, which goes into an 834 file."""
    if unprintable := list(check_text(field, value)):
        yield from unprintable
    elif message := name_problem(value):
        yield Problem(field, message, rule)


def check_names(prefix: str, values: dict[str, str], rule: str) -> Iterator[Problem]:
    for name, value in values.items():
        yield from check_name(f"{prefix}{name}", value, rule)


def check_834_text(field: str, value: str, rule: str) -> Iterator[Problem]:
    """A company, a number that it gives or part of an address, so that a carrier's 834 file can carry it as typed."""
    if unprintable := list(check_text(field, value)):
        yield from unprintable
    elif not all(one in _SIGNS or (one.isascii() and one.isalnum()) for one in transliterate(value)):
        yield Problem(field, _OTHER_SCRIPT if has_other_script(value) else _OTHER_SIGNS, rule)


def check_834_texts(prefix: str, values: dict[str, str], rule: str) -> Iterator[Problem]:
    for name, value in values.items():
        yield from check_834_text(f"{prefix}{name}", value, rule)


def check_texts(prefix: str, values: dict[str, str]) -> Iterator[Problem]:
    for name, value in values.items():
        yield from check_text(f"{prefix}{name}", value)


def check_required(prefix: str, values: dict[str, object], rule: str) -> Iterator[Problem]:
    """A problem for every value that is empty or None."""
    for name, value in values.items():
        if value is None or value == "":
            yield Problem(f"{prefix}{name}", _ASKED.get(name) or f"Enter the {name.replace('_', ' ')}.", rule)


def check_email(field: str, value: str) -> Iterator[Problem]:
    if value and not is_email(value):
        yield Problem(field, "Write the email address as name@example.com.", "R50")
    elif not _EMAIL_OF_834.fullmatch(value):
        message = (
            "Enter an email address of letters A to Z without accents, digits and signs such as . _ - + only, as the "
            "carrier's enrollment file takes nothing else."
        )
        yield Problem(field, message, "R50")


def check_phone(field: str, value: str) -> Iterator[Problem]:
    if value and Phone.read(value) is None:
        yield Problem(field, phone_advice(value), "R49")


def check_version(field: str, value: str, kind: TextKind, pack: RulePack, rule: str) -> Iterator[Problem]:
    """The version of a text that was shown has to be one in force; empty is the one in force today."""
    versions = pack.disclosures[kind].versions
    if value and value not in versions:
        yield Problem(field, f"Record one of the versions in force: {', '.join(versions)}.", rule)

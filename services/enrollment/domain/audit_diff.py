"""Domain: which fields an act changed, in the words of the form; never what they were or became."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from services.enrollment.domain.application import Application
from services.enrollment.domain.people import Person
from services.enrollment.domain.person_label import capitalized, role_of

_STEPS = ("general", "household", "plans", "other_coverage", "signatures")
# Fields whose name is not what the form calls them; all others are called by their name.
_LABELS = {
    "date_of_birth": "Date of birth",
    "pcp_id": "PCP ID",
    "medical_group_id": "Medical group ID",
    "has_other_coverage": "Whether there is other coverage",
    "group_id": "Group ID",
    "hra": "HRA",
    "one_name_only": "Whether there is one name only",
    "medical_plan_id": "Medical plan",
    "dental_plan_id": "Dental plan",
    "county_fips": "County",
    "county_name": "County",
    "zip": "ZIP code",
    "ssn": "Social Security number",
    "ssn_last_four": "Social Security number",
    "others": "Other coverage",
    "pcp_choices": "Primary care provider",
    "replaced": "Replaced coverage",
    "replaces_coverage": "Whether coverage is replaced",
    "life_events": "Life event",
    "special_enrollment": "Special enrollment period",
    "terms_version": "Terms and agreements",
    "tobacco_last_used": "Last use of tobacco",
    "pcp_same_for_all": "Same primary care provider for all",
    "proxy_agreed": "Proxy statement",
    "replacement_rights_shown": "Know Your Rights notice",
    "consumer_choice_agreed": "Consumer choice disclosure",
    "pediatric_dental_attested": "Pediatric dental attestation",
}
# Ids and versions that nobody typed.
_SILENT = frozenset(
    {
        "person_id",
        "first_identity",
        "ssn_fingerprint",
        "text_messages_version",
        "electronic_delivery_version",
        "pediatric_dental_version",
        "replacement_rights_version",
        "proxy_version",
        "consumer_choice_version",
        "scheme",
    }
)


def changed_fields(before: Application, after: Application) -> tuple[str, ...]:
    """Of all steps, since a step can drop what another one holds; then what follows from them."""
    people = after.household.people
    found = [label for step in _STEPS for label in _compare(getattr(before, step), getattr(after, step), "", people)]
    if before.producer != after.producer:
        found.insert(0, "Producer")
    if before.effective_date != after.effective_date or (before.start and not after.start):
        found.append("Effective date")
    elif before.start and after.start and before.start != after.start:
        found.append("Life event of the effective date")
    if before.monthly_premium != after.monthly_premium:
        found.append("Monthly premium")
    return tuple(dict.fromkeys(found))


def changed_contact_fields(before: Application, after: Application) -> tuple[str, ...]:
    """Of how the applicant is reached, for within a sentence."""
    found = [_inside(label) for label in _compare(before.contact, after.contact, "", ())]
    return (*found, "mailing address") if before.mailing_address != after.mailing_address else tuple(found)


def _compare(old: Any, new: Any, owner: str, people: Sequence[Person]) -> Iterator[str]:
    for one in fields(new):
        was, now = getattr(old, one.name), getattr(new, one.name)
        if was == now or one.name in _SILENT:
            continue
        if one.name == "people":
            yield from _people(was, now)
        elif isinstance(now, tuple) and any(is_dataclass(item) for item in (*was, *now)):
            yield from _items(_label(one.name), was, now, people)
        elif is_dataclass(was) and is_dataclass(now):
            yield from _compare(was, now, f" of {_inside(_label(one.name))}{owner}", people)
        else:
            yield f"{_label(one.name)}{owner}"


def _people(before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    """A person who stayed is the same by id, and is called by the role that he or she has on the form."""
    known = {person.person_id: (place, person) for place, person in enumerate(before)}
    for place, person in enumerate(after):
        earlier, role = known.pop(person.person_id, None), role_of(after, place)
        if earlier is None:
            yield f"{capitalized(role)} added"
        else:
            yield from _compare(earlier[1], person, f" of {role}", after)
            if earlier[0] != place:
                yield f"Place of {role}"
    yield from (f"{capitalized(role_of(before, place))} removed" for place, _ in known.values())


def _items(label: str, before: Sequence[Any], after: Sequence[Any], people: Sequence[Person]) -> Iterator[str]:
    """Answers for single people follow the person, others by their place in the list."""
    old, new = _named(label, before, people), _named(label, after, people)
    yield from (name for name in dict.fromkeys((*new, *old)) if old.get(name) != new.get(name))


def _named(label: str, items: Sequence[Any], people: Sequence[Person]) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for place, item in enumerate(items, 1):
        member = getattr(item, "member_index", None)
        name = f"{label} {place}" if member is None else f"{label} of {role_of(people, member)}"
        named.setdefault(name, []).append(item)
    return named


def label_of(path: str) -> str:
    """Of the last named part of a field's path: "pcp_choices[1].pcp_id" is "PCP ID"."""
    return _label(path.rpartition(".")[2].partition("[")[0])


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _inside(label: str) -> str:
    """Within a phrase; abbreviations stay as they are."""
    return label if label.isupper() else label[0].lower() + label[1:]

"""What a form of a quote and the quote as somebody else saved it meanwhile differ in, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suite.quote.v1 import quote_pb2

from chassis.kernel import Problem
from gateway.pages.forms.typed_values import read_date, write_date
from gateway.pages.quotes.household_form import RELATIONSHIP_LABELS, HouseholdForm, MemberFields

_OWN_LABELS = {"zip": "ZIP code", "county_fips": "County", "effective_date": "Coverage effective date"}
_MEMBER_LABELS = {
    "relationship": "Relationship",
    "first_name": "First name",
    "last_name": "Last name",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "tobacco_use": "Tobacco use",
}
_WORDS = {**RELATIONSHIP_LABELS, "female": "Female", "male": "Male", "yes": "Yes", "no": "No", "": "nothing"}


def find_conflicts(form: HouseholdForm, quote: quote_pb2.Quote, counties: Sequence[quote_pb2.County]) -> list[Problem]:
    """Both values of each field that differs. ``counties``: those of the form's ZIP code."""
    saved = HouseholdForm.from_quote(quote)
    here, there = len(form.members), len(saved.members)
    problems = [] if here == there else [Problem("", f"The saved quote has {there} people; here there are {here}.")]
    names = {county.fips: county.name for county in (*counties, quote.county)}
    for name, label in _OWN_LABELS.items():
        mine, other = getattr(form, name), getattr(saved, name)
        problems += _compare(name, label, names.get(mine, mine), names.get(other, other))
    for index, (member, theirs) in enumerate(zip(form.members, saved.members, strict=False)):
        problems += _compare_people(f"members[{index}].", form.title(index), member, theirs)
    return problems


def _compare_people(at: str, title: str, mine: MemberFields, theirs: MemberFields) -> Iterator[Problem]:
    for name, label in _MEMBER_LABELS.items():
        here, there = getattr(mine, name), getattr(theirs, name)
        if name not in ("first_name", "last_name"):
            here, there = _WORDS.get(here, here), _WORDS.get(there, there)
        yield from _compare(at + name, f"{label} of {title[0].lower()}{title[1:]}", here, there)


def _compare(name: str, label: str, mine: str, other: str) -> Iterator[Problem]:
    here, there = (write_date(read_date(text)) or "nothing" for text in (mine, other))
    if here != there:
        yield Problem(name, f"{label}: saved as “{there}”, here “{here}”.")

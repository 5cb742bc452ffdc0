"""What a form of a quote and the quote as somebody else saved it meanwhile differ in, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suite.quote.v1 import quote_pb2

from chassis.kernel import Problem
from gateway.pages.forms.merging import read_base, write_base
from gateway.pages.forms.typed_values import read_date, write_date
from gateway.pages.quotes.household_form import RELATIONSHIP_LABELS, HouseholdForm, MemberFields

_OWN_FIELDS = ("zip", "county_fips", "effective_date")
_MEMBER_FIELDS = ("relationship", "first_name", "last_name", "date_of_birth", "sex", "tobacco_use")
_Fields = HouseholdForm | MemberFields
_WORDS = {**RELATIONSHIP_LABELS, "female": "Female", "male": "Male", "yes": "Yes", "no": "No", "": "nothing"}


def write_household(quote: quote_pb2.Quote) -> str:
    """What a page of this quote shows, for its hidden field."""
    return write_base({name: texts[0] for name, texts in HouseholdForm.from_quote(quote).to_fields().items()})


def bring_in_changes(
    form: HouseholdForm, base: str, quote: quote_pb2.Quote, counties: Sequence[quote_pb2.County]
) -> list[Problem]:
    """What was saved elsewhere since the page was made, where it touches the page.

    A field that both changed is named with both values; one that only the other side changed takes its value, and that
    is said, too. ``base``: what the page showed; without it, or where people were added or removed, every difference
    is named. ``counties``: those of the form's ZIP code.
    """
    saved = HouseholdForm.from_quote(quote)
    shown = HouseholdForm.from_fields({name: [text] for name, text in read_base(base).items()}) if base else None
    here, there = len(form.members), len(saved.members)
    if shown and not len(shown.members) == here == there:
        shown = None
    problems = [] if here == there else [Problem("", f"The saved quote has {there} people; here there are {here}.")]
    names = {county.fips: county.name for county in (*counties, quote.county)}
    for name in _OWN_FIELDS:
        problems += _bring_in(name, name, names, (form, shown, saved))
    for index, (member, theirs) in enumerate(zip(form.members, saved.members, strict=False)):
        sides = (member, shown.members[index] if shown else None, theirs)
        for name in _MEMBER_FIELDS:
            words = {} if name in ("first_name", "last_name") else _WORDS
            problems += _bring_in(f"members[{index}].{name}", name, words, sides)
    return problems


def _bring_in(
    path: str, name: str, words: Mapping[str, str], sides: tuple[_Fields, _Fields | None, _Fields]
) -> Iterator[Problem]:
    """``sides``: the form here, what its page showed, and what is saved now."""
    form, shown, saved = sides
    here, there = _plain(getattr(form, name)), _plain(getattr(saved, name))
    before = _plain(getattr(shown, name)) if shown else None
    if here == there or there == before:
        return
    mine, other = words.get(here, here) or "nothing", words.get(there, there) or "nothing"
    if here == before:
        setattr(form, name, getattr(saved, name))
        yield Problem(path, f"Changed elsewhere from “{mine}” to “{other}”.")
    else:
        yield Problem(path, f"Saved as “{other}”, here “{mine}”.")


def _plain(text: str) -> str:
    """One way to write a date; other texts as they are."""
    return write_date(read_date(text))

"""The form of a quote (R9, R12): what was typed, kept as text until the quote service judges it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.bounds import bounds_of
from chassis.kernel import Problem
from gateway.pages.forms.typed_values import parse_date, read_date, write_date
from gateway.pages.render import parse_number

_RELATIONSHIPS = {
    "self": common_pb2.RELATIONSHIP_SELF,
    "spouse": common_pb2.RELATIONSHIP_SPOUSE,
    "child": common_pb2.RELATIONSHIP_CHILD,
    "other_dependent": common_pb2.RELATIONSHIP_OTHER_DEPENDENT,
}
RELATIONSHIP_LABELS = {
    "self": "Primary applicant",
    "spouse": "Spouse",
    "child": "Child",
    "disabled_child": "Child (disabled dependent)",
    "other_dependent": "Other dependent",
}
# What a person who is no spouse can be to the primary applicant.
DEPENDENT_CHOICES = [(word, RELATIONSHIP_LABELS[word]) for word in ("child", "disabled_child", "other_dependent")]
_RELATIONSHIP_WORDS = {value: word for word, value in _RELATIONSHIPS.items()}
# One choice of the form for a relationship and what keeps a child covered from 26 on.
_DISABLED_CHILD = "disabled_child"
_SEXES = {"female": common_pb2.SEX_FEMALE, "male": common_pb2.SEX_MALE}
_SEX_WORDS = {value: word for word, value in _SEXES.items()}
_MEMBER_FIELD = re.compile(r"members\[(\d{1,2})\]\.([a-z_]+)", re.ASCII)
# Tobacco is rated, and so asked about, from the lawful age on the effective date on (rules.md 4a); 18 until 2019.
LAWFUL_TOBACCO_AGE = 21
LAWFUL_TOBACCO_AGE_UNTIL_2019 = 18
# Who is asked about tobacco before a birth date says how old they are: mostly adults.
_MOSTLY_ADULTS = ("self", "spouse", "disabled_child", "other_dependent")
_MEMBERS_BOUNDS = bounds_of(quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["members"])
# The page stops adding people where the contract would refuse them (R61).
MOST_MEMBERS = (_MEMBERS_BOUNDS and _MEMBERS_BOUNDS.max_items) or 0
_OWN_FIELDS = ("writing_number", "zip", "county_fips", "effective_date", "proposed_date")

Typed = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class MemberFields:
    relationship: str = "child"
    first_name: str = ""
    last_name: str = ""
    date_of_birth: str = ""
    sex: str = ""
    tobacco_use: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def to_proto(self) -> quote_pb2.Member:
        disabled = self.relationship == _DISABLED_CHILD
        relationship = "child" if disabled else self.relationship
        return quote_pb2.Member(
            relationship=_RELATIONSHIPS.get(relationship, common_pb2.RELATIONSHIP_UNSPECIFIED),
            disabled_dependent=disabled,
            date_of_birth=read_date(self.date_of_birth),
            sex=_SEXES.get(self.sex, common_pb2.SEX_UNSPECIFIED),
            tobacco_use=self.tobacco_use == "yes",
            first_name=self.first_name,
            last_name=self.last_name,
        )

    @classmethod
    def from_proto(cls, member: quote_pb2.Member) -> MemberFields:
        """As the form shows a person who was saved."""
        child = member.relationship == common_pb2.RELATIONSHIP_CHILD
        return cls(
            _DISABLED_CHILD if child and member.disabled_dependent else _RELATIONSHIP_WORDS[member.relationship],
            member.first_name,
            member.last_name,
            write_date(member.date_of_birth),
            _SEX_WORDS.get(member.sex, ""),
            "yes" if member.tobacco_use else "no",
        )


@dataclass(slots=True)
class HouseholdForm:
    """The form as it is. ``proposed_date``: the effective date that the page proposed, which follows the state."""

    writing_number: str = ""
    zip: str = ""
    county_fips: str = ""
    effective_date: str = ""
    proposed_date: str = ""
    members: list[MemberFields] = field(default_factory=lambda: [MemberFields("self")])

    @classmethod
    def from_fields(cls, typed: Typed) -> HouseholdForm:
        own = {name: typed[name][0] for name in _OWN_FIELDS if typed.get(name)}
        return cls(**own, members=_members(typed))

    @classmethod
    def from_quote(cls, quote: quote_pb2.Quote) -> HouseholdForm:
        form = cls(
            writing_number=quote.producer.writing_number,
            zip=quote.zip,
            county_fips=quote.county.fips,
            effective_date=write_date(quote.effective_date),
            members=[MemberFields.from_proto(member) for member in quote.members],
        )
        for member in form.members:
            if member.tobacco_use == "no" and not form.asks_tobacco(member):
                member.tobacco_use = ""  # was never asked, and may be on another date
        return form

    def to_fields(self) -> dict[str, list[str]]:
        """As a draft keeps it; the same names as the page's."""
        own = {name: [getattr(self, name)] for name in _OWN_FIELDS}
        people = {
            f"members[{index}].{one.name}": [getattr(member, one.name)]
            for index, member in enumerate(self.members)
            for one in fields(member)
        }
        return own | people

    def act(self, action: str) -> int | None:
        """Add or remove a person; the place of the person to look at next. None when the button was another one."""
        verb, _, place = action.partition(".")
        room = len(self.members) < MOST_MEMBERS
        if verb == "add_spouse":
            if not self.has_spouse and room:
                self.members.insert(1, MemberFields("spouse"))
            return 1
        if verb == "add_dependent":
            if room:
                self.members.append(MemberFields("child"))
            return len(self.members) - 1
        if verb == "remove":
            if 0 < (index := parse_number(place)) < len(self.members):
                del self.members[index]
            return len(self.members)  # nobody: the buttons below the people
        return None

    @property
    def effective_day(self) -> str:
        """The effective date in ISO, or what was typed when it is no date."""
        return read_date(self.effective_date)

    @property
    def has_spouse(self) -> bool:
        return any(member.relationship == "spouse" for member in self.members)

    @property
    def full(self) -> bool:
        return len(self.members) >= MOST_MEMBERS

    def title(self, index: int) -> str:
        if index == 0:
            return "Primary applicant"
        if self.members[index].relationship == "spouse":
            return "Spouse"
        return f"Dependent {index - self.has_spouse}"

    def asks_tobacco(self, member: MemberFields) -> bool:
        """Whether the question shows: by the age on the effective date, for children as for everybody (R46, R58)."""
        start, born = _day(self.effective_date), _day(member.date_of_birth)
        if start is None or born is None:
            return member.relationship in _MOSTLY_ADULTS or member.tobacco_use == "yes"
        lawful = LAWFUL_TOBACCO_AGE if start.year >= 2020 else LAWFUL_TOBACCO_AGE_UNTIL_2019
        return (start.year - born.year - ((start.month, start.day) < (born.month, born.day))) >= lawful

    def unanswered(self) -> list[Problem]:
        """What only this form can know to be missing: a quote cannot tell "no" from "not answered" (R46)."""
        problems = []
        for index, member in enumerate(self.members):
            if member.sex not in _SEXES:
                problems.append(Problem(f"members[{index}].sex", "Choose the sex.", "R46"))
            if self.asks_tobacco(member) and member.tobacco_use not in ("yes", "no"):
                message = "Answer the tobacco question."
                problems.append(Problem(f"members[{index}].tobacco_use", message, "R46"))
        return problems

    def named(self, problem: Problem) -> Problem:
        """The same with a sentence that names the field, where the contract's says only that a value is missing."""
        # the year of the date decides which plans there are; the form has the date
        name = "effective_date" if problem.field == "plan_year" else problem.field
        if problem.message != "Enter a value.":
            return Problem(name, problem.message, problem.rule)
        if found := _MEMBER_FIELD.fullmatch(name):
            words = {"date_of_birth": "Enter the date of birth.", "relationship": "Choose the relationship."}
            return Problem(name, words.get(found[2], problem.message), problem.rule)
        return Problem(name, _MISSING.get(name, problem.message), problem.rule)

    def to_proto(self, state: str, key: str) -> quote_service_pb2.CreateQuoteRequest:
        """``key`` makes a double click one quote."""
        return quote_service_pb2.CreateQuoteRequest(
            idempotency_key=key,
            writing_number=self.writing_number,
            state=state,
            zip=self.zip,
            county_fips=self.county_fips,
            effective_date=self.effective_day,
            members=[member.to_proto() for member in self.members],
        )


_MISSING = {
    "writing_number": "Choose the state and writing number.",
    "state": "Choose the state and writing number.",
    "zip": "Enter the ZIP code of the home address.",
    "county_fips": "Choose the county of the home address.",
    "effective_date": "Enter the coverage effective date.",
}


def _members(typed: Typed) -> list[MemberFields]:
    found: dict[int, dict[str, str]] = {}
    for name, texts in typed.items():
        if (parts := _MEMBER_FIELD.fullmatch(name)) and parts[2] in MemberFields.__slots__ and texts:
            found.setdefault(int(parts[1]), {})[parts[2]] = texts[0]
    members = [MemberFields(**found[index]) for index in sorted(found)][:MOST_MEMBERS]
    return members or [MemberFields("self")]


def _day(typed: str) -> date | None:
    """None while it is no date; the quote service says what is wrong with it."""
    iso = parse_date(typed)
    return date.fromisoformat(iso) if iso else None

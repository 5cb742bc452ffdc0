"""The New Quote form (R9): what was typed, kept as text until the quote service judges it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.bounds import bounds_of
from chassis.kernel import Problem
from gateway.pages.render import read_text

_RELATIONSHIPS = {
    "self": common_pb2.RELATIONSHIP_SELF,
    "spouse": common_pb2.RELATIONSHIP_SPOUSE,
    "child": common_pb2.RELATIONSHIP_CHILD,
    "other_dependent": common_pb2.RELATIONSHIP_OTHER_DEPENDENT,
}
# One choice of the form for a relationship and what keeps a child covered from 26 on.
_DISABLED_CHILD = "disabled_child"
_SEXES = {"female": common_pb2.SEX_FEMALE, "male": common_pb2.SEX_MALE}
_MEMBER_FIELD = re.compile(r"members\[(\d{1,2})\]\.([a-z_]+)", re.ASCII)
# Tobacco is rated, and so asked about, from the lawful age on the effective date on (rules.md 4a); 18 until 2019.
LAWFUL_TOBACCO_AGE = 21
LAWFUL_TOBACCO_AGE_UNTIL_2019 = 18
# Who is asked about tobacco before a birth date says how old they are: mostly adults.
_MOSTLY_ADULTS = ("self", "spouse", "disabled_child", "other_dependent")
_MEMBERS_BOUNDS = bounds_of(quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["members"])
# The page stops adding people where the contract would refuse them (R61).
MOST_MEMBERS = (_MEMBERS_BOUNDS and _MEMBERS_BOUNDS.max_items) or 0


@dataclass(slots=True)
class MemberFields:
    relationship: str = "child"
    first_name: str = ""
    last_name: str = ""
    date_of_birth: str = ""
    sex: str = ""
    tobacco_use: str = ""

    def to_proto(self) -> quote_pb2.Member:
        disabled = self.relationship == _DISABLED_CHILD
        relationship = "child" if disabled else self.relationship
        return quote_pb2.Member(
            relationship=_RELATIONSHIPS.get(relationship, common_pb2.RELATIONSHIP_UNSPECIFIED),
            disabled_dependent=disabled,
            date_of_birth=self.date_of_birth,
            sex=_SEXES.get(self.sex, common_pb2.SEX_UNSPECIFIED),
            tobacco_use=self.tobacco_use == "yes",
            first_name=self.first_name,
            last_name=self.last_name,
        )


@dataclass(slots=True)
class QuoteForm:
    """The form as it is; ``key`` makes a double click one quote."""

    key: str
    writing_number: str = ""
    zip: str = ""
    county_fips: str = ""
    effective_date: str = ""
    members: list[MemberFields] = field(default_factory=lambda: [MemberFields("self")])

    @classmethod
    def read(cls, fields: FormData) -> QuoteForm:
        names = ("key", "writing_number", "zip", "county_fips", "effective_date")
        return cls(**{name: read_text(fields, name) for name in names}, members=_members(fields))

    def act(self, action: str) -> bool:
        """Add or remove a person; False when the button was another one."""
        verb, _, place = action.partition(".")
        if verb == "add_spouse" and not self.has_spouse and len(self.members) < MOST_MEMBERS:
            self.members.insert(1, MemberFields("spouse"))
        elif verb == "add_dependent" and len(self.members) < MOST_MEMBERS:
            self.members.append(MemberFields("child"))
        elif verb == "remove" and place.isdecimal() and 0 < int(place) < len(self.members):
            del self.members[int(place)]
        return verb in ("add_spouse", "add_dependent", "remove")

    @property
    def has_spouse(self) -> bool:
        return any(member.relationship == "spouse" for member in self.members)

    @property
    def full(self) -> bool:
        return len(self.members) >= MOST_MEMBERS

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
            if not member.sex:
                problems.append(Problem(f"members[{index}].sex", "Please choose one.", "R46"))
            if self.asks_tobacco(member) and not member.tobacco_use:
                problems.append(Problem(f"members[{index}].tobacco_use", "Please answer yes or no.", "R46"))
        return problems

    def to_proto(self, state: str) -> quote_service_pb2.CreateQuoteRequest:
        return quote_service_pb2.CreateQuoteRequest(
            idempotency_key=self.key,
            writing_number=self.writing_number,
            state=state,
            zip=self.zip,
            county_fips=self.county_fips,
            effective_date=self.effective_date,
            members=[member.to_proto() for member in self.members],
        )


def _members(fields: FormData) -> list[MemberFields]:
    found: dict[int, dict[str, str]] = {}
    for name in fields:
        if (parts := _MEMBER_FIELD.fullmatch(name)) and parts[2] in MemberFields.__slots__:
            found.setdefault(int(parts[1]), {})[parts[2]] = read_text(fields, name)
    members = [MemberFields(**found[index]) for index in sorted(found)][:MOST_MEMBERS]
    return members or [MemberFields("self")]


def _day(typed: str) -> date | None:
    """None while it is no date; the quote service says what is wrong with it."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None

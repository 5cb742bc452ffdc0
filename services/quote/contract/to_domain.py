"""Contract: from request messages to the domain's values; refuses text that is no date at its field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2 as pb

from chassis.identity import WritingNumber
from chassis.kernel import InvalidInput, Problem
from services.quote.domain.household import Member, Relationship, Sex
from services.quote.domain.plan import Coverage, Exchange
from services.quote.domain.quote import Producer
from services.quote.domain.situation import Inquiry

RELATIONSHIPS = {
    common.RELATIONSHIP_SELF: Relationship.SELF,
    common.RELATIONSHIP_SPOUSE: Relationship.SPOUSE,
    common.RELATIONSHIP_CHILD: Relationship.CHILD,
    common.RELATIONSHIP_OTHER_DEPENDENT: Relationship.OTHER_DEPENDENT,
}
SEXES = {common.SEX_UNSPECIFIED: None, common.SEX_FEMALE: Sex.FEMALE, common.SEX_MALE: Sex.MALE}
COVERAGES = {common.COVERAGE_MEDICAL: Coverage.MEDICAL, common.COVERAGE_DENTAL: Coverage.DENTAL}
EXCHANGES = {
    common.EXCHANGE_UNSPECIFIED: None,
    common.EXCHANGE_ANY: None,
    common.EXCHANGE_ON: Exchange.ON,
    common.EXCHANGE_OFF: Exchange.OFF,
}

# ``date.fromisoformat`` also takes weeks and dates without dashes.
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Asking(Protocol):
    """The fields that searches, pricing and new quotes share."""

    @property
    def state(self) -> str: ...
    @property
    def zip(self) -> str: ...
    @property
    def county_fips(self) -> str: ...
    @property
    def effective_date(self) -> str: ...
    @property
    def members(self) -> Iterable[pb.Member]: ...


def inquiry(request: Asking) -> Inquiry:
    """Says every date and choice that cannot be read at once."""
    problems: list[Problem] = []
    day = _date(request.effective_date, "effective_date", problems)
    members = tuple(_member(member, f"members[{i}].", problems) for i, member in enumerate(request.members))
    if problems:
        raise InvalidInput("Some fields cannot be read.", problems=tuple(problems))
    return Inquiry(request.state, request.zip, request.county_fips, day, members)


def coverage(value: common.Coverage.ValueType) -> Coverage:
    if value not in COVERAGES:
        raise InvalidInput.at("coverage", "Choose medical or dental.")
    return COVERAGES[value]


def exchange(value: common.Exchange.ValueType) -> Exchange | None:
    """None for both sides."""
    if value not in EXCHANGES:
        raise InvalidInput.at("exchange", "Choose on, off or any.")
    return EXCHANGES[value]


def producer(number: WritingNumber) -> Producer:
    return Producer(number.number, number.producer_name, number.company_name, number.state)


def required_date(value: str, field: str) -> date:
    problems: list[Problem] = []
    day = _date(value, field, problems)
    if problems:
        raise InvalidInput("Some fields cannot be read.", problems=tuple(problems))
    return day


def optional_date(value: str, field: str) -> date | None:
    return required_date(value, field) if value else None


def _member(member: pb.Member, path: str, problems: list[Problem]) -> Member:
    if member.relationship not in RELATIONSHIPS:
        problems.append(Problem(f"{path}relationship", "Choose what this person is to the applicant."))
    if member.sex not in SEXES:
        problems.append(Problem(f"{path}sex", "Choose female or male."))
    return Member(
        relationship=RELATIONSHIPS.get(member.relationship, Relationship.OTHER_DEPENDENT),
        date_of_birth=_date(member.date_of_birth, f"{path}date_of_birth", problems),
        sex=SEXES.get(member.sex),
        tobacco_use=member.tobacco_use,
        first_name=member.first_name.strip(),
        last_name=member.last_name.strip(),
        disabled_dependent=member.disabled_dependent,
    )


def _date(value: str, field: str, problems: list[Problem]) -> date:
    if _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # well-formed, and still no day of the calendar
    problems.append(Problem(field, "Give a date as year-month-day, such as 2026-06-01."))
    return date.min

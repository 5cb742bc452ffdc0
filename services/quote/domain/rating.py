"""Domain: the premium of a household for one plan, member by member (rules.md section 4).

Age is the age on the coverage effective date. Each member is a filed amount in whole cents, then they are summed.
Only the three oldest covered children under 21 are charged; a spouse is never a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chassis.kernel import Conflict, Money, Problem
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Coverage, Rate, RateSource

# 45 CFR 147.102(c)(1): at most three covered children under 21 count. Stand-alone dental is an excepted benefit, so
# for it the same number is our setting, not law (rules.md 4, S29).
CHARGED_CHILDREN = {Coverage.MEDICAL: 3, Coverage.DENTAL: 3}
CHILD_AGE_LIMIT = 21
# Rates end with "64 and over", in early filings with "65 and over": one slot a year up to here holds both.
LAST_RATED_AGE = 65
# Only lawful use may be rated (45 CFR 147.102(a)(1)(iv)); the federal age rose from 18 to 21 on 20 December 2019.
LAWFUL_TOBACCO_AGE = 21
LAWFUL_TOBACCO_AGE_UNTIL_2019 = 18


class RateNotFiled(Conflict):
    """The carrier filed no rate for one of the members: there is no price, and never a price of 0."""

    code = "rate_not_filed"

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason, problems=(Problem(f"members[{index}]", reason, "rules.md 4"),))


_CHILDREN = frozenset({Relationship.CHILD, Relationship.OTHER_DEPENDENT})
_CHILDREN_AND_SUBSCRIBER = _CHILDREN | {Relationship.SELF}
_SOURCES = {
    RateSource.FILED: "rate as filed.",
    RateSource.DERIVED: "derived from the filed rates of other ages by the federal age curve.",
    RateSource.ILLUSTRATIVE: "illustrative rate, made up.",
}


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates of one plan in one rating area: a slot for each age up to ``LAST_RATED_AGE``, None where unfiled."""

    by_age: tuple[Rate | None, ...]

    @classmethod
    def of(cls, bands: Sequence[tuple[int, int, Rate]]) -> RateTable:
        """From (first age, last age, rate) bands, ages inclusive."""
        slots: list[Rate | None] = [None] * (LAST_RATED_AGE + 1)
        for first, last, rate in bands:
            slots[first : last + 1] = [rate] * (min(last, LAST_RATED_AGE) - first + 1)
        return cls(tuple(slots))

    def at(self, age: int) -> Rate | None:
        return self.by_age[min(age, LAST_RATED_AGE)]


@dataclass(frozen=True, slots=True)
class MemberPremium:
    """One line: ``source`` is None for a child that is not charged; ``explanation`` is a sentence for people."""

    index: int
    relationship: Relationship
    age: int
    amount: Money
    source: RateSource | None
    tobacco_rated: bool
    explanation: str


@dataclass(frozen=True, slots=True, eq=False)
class Premium:
    """What a household pays a month for one plan. The lines are worked out when somebody looks at them."""

    total: Money
    explain: Callable[[], tuple[MemberPremium, ...]]

    @property
    def lines(self) -> tuple[MemberPremium, ...]:
        """One for each member, in the order in which they were sent."""
        return self.explain()


def price(household: Household, effective_date: date, rates: RateTable, coverage: Coverage) -> Premium:
    """Raises ``RateNotFiled`` when any charged member's rate is missing."""
    lines = premium_lines(household, effective_date, rates, coverage)
    return Premium(Money.total(line.amount for line in lines), lambda: lines)


def premium_lines(
    household: Household, effective_date: date, rates: RateTable, coverage: Coverage
) -> tuple[MemberPremium, ...]:
    """Raises ``RateNotFiled`` when any charged member's rate is missing."""
    members = household.members
    ages = [member.age_on(effective_date) for member in members]
    free = free_children(members, ages, CHARGED_CHILDREN[coverage])
    lawful_age = lawful_tobacco_age(effective_date.year)
    return tuple(
        _free(index, member, age) if index in free else _charged(index, member, age, lawful_age, rates)
        for index, (member, age) in enumerate(zip(members, ages, strict=True))
    )


def free_children(members: Sequence[Member], ages: Sequence[int], charged: int) -> frozenset[int]:
    """Indexes of the children beyond the ``charged`` oldest.

    On a child-only policy (no spouse, nobody of 21 or more) the subscriber is one of the children; otherwise the
    subscriber is charged besides. Children of the same birthday count in the order in which they were sent.
    """
    kinds = _CHILDREN_AND_SUBSCRIBER if _is_child_only(members, ages) else _CHILDREN
    children = [
        (member.date_of_birth, index)
        for index, (member, age) in enumerate(zip(members, ages, strict=True))
        if age < CHILD_AGE_LIMIT and member.relationship in kinds
    ]
    if len(children) <= charged:
        return frozenset()
    return frozenset(index for _, index in sorted(children)[charged:])


def lawful_tobacco_age(plan_year: int) -> int:
    return LAWFUL_TOBACCO_AGE if plan_year >= 2020 else LAWFUL_TOBACCO_AGE_UNTIL_2019


def _is_child_only(members: Sequence[Member], ages: Sequence[int]) -> bool:
    return max(ages) < CHILD_AGE_LIMIT and all(member.relationship is not Relationship.SPOUSE for member in members)


def _free(index: int, member: Member, age: int) -> MemberPremium:
    why = "No charge: only the three oldest covered children under 21 are charged."
    return MemberPremium(index, member.relationship, age, Money(0), None, False, why)


def _charged(index: int, member: Member, age: int, lawful_age: int, rates: RateTable) -> MemberPremium:
    rate = rates.at(age)
    if rate is None:
        raise RateNotFiled(index, "The carrier filed no rate for this plan at the age of one member.")
    lawful = age >= lawful_age
    cents = rate.tobacco_cents if member.tobacco_use and lawful else rate.cents
    if cents is None:
        raise RateNotFiled(index, "The carrier's tobacco rate for this plan is not in the filing.")
    rated = member.tobacco_use and lawful and cents != rate.cents
    why = _explanation(age, member.tobacco_use, lawful, rated, rate.source)
    return MemberPremium(index, member.relationship, age, Money(cents), rate.source, rated, why)


# Few different sentences are ever said, each in every plan of a search.
@lru_cache(maxsize=1024)
def _explanation(age: int, tobacco: bool, lawful: bool, rated: bool, source: RateSource) -> str:
    return " ".join(_explain(age, tobacco, lawful, rated, source))


def _explain(age: int, tobacco: bool, lawful: bool, rated: bool, source: RateSource) -> Iterator[str]:
    yield f"Age {age} on the effective date,"
    yield _SOURCES[source]
    if rated:
        yield "Tobacco rate."
    elif tobacco and not lawful:
        yield "Tobacco use is not rated below the lawful age."
    elif tobacco:
        yield "Tobacco use does not change this plan's rate."

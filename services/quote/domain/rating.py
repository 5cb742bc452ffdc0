"""Domain: the premium of a household for one plan, member by member (rules.md section 4).

Age is the age on the coverage effective date. Each member is a filed amount in whole cents, then they are summed.
Only the oldest covered children under 21 are charged, as many as the plan says; a spouse is never a child, and a
subscriber only on a policy of siblings.
``domain.family_rating`` has the plans that are priced for a family as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from chassis.kernel import Money
from services.quote.domain.family_rating import compute_family_lines
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import CHILD_AGE_LIMIT, Rate, RateSource
from services.quote.domain.premium import MemberPremium, RateNotFiled, UnchargedReason
from services.quote.domain.rates import RateTable

# Only lawful use may be rated (45 CFR 147.102(a)(1)(iv)); the federal age rose from 18 to 21 on 20 December 2019.
LAWFUL_TOBACCO_AGE = 21
LAWFUL_TOBACCO_AGE_UNTIL_2019 = 18

# Younger than this nobody is the parent of a covered person [K]: births to mothers under 13 are all but unknown.
YOUNGEST_PARENT_AGE = 13

# Of a line 0.5 kB with its message: 8 MB in one process. A page of 50 plans for four people has 200.
LINES_KEPT = 16_384

_CHILDREN = frozenset({Relationship.CHILD, Relationship.OTHER_DEPENDENT})
_CHILDREN_AND_SUBSCRIBER = _CHILDREN | {Relationship.SELF}
_OLDEST = {1: "oldest covered child", 2: "two oldest covered children", 3: "three oldest covered children"}


def compute_premium_lines(
    household: Household, effective_date: date, rates: RateTable, charged_children: int | None
) -> tuple[MemberPremium, ...]:
    """As ``PremiumLines``, for one plan."""
    return PremiumLines(household, effective_date).explain(rates, charged_children)


class PremiumLines:
    """The lines of one household's premiums. What does not depend on a plan is worked out once."""

    def __init__(self, household: Household, effective_date: date) -> None:
        self._household, self._effective_date = household, effective_date
        self._ages = [member.age_on(effective_date) for member in household.members]
        self._lawful_age = lawful_tobacco_age(effective_date.year)
        self._free: dict[int | None, frozenset[int]] = {}

    def explain(self, rates: RateTable, charged_children: int | None) -> tuple[MemberPremium, ...]:
        """``charged_children``: see ``Plan``. Raises ``RateNotFiled`` when any charged member's rate is missing."""
        if rates.family:
            return compute_family_lines(self._household, self._effective_date, rates.family, rates.rating_area)
        free, area = self._find_free(charged_children), rates.rating_area
        return tuple(
            _free_line(index, member.relationship, age, charged_children, area)
            if index in free
            else _charged_line(
                index, member.relationship, age, member.tobacco_use, age >= self._lawful_age, rates.at(age), area
            )
            for index, (member, age) in enumerate(zip(self._household.members, self._ages, strict=True))
        )

    def _find_free(self, charged_children: int | None) -> frozenset[int]:
        found = self._free.get(charged_children)
        if found is None:
            found = find_free_children(self._household.members, self._ages, charged_children)
            self._free[charged_children] = found
        return found


def find_free_children(members: Sequence[Member], ages: Sequence[int], charged: int | None) -> frozenset[int]:
    """Indexes of the children beyond the ``charged`` oldest; None charges all.

    On a policy of siblings the subscriber is one of the children; otherwise the subscriber is charged besides. Children
    of the same birthday count in the order in which they were sent.
    """
    if charged is None:
        return frozenset()
    kinds = _CHILDREN_AND_SUBSCRIBER if _are_siblings(members, ages) else _CHILDREN
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


def _are_siblings(members: Sequence[Member], ages: Sequence[int]) -> bool:
    """Whether everybody is a child of somebody who is not covered: no spouse, nobody of 21 or more, no parent.

    45 CFR 147.102(c)(1) limits covered children; a parent is none of her own, however young. Siblings are often sent as
    ``child``, since that is what forms offer first: where one of those cannot be the subscriber's by age, all are
    siblings.
    """
    if max(ages) >= CHILD_AGE_LIMIT or any(member.relationship is Relationship.SPOUSE for member in members):
        return False
    subscriber = next((member for member in members if member.relationship is Relationship.SELF), members[0])
    sent = [member for member in members if member.relationship is Relationship.CHILD]
    return not sent or any(subscriber.age_on(child.date_of_birth) < YOUNGEST_PARENT_AGE for child in sent)


def _why_free(charged: int | None) -> str:
    oldest = _OLDEST.get(charged or 0, f"{charged} oldest covered children")
    return f"No charge: only the {oldest} under {CHILD_AGE_LIMIT} {'is' if charged == 1 else 'are'} charged."


def _free_line(
    index: int, relationship: Relationship, age: int, charged_children: int | None, area: int
) -> MemberPremium:
    why = _why_free(charged_children)
    return MemberPremium(index, relationship, age, Money(0), UnchargedReason.NOT_CHARGED, False, why, area)


# A plan has one rate for an age, so the same lines come up in search after search.
@lru_cache(LINES_KEPT)
def _charged_line(
    index: int, relationship: Relationship, age: int, tobacco: bool, lawful: bool, rate: Rate | None, area: int
) -> MemberPremium:
    if rate is None:
        raise RateNotFiled(index, "The carrier filed no rate for this plan at the age of one member.")
    cents = rate.tobacco_cents if tobacco and lawful else rate.cents
    if cents is None:
        raise RateNotFiled(index, "The carrier's tobacco rate for this plan is not in the filing.")
    rated = tobacco and lawful and cents != rate.cents
    why = _explanation(age, area, tobacco, lawful, rated, rate.source)
    return MemberPremium(index, relationship, age, Money(cents), rate.source, rated, why, area)


# Few different sentences are ever said, each in every plan of a search.
@lru_cache(maxsize=4096)
def _explanation(age: int, area: int, tobacco: bool, lawful: bool, rated: bool, source: RateSource) -> str:
    return " ".join(_explain(age, area, tobacco, lawful, rated, source))


def _explain(age: int, area: int, tobacco: bool, lawful: bool, rated: bool, source: RateSource) -> Iterator[str]:
    yield f"Age {age} on the effective date, rating area {area}:"
    yield f"{source.words}."
    if rated:
        yield "Tobacco rate."
    elif tobacco and not lawful:
        yield "Tobacco use is not rated below the lawful age."
    elif tobacco:
        yield "Tobacco use does not change this plan's rate."

"""The premium of a household as a person would work it out: plan by plan, member by member, in Decimal.

Kept as the reference of ``services.quote.domain.rating``: tests hold the two equal to the cent, and ``make bench``
says how much faster the rating core is. It shares no rule with it on purpose; change it only with rules.md section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.rates import LAST_RATED_AGE, FamilyRates, RateTable

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class ReferenceRates:
    """Dollars a month by age, without and with tobacco; an age that is missing was not filed.

    ``cap``: how many children are charged, None for all. ``family``: by couple or not, and number of dependents up to
    three; None for a plan with rates by age.
    """

    plain: Mapping[int, Decimal]
    tobacco: Mapping[int, Decimal]
    cap: int | None
    family: Mapping[tuple[bool, int], Decimal] | None

    @classmethod
    def of(cls, table: RateTable, cap: int | None = 3) -> ReferenceRates:
        plain, tobacco = {}, {}
        for age in range(LAST_RATED_AGE + 1):
            rate = table.at(age)
            if rate is not None:
                plain[age] = Decimal(rate.cents) / 100
                if rate.tobacco_cents is not None:
                    tobacco[age] = Decimal(rate.tobacco_cents) / 100
        return cls(plain, tobacco, cap, dollars_by_family(table.family) if table.family else None)


def dollars_by_family(rates: FamilyRates) -> dict[tuple[bool, int], Decimal]:
    """CMS's eight tiers: four without a spouse, four with one; each by dependents."""
    return {(tier >= 4, tier % 4): Decimal(cents) / 100 for tier, cents in rates.cents.items()}


def premiums(household: Household, effective_date: date, plans: Sequence[ReferenceRates]) -> list[Decimal | None]:
    """Dollars a month for each plan, None where a rate that is needed was not filed."""
    return [premium(household, effective_date, rates) for rates in plans]


def premium(household: Household, effective_date: date, rates: ReferenceRates) -> Decimal | None:
    """Each member is rounded to the cent, then they are summed."""
    if rates.family is not None:
        return family_premium(household, rates.family)
    total = NOTHING
    ages = [age_at(member, effective_date) for member in household]
    free = find_free_children(household, ages, rates.cap)
    lawful = 21 if effective_date.year >= 2020 else 18
    for index, (member, age) in enumerate(zip(household, ages, strict=True)):
        if index in free:
            continue
        table = rates.tobacco if member.tobacco_use and age >= lawful else rates.plain
        rate = table.get(min(age, LAST_RATED_AGE))
        if rate is None:
            return None
        total += rate.quantize(CENT, rounding=ROUND_HALF_UP)
    return total


def family_premium(household: Household, rates: Mapping[tuple[bool, int], Decimal]) -> Decimal | None:
    """One amount for everybody."""
    couple = any(member.relationship is Relationship.SPOUSE for member in household)
    others = sum(1 for member in household) - 1 - (1 if couple else 0)
    rate = rates.get((couple, 3 if others > 3 else others))
    return None if rate is None else rate.quantize(CENT, rounding=ROUND_HALF_UP)


def find_free_children(household: Household, ages: Sequence[int], cap: int | None) -> set[int]:
    """The children under 21 beyond the ``cap`` oldest; on a policy of siblings the subscriber is a child."""
    if cap is None:
        return set()
    kinds = [member.relationship for member in household]
    childlike = {Relationship.CHILD, Relationship.OTHER_DEPENDENT}
    if Relationship.SPOUSE not in kinds and all(age < 21 for age in ages) and not is_parent(household):
        childlike.add(Relationship.SELF)
    children = [index for index, age in enumerate(ages) if kinds[index] in childlike and age < 21]
    # sorting is stable: children of one birthday stay in the order in which they were sent
    return set(sorted(children, key=lambda index: household.members[index].date_of_birth)[cap:])


def is_parent(household: Household) -> bool:
    """Whether the subscriber has children on the policy, all of them at least 13 years younger."""
    [born] = [member.date_of_birth for member in household if member.relationship is Relationship.SELF]
    children = [member.date_of_birth for member in household if member.relationship is Relationship.CHILD]
    latest = [(born.year + 13, born.month, born.day) <= (child.year, child.month, child.day) for child in children]
    return bool(latest) and all(latest)


def age_at(member: Member, day: date) -> int:
    """Completed years."""
    born = member.date_of_birth
    years = day.year - born.year
    return years - 1 if (day.month, day.day) < (born.month, born.day) else years

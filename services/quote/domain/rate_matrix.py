"""Domain: the rates of many plans side by side, so that a household is priced for all of them in one sum.

A row for each age and tobacco answer and for each family tier, a column for each plan, whole cents in 64-bit integers:
adding the rows of the charged members and of the household's tier gives every plan's premium exactly, since a plan has
zeros where it files the other kind of rate. ``domain.rating`` says line by line why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.household import Household
from services.quote.domain.plan import CHILD_AGE_LIMIT, Plan
from services.quote.domain.rates import LAST_RATED_AGE, FamilyTier, RateTable
from services.quote.domain.rating import find_free_children, lawful_tobacco_age

Cents = NDArray[np.int64]

AGES = LAST_RATED_AGE + 1
# Rows: ages without tobacco, ages with tobacco, one of zeros that stands for nobody, family tiers.
NOBODY = 2 * AGES
FIRST_TIER = NOBODY + 1
ROWS = FIRST_TIER + len(FamilyTier)
# So low that the dearest 20 people cannot lift a sum above zero: a premium below zero is one that was not filed.
NOT_FILED = -(1 << 40)


@dataclass(frozen=True, slots=True, eq=False)
class RatedHousehold:
    """What a household's premiums depend on, whatever the plan: the row of each member. ``young``: people under 21."""

    household: Household
    ages: list[int]
    rows: list[int]
    young: int

    @classmethod
    def from_household(cls, household: Household, effective_date: date) -> RatedHousehold:
        day, members = _number(effective_date), household.members
        ages = [(day - _number(member.date_of_birth)) // 10_000 for member in members]
        rows = [min(age, LAST_RATED_AGE) for age in ages]
        lawful = lawful_tobacco_age(effective_date.year)
        for index, member in enumerate(members):
            if member.tobacco_use and ages[index] >= lawful:
                rows[index] += AGES
        return cls(household, ages, rows, len([age for age in ages if age < CHILD_AGE_LIMIT]))

    def charged(self, cap: int | None) -> list[int]:
        """The rows of those whom a plan by age charges."""
        if cap is None or self.young <= cap:  # nobody is one too many
            return self.rows
        free = find_free_children(self.household.members, self.ages, cap)
        return [row for index, row in enumerate(self.rows) if index not in free]

    @property
    def tier(self) -> int:
        """The row that a plan with family rates charges."""
        return find_tier_row(self.household)


def find_tier_row(household: Household) -> int:
    return FIRST_TIER + FamilyTier.from_household(household)


def _number(day: date) -> int:
    """20260401: the difference of two, without its last four digits, is the completed years between them."""
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True, eq=False)
class RateBlock:
    """Neighbors in a rate matrix that charge the same number of children: a part of its columns."""

    cap: int | None
    cents: Cents

    def totals(self, rows: Sequence[int]) -> Cents:
        """Cents a month for each plan; ``rows`` are those of one household."""
        totals: Cents = np.add.reduce(self.cents.take(rows, axis=0), axis=0)
        return totals

    def totals_of_many(self, rows: Cents) -> Cents:
        """The same for many households: a line of rows for each, filled up with ``NOBODY``."""
        totals = self.cents.take(rows[:, 0], axis=0)
        for member in range(1, rows.shape[1]):
            totals += self.cents.take(rows[:, member], axis=0)
        return totals


@dataclass(frozen=True, slots=True, eq=False)
class RateMatrix:
    """The plans that one kind of household can buy at one place, block by block: all medical plans are in one, dental
    plans in a few. ``whole`` has the columns of all blocks and their smallest cap.

    ``by_family``: some plans have family rates, so that a household's tier counts.
    """

    plans: tuple[Plan, ...]
    plan_ids: tuple[str, ...]
    whole: RateBlock
    blocks: tuple[RateBlock, ...]
    by_family: bool

    @classmethod
    def from_plans(cls, plans: Sequence[Plan], rates: Mapping[str, RateTable]) -> RateMatrix:
        """``rates`` by component id; a plan without any is not filed at every age."""
        ordered = sorted(plans, key=_cap_order)
        whole = RateBlock(ordered[0].charged_children_cap if ordered else None, _columns(ordered, rates))
        by_family = any(table.family for plan in plans if (table := rates.get(plan.component_id)))
        plan_ids = tuple(plan.plan_id for plan in ordered)
        return cls(tuple(ordered), plan_ids, whole, tuple(_rate_blocks(ordered, whole)), by_family)

    def totals(self, household: Household, effective_date: date) -> Cents:
        """Cents a month for each plan, below zero where not filed."""
        rated_household = RatedHousehold.from_household(household, effective_date)
        tier = [rated_household.tier] if self.by_family else []
        if len(self.blocks) <= 1 or rated_household.young <= (self.whole.cap or 0):  # all plans charge the same people
            return self.whole.totals(rated_household.charged(self.whole.cap) + tier)
        return np.concatenate([block.totals(rated_household.charged(block.cap) + tier) for block in self.blocks])

    def totals_of_many(self, rows_by_cap: Callable[[int | None], Cents]) -> Cents:
        """A line for each household; ``rows_by_cap`` gives their rows."""
        if len(self.blocks) <= 1:
            return self.whole.totals_of_many(rows_by_cap(self.whole.cap))
        return np.concatenate([block.totals_of_many(rows_by_cap(block.cap)) for block in self.blocks], axis=1)


def _rate_blocks(ordered: Sequence[Plan], whole: RateBlock) -> Iterator[RateBlock]:
    first = 0
    for _, group in groupby(ordered, key=_cap_order):
        plans = list(group)
        yield RateBlock(plans[0].charged_children_cap, np.ascontiguousarray(whole.cents[:, first : first + len(plans)]))
        first += len(plans)


def _cap_order(plan: Plan) -> tuple[bool, int]:
    """Plans without a cap last."""
    cap = plan.charged_children_cap
    return cap is None, cap or 0


def _columns(plans: Sequence[Plan], rates: Mapping[str, RateTable]) -> Cents:
    cents = np.full((ROWS, len(plans)), NOT_FILED, dtype=np.int64)
    cents[NOBODY:] = 0
    for column, plan in enumerate(plans):
        if table := rates.get(plan.component_id):
            cents[:, column] = _column(table)
    return cents


def _column(table: RateTable) -> list[int]:
    if family := table.family:
        return [0] * FIRST_TIER + [family.cents.get(tier, NOT_FILED) for tier in FamilyTier]
    plain = [NOT_FILED if rate is None else rate.cents for rate in table.by_age]
    tobacco = [NOT_FILED if rate is None or rate.tobacco_cents is None else rate.tobacco_cents for rate in table.by_age]
    return plain + tobacco + [0] * (ROWS - NOBODY)

"""Domain: the rates of many plans side by side, so that a household is priced for all of them in one sum.

A row for each age and tobacco answer and for each family tier, a column for each plan, whole cents in 64-bit integers:
adding the rows of the charged members and of the household's tier gives every plan's premium exactly, since a plan has
zeros where it files the other kind of rate. ``domain.rating`` says line by line why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.household import Household
from services.quote.domain.plan import Plan
from services.quote.domain.rates import LAST_RATED_AGE, FamilyTier, RateTable
from services.quote.domain.rating import free_children, lawful_tobacco_age

Cents = NDArray[np.int64]

AGES = LAST_RATED_AGE + 1
# Rows: ages without tobacco, ages with tobacco, one of zeros that stands for nobody, family tiers.
NOBODY = 2 * AGES
FIRST_TIER = NOBODY + 1
ROWS = FIRST_TIER + len(FamilyTier)
# So low that the dearest 20 people cannot lift a sum above zero: a premium below zero is one that was not filed.
NOT_FILED = -(1 << 40)


def charged_rows(household: Household, effective_date: date, charged_children: int | None) -> list[int]:
    """The row of each member who is charged: what a premium by ages depends on, for all plans with one cap."""
    members = household.members
    day = _number(effective_date)
    ages = [(day - _number(member.date_of_birth)) // 10_000 for member in members]
    rows = [min(age, LAST_RATED_AGE) for age in ages]
    lawful = lawful_tobacco_age(effective_date.year)
    for index, member in enumerate(members):
        if member.tobacco_use and ages[index] >= lawful:
            rows[index] += AGES
    if charged_children is not None and len(members) > charged_children:  # with fewer there is nobody to leave out
        free = free_children(members, ages, charged_children)
        return [row for index, row in enumerate(rows) if index not in free]
    return rows


def tier_row(household: Household) -> int:
    """What a premium by family rates depends on."""
    return FIRST_TIER + FamilyTier.of(household)


def _number(day: date) -> int:
    """20260401: the difference of two, without its last four digits, is the completed years between them."""
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Plans that charge the same number of children: all medical plans are in one, dental plans in a few."""

    cap: int | None
    cents: Cents

    def totals(self, rows: Sequence[int]) -> Cents:
        """Cents a month for each plan; ``rows`` are those of one household."""
        totals: Cents = np.add.reduce(self.cents.take(rows, axis=0), axis=0)
        return totals

    def totals_of_many(self, parties: Cents) -> Cents:
        """The same for many households: a line of rows for each, filled up with ``NOBODY``."""
        totals = self.cents.take(parties[:, 0], axis=0)
        for member in range(1, parties.shape[1]):
            totals += self.cents.take(parties[:, member], axis=0)
        return totals


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """The plans that one kind of household can buy at one place, block by block; ``plans`` are in the blocks' order.

    ``by_family``: some of them have family rates, so that a household's tier counts.
    """

    plans: tuple[Plan, ...]
    plan_ids: tuple[str, ...]
    blocks: tuple[Block, ...]
    by_family: bool

    @classmethod
    def of(cls, plans: Sequence[Plan], rates: Mapping[str, RateTable]) -> Tariff:
        """``rates`` by component id; a plan without any is not filed at every age."""
        ordered = sorted(plans, key=_cap_order)
        blocks = tuple(_block(list(group), rates) for _, group in groupby(ordered, key=_cap_order))
        by_family = any(table.family for plan in plans if (table := rates.get(plan.component_id)))
        return cls(tuple(ordered), tuple(plan.plan_id for plan in ordered), blocks, by_family)

    def totals(self, household: Household, effective_date: date) -> Cents:
        """Cents a month for each plan, below zero where not filed."""
        tier = [tier_row(household)] if self.by_family else []
        sums = [block.totals(charged_rows(household, effective_date, block.cap) + tier) for block in self.blocks]
        return sums[0] if len(sums) == 1 else _joined(sums, axis=0)

    def totals_of_many(self, parties: Callable[[int | None], Cents]) -> Cents:
        """A line for each household; ``parties`` gives their rows by cap."""
        sums = [block.totals_of_many(parties(block.cap)) for block in self.blocks]
        return sums[0] if len(sums) == 1 else _joined(sums or [np.empty((len(parties(None)), 0), np.int64)], axis=1)


def _joined(sums: Sequence[Cents], axis: int) -> Cents:
    return np.concatenate(sums or [np.empty(0, np.int64)], axis=axis)


def _cap_order(plan: Plan) -> tuple[bool, int]:
    """Plans without a cap last."""
    cap = plan.charged_children_cap
    return cap is None, cap or 0


def _block(plans: Sequence[Plan], rates: Mapping[str, RateTable]) -> Block:
    cents = np.full((ROWS, len(plans)), NOT_FILED, dtype=np.int64)
    cents[NOBODY:] = 0
    for column, plan in enumerate(plans):
        if table := rates.get(plan.component_id):
            cents[:, column] = _column(table)
    return Block(plans[0].charged_children_cap, cents)


def _column(table: RateTable) -> list[int]:
    if family := table.family:
        return [0] * FIRST_TIER + [family.cents.get(tier, NOT_FILED) for tier in FamilyTier]
    plain = [NOT_FILED if rate is None else rate.cents for rate in table.by_age]
    tobacco = [NOT_FILED if rate is None or rate.tobacco_cents is None else rate.tobacco_cents for rate in table.by_age]
    return plain + tobacco + [0] * (ROWS - NOBODY)

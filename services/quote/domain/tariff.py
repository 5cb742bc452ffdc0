"""Domain: the rates of many plans side by side, so that a household is priced for all of them in one sum.

A row for each age and tobacco answer, a column for each plan, whole cents in 64-bit integers: adding the rows of the
charged members gives every plan's premium exactly. ``domain.rating`` says line by line why.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.household import Household
from services.quote.domain.plan import Plan
from services.quote.domain.rating import LAST_RATED_AGE, RateTable, free_children, lawful_tobacco_age

Cents = NDArray[np.int64]

AGES = LAST_RATED_AGE + 1
# Rows: ages without tobacco, ages with tobacco, and one of zeros that stands for nobody.
NOBODY = 2 * AGES
# So low that the dearest 20 people cannot lift a sum above zero: a premium below zero is one that was not filed.
NOT_FILED = -(1 << 40)


def charged_rows(household: Household, effective_date: date, charged_children: int) -> list[int]:
    """The row of each member who is charged: what a household's premium depends on, whatever the plan."""
    members = household.members
    day = _number(effective_date)
    ages = [(day - _number(member.date_of_birth)) // 10_000 for member in members]
    rows = [min(age, LAST_RATED_AGE) for age in ages]
    lawful = lawful_tobacco_age(effective_date.year)
    for index, member in enumerate(members):
        if member.tobacco_use and ages[index] >= lawful:
            rows[index] += AGES
    if len(members) > charged_children:  # with fewer people there is nobody to leave out
        free = free_children(members, ages, charged_children)
        return [row for index, row in enumerate(rows) if index not in free]
    return rows


def _number(day: date) -> int:
    """20260401: the difference of two, without its last four digits, is the completed years between them."""
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """The plans that one kind of household can buy at one place. ``cents`` has a column for each plan, in order."""

    plans: tuple[Plan, ...]
    plan_ids: tuple[str, ...]
    cents: Cents

    @classmethod
    def of(cls, plans: Sequence[Plan], rates: Mapping[str, RateTable]) -> Tariff:
        """``rates`` by component id; a plan without any is not filed at every age."""
        cents = np.full((NOBODY + 1, len(plans)), NOT_FILED, dtype=np.int64)
        cents[NOBODY] = 0
        for column, plan in enumerate(plans):
            if table := rates.get(plan.component_id):
                cents[:NOBODY, column] = _column(table)
        return cls(tuple(plans), tuple(plan.plan_id for plan in plans), cents)

    def totals(self, rows: Sequence[int]) -> Cents:
        """Cents a month for each plan, below zero where not filed; ``rows`` are those of the charged members."""
        totals: Cents = np.add.reduce(self.cents.take(rows, axis=0), axis=0)
        return totals

    def totals_of_many(self, parties: Cents) -> Cents:
        """The same for many households: a line of rows for each, filled up with ``NOBODY``."""
        totals = self.cents.take(parties[:, 0], axis=0)
        for member in range(1, parties.shape[1]):
            totals += self.cents.take(parties[:, member], axis=0)
        return totals


def _column(table: RateTable) -> list[int]:
    plain = [NOT_FILED if rate is None else rate.cents for rate in table.by_age]
    tobacco = [NOT_FILED if rate is None or rate.tobacco_cents is None else rate.tobacco_cents for rate in table.by_age]
    return plain + tobacco


# 133 rows of 8 bytes each, so about 100 MB in all: 1,600 counties of 60 plans, or 16 of 6,000.
MAX_COLUMNS = 100_000


@dataclass(slots=True)
class TariffCache:
    """The tariffs used last. It belongs to one state of the catalogue and goes with it when something is imported."""

    max_columns: int = MAX_COLUMNS
    _held: OrderedDict[object, Tariff] = field(default_factory=OrderedDict)
    _columns: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: object, make: Callable[[], Tariff]) -> Tariff:
        """``make`` runs outside the lock: two threads may do the same work once, none waits for the database."""
        with self._lock:
            if found := self._held.get(key):
                self._held.move_to_end(key)
                return found
        return self._put(key, make())

    def _put(self, key: object, made: Tariff) -> Tariff:
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._columns += len(made.plans)
            while self._columns > self.max_columns and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._columns -= len(dropped.plans)
        return made

"""Domain: many households against every plan that each can buy; no lines, only premiums.

The same rules as for one household (``rating``, ``rate_matrix``), worked out for a whole batch at a time in numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import CATASTROPHIC_AGE_LIMIT, CHILD_AGE_LIMIT, AgeEligibility, Coverage, Exchange
from services.quote.domain.rate_matrix import AGES, NOBODY, RateMatrix, find_tier_row
from services.quote.domain.rates import LAST_RATED_AGE
from services.quote.domain.rating import find_free_children, lawful_tobacco_age
from services.quote.domain.rating_context import RatingContext

Numbers = NDArray[np.int64]

# Python counts days from the year 1, numpy from 1970.
_BEFORE_1970 = np.timedelta64(date(1970, 1, 1).toordinal(), "D")


@dataclass(frozen=True, slots=True, eq=False)
class Premiums:
    """What one household pays a month for each plan of ``plan_ids``, in order; below zero where not filed."""

    plan_ids: tuple[str, ...]
    cents: Numbers

    def filed(self) -> tuple[list[str], list[int]]:
        """The ids of the plans that have a premium, and beside them the premiums in cents."""
        cents = self.cents.tolist()
        if min(cents, default=0) >= 0:
            return list(self.plan_ids), cents
        pairs = [pair for pair in zip(self.plan_ids, cents, strict=True) if pair[1] >= 0]
        return [plan_id for plan_id, _ in pairs], [one for _, one in pairs]

    def not_filed(self) -> list[str]:
        return [self.plan_ids[column] for column in np.flatnonzero(self.cents < 0).tolist()]


def rate_batch(
    contexts: Sequence[RatingContext], coverage: Coverage, exchange: Exchange | None, catalogue: Catalogue
) -> list[Premiums]:
    """The premiums of each household, in the order of ``contexts``."""
    if not contexts:
        return []
    members = _BatchMembers.from_contexts(contexts)
    charged_rows = cache(partial(members.charged_rows, contexts))
    found: dict[int, Premiums] = {}
    for matrix, indexes in _group_by_plans(contexts, members.eligibilities(), coverage, exchange, catalogue):
        rows_by_cap = _rows_by_cap(charged_rows, [contexts[index] for index in indexes], indexes, matrix)
        for index, cents in zip(indexes, matrix.totals_of_many(rows_by_cap), strict=True):
            found[index] = Premiums(matrix.plan_ids, cents)
    return [found[index] for index in range(len(contexts))]


def _rows_by_cap(
    charged_rows: Callable[[int | None], Numbers], some: Sequence[RatingContext], indexes: list[int], matrix: RateMatrix
) -> Callable[[int | None], Numbers]:
    """The rows of some of the batch by cap, with the family's tier where a plan asks for it."""
    if not matrix.by_family:
        return lambda cap: charged_rows(cap)[indexes]
    tiers = np.array([[find_tier_row(one.household)] for one in some])
    return lambda cap: np.hstack([charged_rows(cap)[indexes], tiers])


def _group_by_plans(
    contexts: Sequence[RatingContext],
    eligibilities: Sequence[AgeEligibility],
    coverage: Coverage,
    exchange: Exchange | None,
    catalogue: Catalogue,
) -> Iterator[tuple[RateMatrix, list[int]]]:
    """Households that can buy the same plans, by their indexes in the batch."""
    groups: dict[tuple[str, str, int, AgeEligibility], list[int]] = {}
    for index, (one, eligibility) in enumerate(zip(contexts, eligibilities, strict=True)):
        key = (one.location.county.fips, one.location.zip, one.effective_date.year, eligibility)
        groups.setdefault(key, []).append(index)
    for (_, _, year, eligibility), indexes in groups.items():
        yield catalogue.rate_matrix(contexts[indexes[0]].location, year, coverage, eligibility, exchange), indexes


@dataclass(frozen=True, slots=True)
class _BatchMembers:
    """Everybody of a batch in one row: household after household."""

    # Of each household: where its members begin, how many they are, its effective date as year, month and day.
    starts: Numbers
    sizes: Numbers
    days: Numbers
    # Of each person.
    born: Numbers
    ages: Numbers
    tobacco: NDArray[np.bool_]

    @classmethod
    def from_contexts(cls, contexts: Sequence[RatingContext]) -> _BatchMembers:
        everybody = [member for one in contexts for member in one.household.members]
        sizes = np.array([len(one.household.members) for one in contexts])
        days = _numbers([one.effective_date for one in contexts])
        born = _numbers([member.date_of_birth for member in everybody])
        ages = (np.repeat(days, sizes) - born) // 10_000
        tobacco = np.array([member.tobacco_use for member in everybody])
        return cls(np.cumsum(sizes) - sizes, sizes, days, born, ages, tobacco)

    def eligibilities(self) -> list[AgeEligibility]:
        """As ``AgeEligibility.from_household`` says for one household."""
        eldest = np.minimum.reduceat(self.born, self.starts)
        first_of_year = self.days // 10_000 * 10_000 + 101
        under_30 = (first_of_year - eldest) // 10_000 < CATASTROPHIC_AGE_LIMIT
        children_only = (self.days - eldest) // 10_000 < CHILD_AGE_LIMIT
        return list(map(AgeEligibility, under_30.tolist(), children_only.tolist()))

    def charged_rows(self, contexts: Sequence[RatingContext], charged_children: int | None) -> Numbers:
        """As ``RatedHousehold.charged`` says for one household; filled up with ``NOBODY`` to the largest of them."""
        lawful = np.array([lawful_tobacco_age(one.effective_date.year) for one in contexts])
        rated = self.tobacco & (self.ages >= np.repeat(lawful, self.sizes))
        rows = np.minimum(self.ages, LAST_RATED_AGE) + AGES * rated
        for index in self._free(contexts, charged_children):
            rows[index] = NOBODY
        table = np.full((len(contexts), self.sizes.max()), NOBODY)
        table[np.arange(table.shape[1]) < self.sizes[:, None]] = rows
        return table

    def _free(self, contexts: Sequence[RatingContext], charged_children: int | None) -> Iterator[int]:
        """The indexes of the children who are not charged."""
        if charged_children is None:
            return
        young = np.add.reduceat((self.ages < CHILD_AGE_LIMIT).astype(np.int64), self.starts)
        for index in np.flatnonzero(young > charged_children).tolist():
            start, size = self.starts[index], self.sizes[index]
            ages = self.ages[start : start + size].tolist()
            for free in find_free_children(contexts[index].household.members, ages, charged_children):
                yield start + free


def _numbers(days: Sequence[date]) -> Numbers:
    """20260401 for a date, as in ``rate_matrix``."""
    exact = np.fromiter(map(date.toordinal, days), np.int64, len(days)).view("datetime64[D]") - _BEFORE_1970
    months = exact.astype("datetime64[M]")
    years = exact.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (exact - months).astype(np.int64) + 1
    numbers: Numbers = years * 10_000 + month * 100 + day
    return numbers

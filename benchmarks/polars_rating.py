"""The premiums of a census in polars, to take the rating core beside them.

The same rules as in ``reference_rating``, which shares no line with this; a test holds the two equal to the cent. Rates
are a wide frame, a row for each age and tobacco answer and a column for each plan, so that a member is joined once and
not once for each plan. As in the core, a premium below zero was not filed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from services.quote.domain.household import Household, Relationship
from services.quote.domain.plan import Plan
from services.quote.domain.rates import LAST_RATED_AGE, FamilyTier, RateTable

# So low that no sum with it comes above zero.
NOT_FILED = -(1 << 40)
_RELATIONSHIPS = pl.Enum([one.value for one in Relationship])
_IS_SPOUSE = pl.col("relationship") == Relationship.SPOUSE.value
_IS_SELF = pl.col("relationship") == Relationship.SELF.value
_IS_CHILD = pl.col("relationship") == Relationship.CHILD.value
_IS_DEPENDENT = _IS_CHILD | (pl.col("relationship") == Relationship.OTHER_DEPENDENT.value)
_UNDER_21 = pl.col("age") < 21
# Dates are numbers like 20260401: the difference of two, without four digits, is the completed years between them.
_YEAR = 10_000
_RATE_KEY = ("rated_age", "smokes")


@dataclass(frozen=True)
class PolarsRates:
    """Of plans that charge the same number of children: cents by age and tobacco, or by tier of the family."""

    cap: int | None
    plan_ids: tuple[str, ...]
    by_age: pl.DataFrame
    by_tier: pl.DataFrame

    @classmethod
    def of(cls, plans: Sequence[Plan], tables: Mapping[str, RateTable]) -> list[PolarsRates]:
        by_cap: dict[int | None, list[Plan]] = {}
        for plan in plans:
            by_cap.setdefault(plan.charged_children_cap, []).append(plan)
        return [
            cls._of_cap(cap, {one.plan_id: tables[one.component_id] for one in some}) for cap, some in by_cap.items()
        ]

    @classmethod
    def _of_cap(cls, cap: int | None, tables: Mapping[str, RateTable]) -> PolarsRates:
        ages = range(LAST_RATED_AGE + 1)
        by_age: dict[str, pl.Series] = {
            "rated_age": pl.Series([*ages, *ages], dtype=pl.Int32),
            "smokes": pl.Series([False] * len(ages) + [True] * len(ages)),
            **{plan_id: pl.Series(_cents_by_age(table)) for plan_id, table in tables.items() if not table.family},
        }
        by_tier: dict[str, pl.Series] = {
            "tier": pl.Series(list(map(int, FamilyTier)), dtype=pl.Int32),
            **{
                plan_id: pl.Series([table.family.cents.get(tier, NOT_FILED) for tier in FamilyTier])
                for plan_id, table in tables.items()
                if table.family
            },
        }
        return cls(cap, tuple(tables), pl.DataFrame(by_age), pl.DataFrame(by_tier))


def _cents_by_age(table: RateTable) -> list[int]:
    plain = [NOT_FILED if rate is None else rate.cents for rate in table.by_age]
    tobacco = [NOT_FILED if rate is None or rate.tobacco_cents is None else rate.tobacco_cents for rate in table.by_age]
    return plain + tobacco


def member_frame(households: Sequence[Household]) -> pl.DataFrame:
    """A row for each person, household after household."""
    everybody = [member for household in households for member in household.members]
    sizes = pl.Series([len(household.members) for household in households], dtype=pl.UInt32)
    numbers = pl.int_range(len(households), dtype=pl.UInt32, eager=True)
    return pl.DataFrame(
        {
            "household": numbers.repeat_by(sizes).explode(),
            "relationship": pl.Series([member.relationship.value for member in everybody], dtype=_RELATIONSHIPS),
            "born": pl.Series([member.date_of_birth for member in everybody], dtype=pl.Date),
            "tobacco": pl.Series([member.tobacco_use for member in everybody], dtype=pl.Boolean),
        }
    )


def rate_census(members: pl.DataFrame, effective_date: date, rates: Sequence[PolarsRates]) -> pl.DataFrame:
    """A row for each household, a column of cents a month for each plan."""
    aged = _with_ages(members.lazy(), effective_date).collect().lazy()
    parts = [one.collect() for rated in rates for one in _premiums(aged, rated)]
    return pl.concat(parts, how="horizontal")


def _with_ages(members: pl.LazyFrame, effective_date: date) -> pl.LazyFrame:
    born, day = pl.col("born"), effective_date
    number = born.dt.year() * _YEAR + born.dt.month().cast(pl.Int32) * 100 + born.dt.day()
    lawful = 21 if day.year >= 2020 else 18
    return (
        members.with_columns(number=number)
        .with_columns(age=(day.year * _YEAR + day.month * 100 + day.day - pl.col("number")) // _YEAR)
        .with_columns(
            rated_age=pl.col("age").clip(upper_bound=LAST_RATED_AGE),
            smokes=pl.col("tobacco") & (pl.col("age") >= lawful),
        )
    )


def _premiums(aged: pl.LazyFrame, rates: PolarsRates) -> list[pl.LazyFrame]:
    """One frame for the plans by age and one for those by family, as far as there are any."""
    found = []
    if columns := rates.by_age.columns[2:]:
        charged = aged if rates.cap is None else _without_free_children(aged, rates.cap)
        joined = charged.select("household", *_RATE_KEY).join(rates.by_age.lazy(), on=_RATE_KEY, how="left")
        found.append(joined.group_by("household").agg(pl.col(columns).sum()).sort("household").drop("household"))
    if rates.by_tier.width > 1:
        tiers = aged.group_by("household").agg(couple=_IS_SPOUSE.any(), size=pl.len().cast(pl.Int32))
        dependents = (pl.col("size") - 1 - pl.col("couple").cast(pl.Int32)).clip(upper_bound=3)
        tier = (pl.col("couple").cast(pl.Int32) * FamilyTier.COUPLE + dependents).alias("tier")
        joined = tiers.select("household", tier).join(rates.by_tier.lazy(), on="tier", how="left")
        found.append(joined.sort("household").drop("household", "tier"))
    return found


def _without_free_children(aged: pl.LazyFrame, cap: int) -> pl.LazyFrame:
    """Without those under 21 beyond the ``cap`` oldest; on a policy of siblings the subscriber is a child."""
    policies = aged.group_by("household").agg(
        adults=(_IS_SPOUSE | ~_UNDER_21).any(),
        primary=pl.col("number").filter(_IS_SELF).first(),
        eldest=pl.col("number").filter(_IS_CHILD).min(),
    )
    is_parent = (pl.col("primary") + 13 * _YEAR <= pl.col("eldest")).fill_null(False)
    siblings = policies.select("household", siblings=~pl.col("adults") & ~is_parent)
    is_young = _UNDER_21 & (_IS_DEPENDENT | (_IS_SELF & pl.col("siblings")))
    place = pl.when(is_young).then(pl.col("number")).rank("ordinal").over("household")
    ranked = aged.join(siblings, on="household", how="left").with_columns(place=place)
    return ranked.filter(pl.col("place").is_null() | (pl.col("place") <= cap))

"""The rating core beside a plain Decimal loop and beside polars: ``python -m benchmarks.rating``."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmarks import targets
from benchmarks.measurement import Measured, measure_seconds, print_targets
from benchmarks.polars_rating import PolarsRates, member_frame, rate_census
from benchmarks.rating_time import CLOCK, CROWD, DAY, PLANS, RatingTime, batches, make_catalogues, make_crowd
from benchmarks.reference_rating import ReferenceRates, premiums
from benchmarks.sample_catalogues import (
    COOK,
    SampleCatalogues,
    family_of_four,
    family_table,
    make_plan,
    rate_table,
    rating_request,
)
from services.quote.domain.plan import Coverage
from services.quote.domain.rate_matrix import RateMatrix
from services.quote.domain.rating_context import RatingContext
from services.quote.usecases.price_census import CensusEntry, PriceCensus
from services.quote.usecases.search_plans import PlanQuery, SearchPlans

# The loop takes about 0.5 ms for a household: a tenth of the crowd says enough.
LOOP_SHARE = 10
MEDICAL = Coverage.MEDICAL


def main() -> Measured:
    catalogues = make_catalogues()
    catalogue = catalogues.current()
    plans = [offering.plan for offering in catalogue.offerings]
    rates = catalogue.load_rates(DAY.year, COOK.state, 1)
    references = [ReferenceRates.of(rates[plan.component_id]) for plan in plans]
    crowd = make_crowd(catalogue)
    core = RatingTime.measure(catalogue, crowd)
    found = {
        targets.RATING_CORE: household(core.household, references),
        targets.CENSUS: census(core.census, catalogues, crowd, references),
        targets.CENSUS_BESIDE_POLARS: beside_polars(core.census, crowd, PolarsRates.of(plans, rates)),
    }
    mixed_plans()
    searches()
    return found


def household(core: float, references: list[ReferenceRates]) -> float:
    family = family_of_four()
    loop = measure_seconds(lambda: premiums(family, DAY, references), number=20)
    print(
        f"Rating core, a household of four, {PLANS} plans: {loop * 1e6:,.0f} us by the Decimal loop, "
        f"{core * 1e6:,.1f} us by the core: {loop / core:.0f} times faster"
    )
    return loop / core


def census(
    core: float, catalogues: SampleCatalogues, crowd: Sequence[RatingContext], references: list[ReferenceRates]
) -> float:
    some = [one.household for one in crowd[::LOOP_SHARE]]
    loop = measure_seconds(lambda: [premiums(one, DAY, references) for one in some], repeat=2) * LOOP_SHARE
    price = PriceCensus(catalogues, CLOCK)
    entries = [
        [CensusEntry(line, str(line), rating_request(one.household, DAY)) for line, one in enumerate(batch)]
        for batch in batches(crowd)
    ]
    whole = measure_seconds(lambda: sum(len(answers) for answers in price((one, (MEDICAL,), None) for one in entries)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"Census, {CROWD:,} households, {PLANS} plans: {loop:.2f} s by the Decimal loop, {core:.3f} s by the core: "
        f"{loop / core:.0f} times faster"
    )
    print(
        f"  with every household checked and placed first: {whole:.3f} s, {loop / whole:.0f} times faster; "
        f"peak memory {peak} MB, made-up households included"
    )
    return loop / core


def beside_polars(core: float, crowd: Sequence[RatingContext], rates: Sequence[PolarsRates]) -> float:
    """From the same households to the same premiums; all threads of polars count."""
    households = [one.household for one in crowd]
    frame = member_frame(households)
    reading = measure_seconds(lambda: member_frame(households))
    rating = measure_seconds(lambda: rate_census(frame, DAY, rates))
    print(
        f"  by polars {reading + rating:.3f} s, {reading:.3f} of it for the frame of the households: the core is "
        f"{(reading + rating) / core:.1f} times as fast, {rating / core:.1f} times as fast without that"
    )
    return (reading + rating) / core


def mixed_plans() -> None:
    """As dental plans may be: three caps on children, every sixth plan with family rates."""
    random = Random(4)
    plans = [replace(make_plan(n), charged_children_cap=(3, 2, None)[n % 3]) for n in range(PLANS)]
    rates = {one.component_id: (rate_table if n % 6 else family_table)(random) for n, one in enumerate(plans)}
    rate_matrix, family = RateMatrix.from_plans(plans, rates), family_of_four()
    references = [ReferenceRates.of(rates[one.component_id], one.charged_children_cap) for one in plans]
    loop = measure_seconds(lambda: premiums(family, DAY, references), number=20)
    core = measure_seconds(lambda: rate_matrix.totals(family, DAY), number=1_000)
    print(
        f"Plans with three caps on children, some with family rates: {loop * 1e6:,.0f} us and {core * 1e6:,.1f} us: "
        f"{loop / core:.0f} times faster"
    )


def searches() -> None:
    """Cost per search against the plans sold in the county; as many again are sold in another."""
    print("Cost per search (use case, a page of 50 plans, filters and counts over all):")
    base = 0.0
    for plans in (60, 600, 6_000):
        catalogues = SampleCatalogues.of(plans, Random(2), elsewhere=plans)
        search = SearchPlans(catalogues, CLOCK)
        asked = rating_request(family_of_four(), DAY)
        search(asked, PlanQuery(MEDICAL))  # the first search of a county puts its rates side by side
        cost = measure_seconds(lambda search=search, asked=asked: search(asked, PlanQuery(MEDICAL)))  # type: ignore[misc]  # mypy cannot infer bound defaults
        base = base or cost / plans
        print(f"  {plans:>5,} plans: {cost * 1e3:8.2f} ms, per plan {cost / plans / base:.2f} of that at 60 plans")


if __name__ == "__main__":
    found = main()
    print_targets(found, found)

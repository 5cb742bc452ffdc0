"""``make bench``: the figures of docs/reference/performance.md, as ratios taken in one run on this machine."""

from __future__ import annotations

import platform
import resource
import sys
from dataclasses import replace
from datetime import date
from itertools import islice
from random import Random

from benchmarks import converting, documents, enrollment, enrollment_files
from benchmarks.http import plan_searches
from benchmarks.measurement import measure_seconds
from benchmarks.reference_rating import ReferenceRates, premiums
from benchmarks.sample_catalogues import (
    COOK,
    SampleCatalogues,
    family_of_four,
    family_table,
    make_households,
    make_plan,
    rate_table,
    rating_request,
)
from benchmarks.submissions import submissions
from chassis.kernel import FixedClock, InvalidInput
from chassis.settings import load_markets
from services.quote.domain.batch_rating import rate_batch
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.household import Household
from services.quote.domain.plan import AgeEligibility, Coverage
from services.quote.domain.rate_matrix import RateMatrix
from services.quote.domain.rating_context import RatingContext
from services.quote.usecases.price_census import MAX_BATCH, CensusEntry, PriceCensus
from services.quote.usecases.search_plans import PlanQuery, SearchPlans

DAY = date(2026, 6, 1)
load_markets()
CLOCK = FixedClock.at("2026-05-20")
PLANS = 60
CROWD = 10_000
# The loop takes about 0.5 ms for a household: a tenth of the crowd says enough.
LOOP_SHARE = 10
MEDICAL = Coverage.MEDICAL


def main() -> None:
    print(f"{platform.platform()}, Python {platform.python_version()}\n")
    catalogues = SampleCatalogues.of(PLANS, Random(1))
    references = _references(catalogues.current())
    rating_core(catalogues.current(), references)
    mixed_plans()
    census(catalogues, references)
    searches()
    converting.main()
    enrollment_files.main()
    documents.main()
    if "--no-enrollment" not in sys.argv:
        enrollment.main()
    if "--no-http" not in sys.argv:
        plan_searches()
        submissions()


def rating_core(catalogue: Catalogue, references: list[ReferenceRates]) -> None:
    context = RatingContext.from_request(rating_request(family_of_four(), DAY), catalogue, CLOCK.now())
    family = context.household
    rate_matrix = _rate_matrix(context, catalogue)
    loop = measure_seconds(lambda: premiums(family, DAY, references), number=20)
    core = measure_seconds(lambda: rate_matrix.totals(family, DAY), number=1_000)
    print(
        f"Rating core, a household of four, {PLANS} plans: {loop * 1e6:,.0f} us by the Decimal loop, "
        f"{core * 1e6:,.1f} us by the core: {loop / core:.0f} times faster (at least 20)"
    )


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
        f"  the same with three caps on children and family rates: {loop * 1e6:,.0f} us and {core * 1e6:,.1f} us: "
        f"{loop / core:.0f} times faster"
    )


def census(catalogues: SampleCatalogues, references: list[ReferenceRates]) -> None:
    price, catalogue = PriceCensus(catalogues, CLOCK), catalogues.current()
    contexts = _good(catalogues, list(islice(make_households(Random(3), DAY), CROWD * 2)))
    entries = [CensusEntry(line, str(line), rating_request(one.household, DAY)) for line, one in enumerate(contexts)]
    some = [one.household for one in contexts[::LOOP_SHARE]]
    loop = measure_seconds(lambda: [premiums(one, DAY, references) for one in some], repeat=2) * LOOP_SHARE
    starts = range(0, CROWD, MAX_BATCH)
    batches = [contexts[start : start + MAX_BATCH] for start in starts]
    core = measure_seconds(lambda: [len(rate_batch(batch, MEDICAL, None, catalogue)) for batch in batches])
    whole = measure_seconds(
        lambda: sum(len(a) for a in price((entries[s : s + MAX_BATCH], (MEDICAL,), None) for s in starts))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"Census, {CROWD:,} households, {PLANS} plans: {loop:.2f} s by the Decimal loop, {core:.3f} s by the core: "
        f"{loop / core:.0f} times faster (at least 50)"
    )
    print(
        f"  with every household checked and placed first: {whole:.3f} s, {loop / whole:.0f} times faster; "
        f"peak memory {peak} MB, made-up households included"
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


def _references(catalogue: Catalogue) -> list[ReferenceRates]:
    rates = catalogue.load_rates(2026, COOK.state, 1)
    return [ReferenceRates.of(rates[offering.plan.component_id]) for offering in catalogue.offerings]


def _rate_matrix(context: RatingContext, catalogue: Catalogue) -> RateMatrix:
    eligibility = AgeEligibility.from_household(context.household, DAY)
    return catalogue.rate_matrix(context.location, context.plan_year, MEDICAL, eligibility)


def _good(catalogues: SampleCatalogues, contexts: list[Household]) -> list[RatingContext]:
    """Those of a random crowd that may be insured together."""
    found = []
    for one in contexts:
        try:
            found.append(RatingContext.from_request(rating_request(one, DAY), catalogues.current(), CLOCK.now()))
        except InvalidInput:
            continue
    return found[:CROWD]


if __name__ == "__main__":
    main()

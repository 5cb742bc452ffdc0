"""Processor time of the rating core: a household of four and a census, for 60 plans.

``benchmarks.compare`` has this very text run by another commit as well, so that it names only what both have.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random

from benchmarks.measurement import measure_seconds
from benchmarks.sample_catalogues import SampleCatalogues, family_of_four, make_households, rating_request
from chassis.kernel import FixedClock, InvalidInput
from chassis.settings import load_markets
from services.quote.domain.batch_rating import rate_batch
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.household import Household
from services.quote.domain.plan import AgeEligibility, Coverage
from services.quote.domain.rating_context import RatingContext
from services.quote.usecases.price_census import MAX_BATCH

DAY = date(2026, 6, 1)
load_markets()
CLOCK = FixedClock.at("2026-05-20")
PLANS, CROWD = 60, 10_000


def make_catalogues() -> SampleCatalogues:
    return SampleCatalogues.of(PLANS, Random(1))


def make_crowd(catalogue: Catalogue) -> list[RatingContext]:
    """Those of a random crowd who may be insured together."""
    found: list[RatingContext] = []
    for household in islice(make_households(Random(3), DAY), CROWD * 2):
        try:
            found.append(check(household, catalogue))
        except InvalidInput:
            continue
    return found[:CROWD]


def check(household: Household, catalogue: Catalogue) -> RatingContext:
    return RatingContext.from_request(rating_request(household, DAY), catalogue, CLOCK.now())


def batches(crowd: Sequence[RatingContext]) -> list[Sequence[RatingContext]]:
    return [crowd[start : start + MAX_BATCH] for start in range(0, len(crowd), MAX_BATCH)]


@dataclass(frozen=True)
class RatingTime:
    """Of one household, and of the whole crowd."""

    household: float
    census: float

    @classmethod
    def measure(cls, catalogue: Catalogue, crowd: Sequence[RatingContext]) -> RatingTime:
        family = check(family_of_four(), catalogue)
        eligibility = AgeEligibility.from_household(family.household, DAY)
        matrix = catalogue.rate_matrix(family.location, family.plan_year, Coverage.MEDICAL, eligibility)
        parts = batches(crowd)
        return cls(
            measure_seconds(lambda: matrix.totals(family.household, DAY), number=1_000),
            measure_seconds(lambda: [len(rate_batch(one, Coverage.MEDICAL, None, catalogue)) for one in parts]),
        )


if __name__ == "__main__":
    current = make_catalogues().current()
    found = RatingTime.measure(current, make_crowd(current))
    print(json.dumps([found.household, found.census]))

"""A crowd priced at once: what each household costs by itself."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from benchmarks.sample_catalogues import COOK, family_table, make_households, make_plan, rate_tables
from services.quote.domain.batch_rating import rate_batch
from services.quote.domain.catalogue import Catalogue, PlanOffering
from services.quote.domain.geography import Geography, RatingLocation
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Coverage, Exchange
from services.quote.domain.rating_context import PricedPlan, RatingContext

LOOP, SUBURB = RatingLocation("60601", COOK, 1), RatingLocation("60007", COOK, 1)
PLANS = [
    make_plan(0),
    replace(make_plan(1), metal_level="Catastrophic"),
    replace(make_plan(2), child_only_offering="Allows Child-Only"),
    replace(make_plan(3), child_only_offering="Allows Adult-Only"),
    replace(make_plan(4), exchange=Exchange.ON),
]
CITY_ONLY = make_plan(5)
# Dental plans with different caps on children, and one with family rates.
DENTAL = [
    replace(make_plan(6 + n), coverage=Coverage.DENTAL, charged_children_cap=cap)
    for n, cap in enumerate((None, 3, 1, 3))
]
FAMILY = DENTAL[-1]
DAYS = (date(2025, 3, 1), date(2026, 1, 1), date(2026, 6, 1))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    county: dict[str, frozenset[str]] = {COOK.fips: frozenset()}
    offerings = [
        *(PlanOffering(one, county) for one in (*PLANS, *DENTAL)),
        PlanOffering(CITY_ONLY, {COOK.fips: frozenset({"60601"})}),
    ]
    both_years = [
        *offerings,
        *(replace(offering, plan=replace(offering.plan, plan_year=2025)) for offering in offerings),
    ]
    rates = rate_tables(Random(11), [offering.plan for offering in offerings], gaps=True)
    rates[FAMILY.component_id] = family_table(Random(12), gaps=True)
    return Catalogue(Geography({"60601": (COOK,), "60007": (COOK,)}), both_years, lambda *_: rates)


def contexts(size: int) -> list[RatingContext]:
    random = Random(5)
    return [
        RatingContext(random.choice((LOOP, SUBURB)), day, next(make_households(random, day)))
        for day in (random.choice(DAYS) for _ in range(size))
    ]


def alone(context: RatingContext, coverage: Coverage, exchange: Exchange | None, catalogue: Catalogue) -> object:
    offerings = list(context.price_all(coverage, catalogue, exchange))
    priced = [(one.plan.plan_id, one.premium.total.cents) for one in offerings if isinstance(one, PricedPlan)]
    return priced, [one.plan.plan_id for one in offerings if not isinstance(one, PricedPlan)]


@pytest.mark.parametrize("coverage", Coverage)
@pytest.mark.parametrize("exchange", [None, Exchange.OFF])
def test_batch_rating_gives_each_household_the_premiums_of_a_single_search(
    catalogue: Catalogue, coverage: Coverage, exchange: Exchange | None
) -> None:
    several = contexts(800)
    for context, premiums in zip(several, rate_batch(several, coverage, exchange, catalogue), strict=True):
        together = list(zip(*premiums.filed(), strict=True)), premiums.not_filed()
        assert together == alone(context, coverage, exchange, catalogue)


def test_batch_rating_of_young_parents_and_siblings_equals_a_single_search(catalogue: Catalogue) -> None:
    random, several = Random(8), []
    for _ in range(300):
        day = random.choice(DAYS)
        people = [Member(Relationship.SELF, day.replace(year=day.year - random.randrange(14, 21)))]
        for _ in range(random.randrange(3, 7)):
            kind = random.choice((Relationship.CHILD, Relationship.CHILD, Relationship.OTHER_DEPENDENT))
            people.append(Member(kind, day.replace(year=day.year - random.choice((0, 1, 2, 3, 4, 12)))))
        several.append(RatingContext(LOOP, day, Household(tuple(people))))
    for coverage in Coverage:
        for context, premiums in zip(several, rate_batch(several, coverage, None, catalogue), strict=True):
            together = list(zip(*premiums.filed(), strict=True)), premiums.not_filed()
            assert together == alone(context, coverage, None, catalogue)


def test_the_batch_of_the_test_covers_every_list_of_plans(catalogue: Catalogue) -> None:
    lists = {premiums.plan_ids for premiums in rate_batch(contexts(800), Coverage.MEDICAL, None, catalogue)}
    assert len(lists) == 6  # in the city and beyond: older people, people under 30, children alone


def test_an_empty_batch_has_no_premiums(catalogue: Catalogue) -> None:
    assert rate_batch([], Coverage.MEDICAL, None, catalogue) == []


def test_a_person_born_on_29_february_is_a_year_older_on_1_march(catalogue: Catalogue) -> None:
    leapling = Household((Member(Relationship.SELF, date(2004, 2, 29)),))
    before, after = (RatingContext(LOOP, date(2025, month, day), leapling) for month, day in ((2, 28), (3, 1)))
    first, second = rate_batch([before, after], Coverage.MEDICAL, None, catalogue)
    # 20 on the one day, 21 on the other: children-only plans end
    assert len(first.plan_ids) == len(second.plan_ids)
    assert set(first.plan_ids) ^ set(second.plan_ids) == {PLANS[2].plan_id, PLANS[3].plan_id}

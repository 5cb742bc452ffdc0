"""Made-up households and rates for the bench and the tests; the same seed gives the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.quote.domain.catalogue import Catalogue, PlanOffering
from services.quote.domain.geography import AreaSpan, County, Geography
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, Plan, Rate, RateSource
from services.quote.domain.rates import LAST_RATED_AGE, FamilyRates, FamilyTier, RateTable
from services.quote.domain.rating_context import RatingRequest

# Oldest person at the start of coverage, in days.
OLDEST = 100 * 365
# How many are primary applicant alone, with a spouse, with children.
SIZES = (1, 1, 1, 2, 2, 3, 4, 4, 5, 6, 8, 12)


def family_of_four() -> Household:
    """Two adults, one of them a smoker, and two children."""
    people = (
        Member(Relationship.SELF, date(1984, 3, 2)),
        Member(Relationship.SPOUSE, date(1986, 7, 19), tobacco_use=True),
        Member(Relationship.CHILD, date(2013, 11, 5)),
        Member(Relationship.CHILD, date(2018, 1, 30)),
    )
    return Household(people)


def make_households(random: Random, effective_date: date) -> Iterator[Household]:
    """Without end: alone, couples, large families, children alone, a spouse under 21, birthdays on the very day."""
    while True:
        young = random.random() < 0.15
        kinds = [Relationship.SELF]
        for _ in range(random.choice(SIZES) - 1):
            kinds.append(random.choice((Relationship.CHILD, Relationship.CHILD, Relationship.OTHER_DEPENDENT)))
        if len(kinds) > 1 and random.random() < 0.5:
            kinds[1] = Relationship.SPOUSE
        yield Household(tuple(_member(random, kind, effective_date, young) for kind in kinds))


def _member(random: Random, kind: Relationship, day: date, young: bool) -> Member:
    child = young or kind in (Relationship.CHILD, Relationship.OTHER_DEPENDENT)
    born = day - timedelta(days=random.randrange(26 * 365 if child else OLDEST))
    if random.random() < 0.05 and (day.month, day.day) != (2, 29):
        born = day.replace(year=day.year - random.choice((0, 18, 20, 21, 30, 64, 65)))
    return Member(kind, born, tobacco_use=random.random() < 0.2)


def rate_table(random: Random, *, gaps: bool = False) -> RateTable:
    """Rates that grow with age; with ``gaps`` some ages and tobacco rates were not filed."""
    bands = []
    cents = random.randrange(8_000, 30_000)
    for age in range(LAST_RATED_AGE + 1):
        cents += random.randrange(900)
        tobacco = None if gaps and random.random() < 0.05 else random.choice((cents, cents * 3 // 2))
        if not (gaps and random.random() < 0.03):
            bands.append((age, age, Rate(cents, tobacco, RateSource.ILLUSTRATIVE)))
    return RateTable.from_bands(bands, rating_area=1)


def family_table(random: Random, *, gaps: bool = False) -> RateTable:
    """Family rates; with ``gaps`` some tiers were not filed."""
    cents = {tier: random.randrange(3_000, 30_000) for tier in FamilyTier if not (gaps and random.random() < 0.2)}
    return RateTable.from_family_rates(FamilyRates(cents, RateSource.ILLUSTRATIVE), rating_area=1)


def rate_tables(random: Random, plans: Sequence[Plan], *, gaps: bool = False) -> dict[str, RateTable]:
    """A table for each plan, by component id."""
    return {one.component_id: rate_table(random, gaps=gaps) for one in plans}


def make_plan(number: int, plan_year: int = 2026) -> Plan:
    """A medical plan of Illinois, sold to everybody."""
    component = f"36096IL{number:07d}"
    return Plan(
        plan_year=plan_year,
        plan_id=f"{component}-00",
        component_id=component,
        state=COOK.state,
        issuer_id=component[:5],
        issuer_name="Illustrative carrier",
        name=f"Illustrative plan {number}",
        coverage=Coverage.MEDICAL,
        metal_level=("Bronze", "Silver", "Gold")[number % 3],
        plan_type=("HMO", "PPO")[number % 2],
        exchange=Exchange.OFF,
        service_area_id="ILS001",
        network_id="ILN001",
        network_name="Illustrative network",
        child_only_offering="Allows Adult and Child-Only",
        consumer_choice_disclosure=False,
        includes_pediatric_dental=False,
        deductible=None,
        out_of_pocket_maximum=None,
        catalogue=CatalogueKind.ILLUSTRATIVE,
    )


COOK = County("17031", "Cook County", "IL", (AreaSpan(2025, None, 1),))


@dataclass(frozen=True)
class SampleCatalogues:
    """A catalogue in memory: ``plans`` plans sold in one county, among ``elsewhere`` of other counties."""

    catalogue: Catalogue

    @classmethod
    def of(cls, plans: int, random: Random, elsewhere: int = 0) -> SampleCatalogues:
        here, there = {COOK.fips: frozenset[str]()}, {"17043": frozenset[str]()}
        offerings = [PlanOffering(make_plan(n), here if n < plans else there) for n in range(plans + elsewhere)]
        rates = rate_tables(random, [offering.plan for offering in offerings])
        return cls(Catalogue(Geography({"60601": (COOK,)}), offerings, lambda *_: rates))

    def current(self) -> Catalogue:
        return self.catalogue


def rating_request(household: Household, effective_date: date) -> RatingRequest:
    return RatingRequest(COOK.state, "60601", COOK.fips, effective_date, household.members)

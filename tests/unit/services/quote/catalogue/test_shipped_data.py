"""What the shipped files say, against the facts in their SOURCE.md, rules.md 4 and the guide's samples."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pytest

from services.quote.catalogue.sources import DATA, geography_source, shipped_filings
from services.quote.domain.filing import FiledFamilyRate, FiledRate, Filing, GeographyFiles
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, RateSource
from tests.unit.services.quote.samples import by_age

LANDSCAPE, ILLUSTRATIVE_2026, ILLUSTRATIVE_2027 = shipped_filings(geography_source())
COMPONENT_AREA_AGE = tuple[str, int, int]


@pytest.fixture(scope="module")
def places() -> GeographyFiles:
    return geography_source().read()


@pytest.fixture(scope="module")
def filed() -> Filing:
    return LANDSCAPE.read()


@pytest.fixture(scope="module")
def made_up() -> Filing:
    return ILLUSTRATIVE_2026.read()


def by_place(rates: Iterable[FiledRate | FiledFamilyRate]) -> dict[COMPONENT_AREA_AGE, FiledRate]:
    return {(row.component_id, row.rating_area, row.age_from): row for row in by_age(rates)}


def test_the_five_states_have_their_counties_and_rating_areas(places: GeographyFiles) -> None:
    areas: defaultdict[str, set[int]] = defaultdict(set)
    for county in places.counties:
        areas[county.state].add(county.area_2025_on)
    assert Counter(county.state for county in places.counties) == {"IL": 102, "MT": 56, "NM": 33, "OK": 77, "TX": 254}
    assert {state: len(found) for state, found in areas.items()} == {"IL": 13, "MT": 4, "NM": 5, "OK": 5, "TX": 27}


@pytest.mark.parametrize(
    ("fips", "old", "new"),
    [
        pytest.param("17031", 1, 1, id="Cook IL"),
        pytest.param("48201", 10, 10, id="Harris TX"),
        pytest.param("48113", 8, 8, id="Dallas TX"),
        pytest.param("48029", 19, 18, id="Bexar TX"),
        pytest.param("35001", 1, 1, id="Bernalillo NM"),
        pytest.param("40109", 3, 3, id="Oklahoma OK"),
        pytest.param("30111", 1, 1, id="Yellowstone MT"),
    ],
)
def test_a_county_has_its_rating_area_in_both_maps(places: GeographyFiles, fips: str, old: int, new: int) -> None:
    county = next(county for county in places.counties if county.fips == fips)
    assert (county.area_2014_2017, county.area_2025_on) == (old, new)


def test_five_zips_lie_in_two_states(places: GeographyFiles) -> None:
    state = {county.fips: county.state for county in places.counties}
    states: defaultdict[str, set[str]] = defaultdict(set)
    for row in places.zips:
        states[row.zip].add(state[row.county_fips])
    assert sum(len(found) == 2 for found in states.values()) == 5


def test_zips_younger_than_2015_have_their_county(places: GeographyFiles) -> None:
    found = {row.zip: row.county_fips for row in places.zips if row.zip in {"75036", "75072", "73175"}}
    assert found == {"75036": "48121", "75072": "48085", "73175": "40109"}


def test_no_county_that_healthcare_gov_listed_for_a_zip_was_dropped(places: GeographyFiles) -> None:
    with (DATA / "zip-counties/zips_5states.csv").open(newline="") as file:
        sources = Counter(row["source"] for row in csv.DictReader(file))
    assert sources == {"HealthCare.gov 2015": 7_962, "HUD 2021 Q4": 294, "zipcodes 3.0.0": 1}
    several = Counter(Counter(row.zip for row in places.zips).values())
    assert (sum(several.values()), sum(several.values()) - several[1]) == (5_784, 1_846)


def test_the_filed_catalogue_is_complete(filed: Filing) -> None:
    assert Counter(plan.state for plan in filed.plans) == {"IL": 21, "MT": 12, "NM": 24, "OK": 24, "TX": 18}
    assert len(filed.service_areas) == 8_607
    assert len(list(filed.rates)) == 915 * 45
    assert {plan.catalogue for plan in filed.plans} == {CatalogueKind.CMS_FILED}


def test_every_published_premium_is_kept_as_published(filed: Filing) -> None:
    rates = by_place(filed.rates)
    ages = {"premium_child": 0, **{f"premium_adult_individual_age_{age}": age for age in (21, 27, 30, 40, 50, 60)}}
    checked = 0
    with (DATA / "landscape-2014/rates_by_plan_rating_area.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            area = int(row["rating_area"].removeprefix("Rating Area "))
            for column, age in ages.items():
                found = rates[row["plan_id_standard_component"], area, age].rate
                assert (found.cents, found.source) == (int(Decimal(row[column]) * 100), RateSource.FILED)
                checked += 1
    assert checked == 915 * 7


def test_a_34_year_old_gets_a_derived_rate_and_nobody_a_tobacco_rate(filed: Filing) -> None:
    # 280.08 at 21 x 1.214 = 340.02 (Blue PPO Gold 001, rating area 1)
    rate = by_place(filed.rates)["36096IL0760001", 1, 34].rate
    assert (rate.cents, rate.source) == (34_002, RateSource.DERIVED)
    assert {row.rate.tobacco_cents for row in by_age(filed.rates)} == {None}


def test_the_guides_sample_prices_hold_in_cook_county_at_age_54(made_up: Filing) -> None:
    names = {plan.component_id: plan.name for plan in made_up.plans if plan.state == "IL"}
    prices = {
        (names[row.component_id], row.age_from): row.rate.cents
        for row in by_age(made_up.rates)
        if row.rating_area == 1 and row.state == "IL"
    }
    assert prices["Blue Precision Silver HMO Standard - Select Rx Copays", 54] == 88_679
    assert prices["BlueCare Dental 1D", 21] == 1_487


def test_every_state_sells_medical_and_dental_on_both_sides_of_the_exchange(made_up: Filing) -> None:
    sold = {(plan.state, plan.coverage.value, plan.exchange.value) for plan in made_up.plans}
    states = ("IL", "MT", "NM", "OK", "TX")
    assert sold == {
        (state, cover, side) for state in states for cover in ("medical", "dental") for side in ("on", "off")
    }


def test_the_plan_kinds_and_metals_of_a_real_catalogue_are_there(made_up: Filing) -> None:
    assert {plan.plan_type for plan in made_up.plans} == {"HMO", "POS", "PPO"}
    assert {plan.metal_level for plan in made_up.plans} >= {"Bronze", "Silver", "Gold", "Catastrophic"}
    assert all(plan.network_id and plan.network_name for plan in made_up.plans)


def test_texas_asks_for_the_consumer_choice_disclosure_except_for_one_plan(made_up: Filing) -> None:
    medical = {
        p.name: p.consumer_choice_disclosure for p in made_up.plans if p.state == "TX" and p.coverage == "medical"
    }
    assert medical.pop("Blue Advantage Gold HMO 207") is False
    assert medical["Blue Choice Preferred Gold PPO 204"] is True
    assert all(medical.values())
    assert not any(plan.consumer_choice_disclosure for plan in made_up.plans if plan.state != "TX")


def test_tobacco_costs_nothing_more_in_illinois_and_more_elsewhere_from_21(made_up: Filing) -> None:
    medical = {plan.component_id for plan in made_up.plans if plan.coverage == "medical"}
    dearer = {
        (row.state, row.age_from >= 21)
        for row in by_age(made_up.rates)
        if row.component_id in medical and row.rate.tobacco_cents != row.rate.cents
    }
    assert dearer == {(state, True) for state in ("MT", "NM", "OK", "TX")}


def test_made_up_plans_and_rates_say_so(made_up: Filing) -> None:
    assert {plan.catalogue for plan in made_up.plans} == {CatalogueKind.ILLUSTRATIVE}
    assert {row.rate.source for row in by_age(made_up.rates)} == {RateSource.ILLUSTRATIVE}


def test_every_plan_has_rates_in_every_rating_area_that_it_serves(
    filed: Filing, made_up: Filing, places: GeographyFiles
) -> None:
    for filing in (filed, made_up, ILLUSTRATIVE_2027.read()):
        old = filing.plan_year < 2025
        area = {county.fips: county.area_2014_2017 if old else county.area_2025_on for county in places.counties}
        rated = {(row.component_id, row.rating_area) for row in filing.rates}
        counties: defaultdict[str, set[str]] = defaultdict(set)
        for served in filing.service_areas:
            counties[served.service_area_id].add(served.county_fips)
        for plan in filing.plans:
            assert {(plan.component_id, area[fips]) for fips in counties[plan.service_area_id]} <= rated


def test_on_exchange_ids_end_in_01_and_off_exchange_ids_in_00(filed: Filing, made_up: Filing) -> None:
    for plan in (*filed.plans, *made_up.plans):
        assert plan.plan_id == f"{plan.component_id}-{'01' if plan.exchange is Exchange.ON else '00'}"


def test_dental_plans_say_how_many_children_they_charge_and_medical_plans_charge_three(made_up: Filing) -> None:
    caps = {(plan.coverage, plan.name): plan.charged_children_cap for plan in made_up.plans}
    assert {cap for (coverage, _), cap in caps.items() if coverage is Coverage.MEDICAL} == {3}
    dental = {name: cap for (coverage, name), cap in caps.items() if coverage is Coverage.DENTAL}
    assert dental == {"BlueCare Dental 1A": 3, "BlueCare Dental 1C": 2, "BlueCare Dental 1D": None}

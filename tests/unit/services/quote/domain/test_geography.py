"""ZIP -> county -> rating area by plan year (rules.md 4)."""

import pytest

from chassis.kernel import InvalidInput
from services.quote.domain.geography import AreaSpan, County, Geography


def county(fips: str, name: str, state: str, old: int, new: int) -> County:
    return County(fips, name, state, (AreaSpan(2014, 2017, old), AreaSpan(2025, None, new)))


COOK = county("17031", "Cook County", "IL", 1, 1)
BEXAR = county("48029", "Bexar County", "TX", 19, 18)
LAKE = county("17097", "Lake County", "IL", 2, 2)
EL_PASO = county("48141", "El Paso County", "TX", 6, 6)
DONA_ANA = county("35013", "Dona Ana County", "NM", 5, 5)
GEOGRAPHY = Geography({"60601": (COOK,), "60089": (COOK, LAKE), "78201": (BEXAR,), "79922": (DONA_ANA, EL_PASO)})


def refusal(state: str, zip_code: str, fips: str, year: int = 2026) -> str:
    with pytest.raises(InvalidInput) as refused:
        GEOGRAPHY.location(state, zip_code, fips, year)
    return refused.value.problems[0].field


def test_a_texas_county_has_another_rating_area_in_another_plan_year() -> None:
    assert GEOGRAPHY.location("TX", "78201", "48029", 2014).rating_area == 19
    assert GEOGRAPHY.location("TX", "78201", "48029", 2026).rating_area == 18


def test_a_zip_in_one_county_needs_no_county() -> None:
    assert GEOGRAPHY.location("IL", "60601", "", 2026).county == COOK


def test_a_zip_in_several_counties_asks_which() -> None:
    assert refusal("IL", "60089", "") == "county_fips"
    assert GEOGRAPHY.location("IL", "60089", "17097", 2026).rating_area == 2


def test_a_zip_in_two_states_is_settled_by_the_state() -> None:
    assert GEOGRAPHY.location("NM", "79922", "", 2026).county == DONA_ANA
    assert GEOGRAPHY.location("TX", "79922", "", 2026).county == EL_PASO
    assert refusal("TX", "79922", "35013") == "county_fips"


@pytest.mark.parametrize("zip_code", ["", "6060", "606011", "6060a", "60601-123"])
def test_text_that_is_no_zip_is_refused(zip_code: str) -> None:
    assert refusal("IL", zip_code, "") == "zip"


def test_a_zip_plus_four_is_rated_by_its_five_digits() -> None:
    assert GEOGRAPHY.location("IL", "60601-1234", "", 2026).zip == "60601"


def test_a_zip_that_is_not_listed_is_taken_with_a_county_of_its_state() -> None:
    assert not GEOGRAPHY.lists("60699")
    assert [county.fips for county in GEOGRAPHY.counties("60699")] == ["17031", "17097"]
    assert GEOGRAPHY.location("IL", "60699", "17097", 2026).rating_area == 2
    assert GEOGRAPHY.location("", "60699", "17097", 2026).county == LAKE


@pytest.mark.parametrize(
    ("state", "zip_code", "fips", "field"),
    [("IL", "60699", "", "county_fips"), ("IL", "60699", "48029", "county_fips"), ("TX", "60699", "48029", "state")],
)
def test_a_zip_that_is_not_listed_needs_a_county_of_the_state_of_its_first_digits(
    state: str, zip_code: str, fips: str, field: str
) -> None:
    assert refusal(state, zip_code, fips) == field


def test_a_zip_outside_the_five_states_is_refused() -> None:
    assert refusal("IL", "10001", "") == "zip"


def test_a_county_outside_the_zip_is_refused() -> None:
    assert refusal("IL", "60601", "17097") == "county_fips"


def test_a_zip_of_another_state_is_refused_at_the_state() -> None:
    assert refusal("TX", "60601", "17031") == "state"


def test_a_plan_year_between_the_known_maps_is_refused() -> None:
    assert refusal("TX", "78201", "48029", 2020) == "effective_date"

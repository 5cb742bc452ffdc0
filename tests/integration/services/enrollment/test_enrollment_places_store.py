"""Addresses on PostgreSQL, over the place files of the repository."""

from __future__ import annotations

import pytest

from services.enrollment.domain.steps import Address
from services.enrollment.store.geography import LocalAddresses
from services.enrollment.store.geography_loader import load_places
from services.enrollment.usecases.search_addresses import SearchAddresses
from tests.integration.services.enrollment.client_harness import ClientHarness


@pytest.fixture
def harness(harness: ClientHarness) -> ClientHarness:
    """With streets and ZIP codes."""
    assert load_places(harness.database)
    return harness


def search(harness: ClientHarness, typed: str, state: str = "") -> list[Address]:
    find = SearchAddresses(harness.service, LocalAddresses(harness.service.transactions))
    return [found.address for found in find(typed, state)]


def test_places_are_loaded_once_and_zips_have_their_counties(harness: ClientHarness) -> None:
    assert not load_places(harness.database)
    with harness.transactions() as work:
        assert [county.name for county in work.places.counties("60601")] == ["Cook County"]
        assert len(work.places.counties("60010")) > 1


@pytest.mark.parametrize(
    "typed",
    ["2905 stonebridge", "2905 Stonebridge Ct, Norman", "stonebridge norman ok", "73071 stoneb", "norman, STONEBRIDGE"],
)
def test_words_find_a_street_in_any_order(harness: ClientHarness, typed: str) -> None:
    first = search(harness, typed)[0]
    assert (first.street, first.city, first.zip) == ("2905 Stonebridge Court", "Norman", "73071")


def test_a_house_number_that_nobody_knows_is_kept_on_the_street(harness: ClientHarness) -> None:
    [first, *_] = search(harness, "17 stonebridge court, norman")
    assert (first.street, first.city, first.state) == ("17 Stonebridge Court", "Norman", "OK")


def test_a_suite_stands_apart_and_is_not_taken_to_another_house(harness: ClientHarness) -> None:
    [known, *_] = search(harness, "1614 w central rd arlington")
    assert (known.street, known.unit) == ("1614 W Central Rd", "Ste 205")
    [other, *_] = search(harness, "1620 w central rd arlington")
    assert (other.street, other.unit) == ("1620 W Central Rd", "")


def test_a_street_that_nobody_knows_gets_its_place(harness: ClientHarness) -> None:
    found = search(harness, "123 Nosuchroad, Chicag", "IL")
    assert {(one.street, one.city, one.state) for one in found} == {("123 Nosuchroad", "Chicago", "IL")}
    assert all(one.zip and one.county_name for one in found if one.county_fips)


def test_a_zip_and_a_place_are_found_by_their_beginnings_and_only_in_the_state(harness: ClientHarness) -> None:
    assert {one.zip for one in search(harness, "60601", "IL")} == {"60601"}
    assert all(one.zip.startswith("606") for one in search(harness, "606"))
    assert len(search(harness, "ch", "IL")) == 10
    assert not search(harness, "60601", "TX")


def test_a_county_is_filled_where_the_zip_has_one_and_offered_where_it_has_several(harness: ClientHarness) -> None:
    find = SearchAddresses(harness.service, LocalAddresses(harness.service.transactions))
    assert next(found.address.county_name for found in find("60601", "IL")) == "Cook County"
    several = next(found for found in find("60010", "IL"))
    assert several.address.county_fips == ""
    assert [county.name for county in several.counties] == [
        "Cook County",
        "Kane County",
        "Lake County",
        "McHenry County",
    ]


@pytest.mark.parametrize("typed", ["'' & | ! :*", "%%", "__", "a'b\\c:*"])
def test_signs_mean_nothing_to_the_search(harness: ClientHarness, typed: str) -> None:
    assert isinstance(search(harness, typed), list)

from pathlib import Path

import pytest

from services.pcp.directory import cities
from services.pcp.directory.cities import ListedCities
from services.pcp.domain.network import GeoPoint

CITIES = ListedCities()


@pytest.mark.parametrize(
    ("typed", "state", "name"),
    [
        ("Chicago", "IL", "Chicago, IL"),
        (" chicago ", "IL", "Chicago, IL"),
        ("St. Charles", "IL", "Saint Charles, IL"),
        ("Mt Vernon", "IL", "Mount Vernon, IL"),
        ("De Kalb", "IL", "Dekalb, IL"),
        ("O'Fallon", "IL", "O Fallon, IL"),
        ("Springfield", "IL", "Springfield, IL"),
        ("Hammond", "IN", "Hammond, IN"),
    ],
)
def test_a_city_is_found_however_it_is_written(typed: str, state: str, name: str) -> None:
    found = CITIES.find_city(typed, state)
    assert found and found.name == name


@pytest.mark.parametrize(("typed", "state"), [("Chicago", "TX"), ("Gary", "IL"), ("Atlantis", "IL"), ("", "MT")])
def test_what_is_not_in_the_state_is_not_found(typed: str, state: str) -> None:
    """Montana has ZIPs of which the list names no city."""
    assert CITIES.find_city(typed, state) is None


def test_a_city_is_in_the_middle_of_its_zips_each_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP has a row for each of its counties. A market's own list may name no cities."""
    listed, without = tmp_path / "zips.csv", tmp_path / "without.csv"
    listed.write_text(
        "zip,city,state,latitude,longitude\n10001,Twin,IL,40,-90\n10001,Twin,IL,40,-90\n10002,Twin,IL,42,-88\n"
    )
    without.write_text("zip,county_fips,state,latitude,longitude\n82001,56021,WY,41.1,-104.8\n")
    monkeypatch.setattr(cities, "zip_files", lambda: [listed, without])
    found = ListedCities().find_city("Twin", "IL")
    assert found and found.point == GeoPoint(41, -89)
    assert ListedCities().find_city("", "WY") is None

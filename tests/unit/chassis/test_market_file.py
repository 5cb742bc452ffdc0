"""The file of the markets: what it says, and how a wrong one is refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from chassis.kernel import business_date, get_markets, install_markets
from chassis.kernel.market import ExchangeTarget
from chassis.market_file import BadMarkets, read_markets
from chassis.settings import MARKETS, SettingsError, load_markets

GEOGRAPHY = Path(__file__).parents[2] / "integration" / "wyoming" / "data"
Written = dict[str, Any]


@pytest.fixture
def written() -> Written:
    """The shipped file, with a sixth state."""
    whole: Written = yaml.safe_load(MARKETS.read_text())
    whole["states"]["WY"] = {
        "name": "Wyoming",
        "time_zone": "America/Denver",
        "carrier": {"issuer_id": "99999", "name": "Made-Up Health of Wyoming", "color": "#204060"},
        "first_plan_year": 2027,
        "exchanges": [{"from_plan_year": 2014, "target": "ISP", "name": "HealthCare.gov", "url": "https://x.example"}],
        "catalog": "filed",
    }
    return whole


@pytest.fixture
def write(tmp_path: Path, written: Written) -> Callable[[], Path]:
    def file() -> Path:
        path = tmp_path / "markets.yaml"
        path.write_text(yaml.safe_dump(written, sort_keys=False))
        return path

    return file


def test_shipped_file_serves_the_five_states_of_the_requirements() -> None:
    markets = read_markets(MARKETS)
    assert markets.states == ("IL", "MT", "NM", "OK", "TX")
    assert markets.join_names("or") == "Illinois, Montana, New Mexico, Oklahoma or Texas"
    assert {state: markets.issuer_of(state) for state in markets.states} == {
        "IL": "36096",
        "MT": "30751",
        "NM": "75605",
        "OK": "87571",
        "TX": "33602",
    }


@pytest.mark.parametrize(
    ("state", "year", "target"),
    [
        ("IL", 2025, ExchangeTarget.ISP),
        ("IL", 2026, ExchangeTarget.SBE),
        ("NM", 2021, ExchangeTarget.ISP),
        ("NM", 2022, ExchangeTarget.SBE),
        ("TX", 2030, ExchangeTarget.ISP),
    ],
)
def test_exchange_of_a_plan_year_is_the_last_one_that_began(state: str, year: int, target: ExchangeTarget) -> None:
    found = read_markets(MARKETS)[state].find_exchange(year)
    assert found is not None
    assert found.target is target


def test_state_is_served_from_its_first_plan_year_on(write: Callable[[], Path]) -> None:
    markets = read_markets(write())
    assert "WY" not in markets.served_in(2026)
    assert markets.served_in(2027) == {"IL", "MT", "NM", "OK", "TX", "WY"}
    assert markets["WY"].zone == ZoneInfo("America/Denver")


def test_plans_of_texas_alone_need_the_consumer_choice_disclosure_by_default() -> None:
    assert [state for state, one in read_markets(MARKETS).by_state.items() if one.consumer_choice_plans] == ["TX"]


@pytest.mark.parametrize(
    "key", ["name", "time_zone", "carrier", "first_plan_year", "exchanges", "catalog", "carrier.color"]
)
def test_missing_key_is_refused_with_file_state_and_key(written: Written, write: Callable[[], Path], key: str) -> None:
    *parents, last = key.split(".")
    place = written["states"]["WY"]
    for parent in parents:
        place = place[parent]
    del place[last]
    path = write()
    with pytest.raises(BadMarkets, match=rf"{re.escape(str(path))}[\s\S]*WY, {re.escape(key)}: Field required"):
        read_markets(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zone": "Mountain"}, "WY, time_zone: Mountain is not a time zone"),
        ({"colour": "#204060"}, "WY, colour: Extra inputs are not permitted"),
        ({"carrier": {"issuer_id": 9, "name": "X", "color": "#204060"}}, "WY, carrier.issuer_id: "),
        ({"carrier": {"issuer_id": "99999", "name": "X", "color": "blue"}}, "WY, carrier.color: "),
        ({"first_plan_year": 1999}, "WY, first_plan_year: "),
        ({"tobacco_maximum": "1.6"}, "WY, tobacco_maximum: "),
        ({"data": "nowhere"}, "WY, data: there is no folder"),
        ({"catalog": "invented"}, "WY, catalog: "),
    ],
)
def test_wrong_value_is_refused_at_its_key(
    written: Written, write: Callable[[], Path], change: Written, sentence: str
) -> None:
    written["states"]["WY"] |= change
    with pytest.raises(BadMarkets, match=re.escape(sentence)):
        read_markets(write())


def test_data_folder_without_one_of_its_files_is_refused(written: Written, write: Callable[[], Path]) -> None:
    written["states"]["WY"]["data"] = "wyoming"
    folder = write().parent / "wyoming"
    folder.mkdir()
    copy(GEOGRAPHY / "zips.csv", folder)
    with pytest.raises(BadMarkets, match=r"WY, data: the folder \S+/wyoming has no counties\.csv$"):
        read_markets(write())
    copy(GEOGRAPHY / "counties.csv", folder)
    assert read_markets(write())["WY"].data == folder


def test_exchange_that_begins_after_the_first_plan_year_is_refused(written: Written, write: Callable[[], Path]) -> None:
    written["states"]["WY"]["exchanges"][0]["from_plan_year"] = 2028
    with pytest.raises(BadMarkets, match="WY, exchanges: none is given for the first plan year 2027"):
        read_markets(write())


def test_exchanges_out_of_order_are_refused(written: Written, write: Callable[[], Path]) -> None:
    written["states"]["IL"]["exchanges"].reverse()
    with pytest.raises(BadMarkets, match="IL, exchanges: list them by from_plan_year"):
        read_markets(write())


def test_letters_that_are_no_state_are_refused(written: Written, write: Callable[[], Path]) -> None:
    written["states"]["XX"] = written["states"].pop("WY")
    with pytest.raises(BadMarkets, match="XX: is not a state; give its two postal letters"):
        read_markets(write())


def test_home_that_is_not_served_is_refused(written: Written, write: Callable[[], Path]) -> None:
    written["home"] = "CA"
    with pytest.raises(BadMarkets, match="home: CA is not among the states; there are IL, MT"):
        read_markets(write())


def test_state_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "markets.yaml"
    path.write_text(MARKETS.read_text() + MARKETS.read_text().split("states:\n")[1])
    with pytest.raises(BadMarkets, match="'IL' appears twice"):
        read_markets(path)


def test_process_with_a_wrong_file_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITE_MARKETS", str(tmp_path / "none.yaml"))
    with pytest.raises(SettingsError, match=r"none\.yaml cannot be read"):
        load_markets()


def test_help_line_of_the_environment_stands_in_place_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = get_markets()
    try:
        monkeypatch.setenv("ENROLLMENT_HELP_LINE", "800-555-0100")
        assert load_markets().help_line == get_markets().help_line == "800-555-0100"
    finally:
        install_markets(before)


def test_business_date_is_that_of_the_states_own_zone(write: Callable[[], Path]) -> None:
    before = get_markets()
    instant = datetime(2026, 12, 1, 6, 30, tzinfo=UTC)
    try:
        install_markets(read_markets(write()))
        assert [business_date(instant, state).day for state in ("IL", "WY")] == [1, 30]
    finally:
        install_markets(before)

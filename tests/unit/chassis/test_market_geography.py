"""A geography that an operator brings is checked where it is named, before a service loads it."""

import shutil
from pathlib import Path

import pytest

from chassis.market_geography import MOST_FAULTS, find_geography_faults

WYOMING = Path(__file__).parents[2] / "integration" / "wyoming" / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WYOMING, tmp_path / "wyoming"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_whole_folder_has_no_fault_also_without_addresses_and_with_a_byte_order_mark(folder: Path) -> None:
    assert find_geography_faults(folder, "WY") == []
    (folder / "addresses.csv").unlink()
    (folder / "zips.csv").write_text("\ufeff" + (folder / "zips.csv").read_text())
    assert find_geography_faults(folder, "WY") == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("zips.csv", "latitude,", "", "zips.csv has no column latitude"),
        ("zips.csv", "82001", "8200", 'zips.csv, line 2, zip: "8200" is not what the column holds'),
        ("zips.csv", "41.1400", "north", 'zips.csv, line 2, latitude: "north" is not what the column holds'),
        ("zips.csv", "41.1400", "nan", 'zips.csv, line 2, latitude: "nan" is not what the column holds'),
        ("zips.csv", "-106.3252", "", 'zips.csv, line 3, longitude: "" is not what the column holds'),
        ("counties.csv", "Laramie County,1,1", "Laramie County,1,", 'counties.csv, line 2, rating_area_2025: ""'),
        ("counties.csv", "56021", "Laramie", 'counties.csv, line 2, county_fips: "Laramie" is not'),
        ("addresses.csv", "Casper", " ", 'addresses.csv, line 3, city: " " is not what the column holds'),
    ],
)
def test_wrong_cell_is_named_by_file_line_and_column(folder: Path, name: str, old: str, new: str, said: str) -> None:
    change(folder / name, old, new)
    [fault] = find_geography_faults(folder, "WY")
    assert said in fault


def test_folder_of_another_state_is_refused(folder: Path) -> None:
    faults = find_geography_faults(folder, "UT")
    assert [fault.rpartition("/")[2] for fault in faults] == [
        "zips.csv has no row of UT",
        "counties.csv has no row of UT",
    ]


def test_file_that_is_wrong_in_every_row_names_the_first_few(folder: Path) -> None:
    text = (folder / "zips.csv").read_text()
    (folder / "zips.csv").write_text(text + "8,5,Laramie,WY,41,-104\n" * 100)
    assert len(find_geography_faults(folder, "WY")) == MOST_FAULTS


def test_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "counties.csv").write_bytes(b"\xff\xfe\x00")
    [fault] = find_geography_faults(folder, "WY")
    assert "counties.csv cannot be read as CSV in UTF-8" in fault

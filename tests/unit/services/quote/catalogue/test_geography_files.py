"""Geography that a market brings beside the shipped one: faults are named, before anything is stored."""

from pathlib import Path

import pytest

from services.quote.catalogue.geography import read_geography
from services.quote.domain.filing import FiledCounty, FilingRefused

COUNTIES = "state,county_fips,county_name,rating_area_2014_2017,rating_area_2025\n"
ZIPS = "zip,county_fips,county_name,state\n"
COOK, OTHER_AREA = "IL,17031,Cook County,1,1\n", "IL,17031,Cook County,1,2\n"


@pytest.fixture
def zips(tmp_path: Path) -> Path:
    path = tmp_path / "zips.csv"
    path.write_text(f"{ZIPS}60601,17031,Cook,IL\n")
    return path


def county_file(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text(COUNTIES + "".join(rows))
    return path


def test_a_county_that_two_files_have_alike_counts_once(tmp_path: Path, zips: Path) -> None:
    files = [county_file(tmp_path, name, COOK) for name in ("shipped.csv", "counties.csv")]
    assert read_geography([zips, zips], files).counties == (FiledCounty("17031", "Cook County", "IL", 1, 1),)


@pytest.mark.parametrize("apart", [True, False])
def test_a_county_with_two_rating_areas_is_refused_at_its_row(tmp_path: Path, zips: Path, apart: bool) -> None:
    files = (
        [county_file(tmp_path, "shipped.csv", COOK), county_file(tmp_path, "counties.csv", OTHER_AREA)]
        if apart
        else [county_file(tmp_path, "counties.csv", COOK, OTHER_AREA)]
    )
    line = 2 if apart else 3
    with pytest.raises(FilingRefused, match=f"counties.csv, line {line}, column county_fips: differs from an earlier"):
        read_geography([zips], files)


def test_a_zip_code_of_a_county_that_no_file_has_is_refused_at_its_row(tmp_path: Path, zips: Path) -> None:
    zips.write_text(zips.read_text() + "60563,17043,DuPage,IL\n")
    with pytest.raises(FilingRefused, match=r"zips.csv, line 3, column county_fips: has no rating area"):
        read_geography([zips], [county_file(tmp_path, "counties.csv", COOK)])

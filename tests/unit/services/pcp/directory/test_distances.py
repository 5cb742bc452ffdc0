from pathlib import Path

import pytest

from services.pcp.directory.distances import OTHERWISE, read_distances
from services.pcp.directory.files import DirectoryUnreadable


def test_the_shipped_sample_reaches_farther_where_people_live_farther_apart() -> None:
    distances = read_distances()
    assert distances.greatest("60601") == 30
    assert distances.greatest("606011234") == 30
    assert distances.greatest("59301") == 100, "Miles City"
    assert distances.greatest("10003") == OTHERWISE


@pytest.mark.parametrize("row", ["17031,", "17031,0", "17031,501", "17031,far", "1703,30", ",30", "17031"])
def test_a_line_that_is_no_distance_is_refused_with_its_number(tmp_path: Path, row: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"county_fips,miles\n17031,45\n{row}\n")
    with pytest.raises(DirectoryUnreadable, match=r"own\.csv, line 3"):
        read_distances(path)


def test_a_file_of_the_operator_takes_the_place_of_the_sample(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("county_fips,miles\n17031,45\n")
    assert read_distances(tmp_path / "own.csv").greatest("60601") == 45
    with pytest.raises(DirectoryUnreadable, match="cannot be read"):
        read_distances(tmp_path / "none.csv")

"""``python -m services.quote census``: CSV in, CSV or Parquet out, whole or not at all."""

import csv
import os
import tracemalloc
from io import StringIO
from pathlib import Path
from random import Random

import pyarrow.parquet
import pytest

from benchmarks.sample_catalogues import SampleCatalogues
from chassis.kernel import FixedClock
from services.quote.census import household_file
from services.quote.census.command import run_command
from services.quote.census.household_file import COLUMNS, read_households
from services.quote.usecases.price_census import PriceCensus

PRICE = PriceCensus(SampleCatalogues.of(3, Random(1)), FixedClock.at("2026-05-20"))
ALONE = "A,IL,60601,17031,2026-06-01,self,1980-01-01,no"
FAMILY = """B,IL,60601,,2026-06-01,self,1980-01-01,yes
B,,,,,spouse,1982-01-01,
B,,,,,child,2015-05-05,no"""


def census(tmp_path: Path, *lines: str, out: str = "out.csv", options: tuple[str, ...] = ()) -> tuple[int, Path]:
    source, target = tmp_path / "in.csv", tmp_path / out
    source.write_text("\n".join((",".join(COLUMNS), *lines)))
    with pytest.raises(SystemExit) as ended:
        run_command(lambda: PRICE, [str(source), str(target), *options])
    assert not list(tmp_path.glob(".*")), "a partial file was left behind"
    return int(str(ended.value.code)), target


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_line_for_each_household_and_plan_with_the_premium_in_cents(tmp_path: Path) -> None:
    status, target = census(tmp_path, ALONE, FAMILY)
    found = rows(target)
    assert status == 0
    assert [(row["household_id"], row["line"], row["status"]) for row in found] == (
        [("A", "2", "priced")] * 3 + [("B", "3", "priced")] * 3
    )
    alone, family = ([int(row["monthly_premium_cents"]) for row in part] for part in (found[:3], found[3:]))
    assert all(more > less for more, less in zip(family, alone, strict=True))


def test_parquet_says_the_same(tmp_path: Path) -> None:
    _, as_csv = census(tmp_path, ALONE, FAMILY, "C,IL,99999,,2026-06-01,self,1980-01-01,no")
    _, as_parquet = census(tmp_path, ALONE, FAMILY, "C,IL,99999,,2026-06-01,self,1980-01-01,no", out="out.parquet")
    table = pyarrow.parquet.read_table(as_parquet).to_pylist()
    assert [{name: "" if value is None else str(value) for name, value in row.items()} for row in table] == rows(as_csv)


def test_one_bad_line_in_10_000_is_reported_and_the_rest_priced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [ALONE.replace("A", f"H{n}", 1) for n in range(10_000)]
    lines[7310] = lines[7310].replace("1980-01-01", "1980-13-01")
    status, target = census(tmp_path, *lines)
    refused = [row for row in rows(target) if row["status"] == "refused"]
    assert status == 0
    assert [(row["household_id"], row["line"]) for row in refused] == [("H7310", "7312")]
    assert refused[0]["problem"].startswith("members[0].date_of_birth: There is no month 13")
    assert "9,999 households priced, 1 refused" in capsys.readouterr().err
    assert len(rows(target)) == 3 * 9_999 + 1


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["A,IL,60601,17031,2026-06-01,self,1980-01-01,maybe"], "members[0].tobacco_use"),
        (["A,IL,60601,17031,2026-06-01,aunt,1980-01-01,no"], "members[0].relationship"),
        (["A,IL,60601,17031,2026-06-01,self"], "members[0].date_of_birth"),
        (["A,IL,60601,17031,,self,1980-01-01,no"], "effective_date"),
        ([ALONE, "A,IL,60602,,,spouse,1980-01-01,no"], "zip"),
        ([ALONE, *["A,,,,,child,2015-05-05,no"] * 20], "members: A policy covers at most 20 people"),
        ([ALONE, *["A,,,,,spouse,1985-05-05,no"] * 2], "members[2].relationship: A household has at most one spouse"),
    ],
)
def test_a_household_that_cannot_be_priced_says_where_and_why(tmp_path: Path, lines: list[str], problem: str) -> None:
    _, target = census(tmp_path, *lines, FAMILY)
    refused, *priced = rows(target)
    assert refused["status"] == "refused"
    assert refused["problem"].startswith(problem)
    assert {row["household_id"] for row in priced} == {"B"}


def test_a_refused_census_line_does_not_repeat_what_was_typed(tmp_path: Path) -> None:
    _, target = census(tmp_path, "A,IL,60601,17031,2026-06-01,self,my-secret,no")
    assert "my-secret" not in target.read_text()


def test_a_file_without_the_columns_is_refused_and_the_earlier_answer_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.csv").write_text("earlier")
    source = tmp_path / "in.csv"
    source.write_text("household_id,zip\nA,60601\n")
    with pytest.raises(SystemExit) as ended:
        run_command(lambda: PRICE, [str(source), str(tmp_path / "out.csv")])
    assert ended.value.code == 1
    assert "lacks state, county_fips" in capsys.readouterr().err.replace("\n", " ")
    assert (tmp_path / "out.csv").read_text() == "earlier"
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_breaks_off_midway_writes_nothing(tmp_path: Path) -> None:
    good = [ALONE.replace("A", f"H{n}", 1) for n in range(1_000)]
    status, target = census(tmp_path, *good, 'A,IL,"60601')
    assert status == 1
    assert not target.exists()


def test_an_output_file_that_is_neither_csv_nor_parquet_is_refused(tmp_path: Path) -> None:
    status, target = census(tmp_path, ALONE, out="out.xlsx")
    assert status == 1
    assert not target.exists()


def test_dental_alone_finds_no_medical_plan(tmp_path: Path) -> None:
    _, target = census(tmp_path, ALONE, options=("--coverage", "dental"))
    assert rows(target) == []


def test_a_file_may_say_who_is_a_disabled_dependent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grown = ("A,IL,60601,17031,2026-06-01,self,1970-01-01,no", "A,,,,,child,1995-01-01,no")
    _, target = census(tmp_path, *grown)
    assert {row["status"] for row in rows(target)} == {"refused"}
    monkeypatch.setattr("tests.unit.services.quote.census.test_command.COLUMNS", (*COLUMNS, "disabled_dependent"))
    _, target = census(tmp_path, f"{grown[0]},", f"{grown[1]},yes")
    assert {row["status"] for row in rows(target)} == {"priced"}
    _, target = census(tmp_path, f"{grown[0]},", f"{grown[1]},maybe")
    assert {row["status"] for row in rows(target)} == {"refused"}


def test_separate_lines_of_one_household_are_one_household(tmp_path: Path) -> None:
    first, second, third = FAMILY.splitlines()
    status, together = census(tmp_path, ALONE, FAMILY)
    expected = {(row["household_id"], row["monthly_premium_cents"]) for row in rows(together)}
    status, apart = census(tmp_path, first, ALONE, second, "", third, out="apart.csv")
    assert status == 0
    assert {(row["household_id"], row["monthly_premium_cents"]) for row in rows(apart)} == expected
    assert {(row["household_id"], row["line"]) for row in rows(apart)} == {("B", "2"), ("A", "3")}
    assert len(rows(apart)) == 3 * 2


@pytest.mark.parametrize("empty", ["", "  ", ",,,,,,,", " , ,,,,,, "])
def test_an_empty_row_is_passed_over(tmp_path: Path, empty: str) -> None:
    status, target = census(tmp_path, empty, ALONE, empty, empty, FAMILY, empty)
    assert status == 0
    assert [(row["household_id"], row["status"]) for row in rows(target)] == [("A", "priced")] * 3 + [
        ("B", "priced")
    ] * 3


def test_each_line_without_a_household_is_refused_by_itself(tmp_path: Path) -> None:
    _, target = census(tmp_path, ALONE[1:], FAMILY, ALONE[1:])
    refused = [(row["line"], row["problem"]) for row in rows(target) if row["status"] == "refused"]
    assert [line for line, _ in refused] == ["2", "6"]
    assert {problem for _, problem in refused} == {"household_id: Enter the household_id of each line's household."}


IDS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "'quoted", "\uff1d1", "A=1", "B-1", '="x",=1']


def test_no_id_in_a_csv_begins_like_a_formula_and_each_can_be_read_back(tmp_path: Path) -> None:
    quoted = ['"' + one.replace('"', '""') + '"' for one in IDS]
    _, as_csv = census(tmp_path, *(ALONE.replace("A", one, 1) for one in quoted))
    _, as_parquet = census(tmp_path, *(ALONE.replace("A", one, 1) for one in quoted), out="out.parquet")
    written = [row["household_id"] for row in rows(as_csv)][::3]
    assert not [one for one in written if one[0] in "=+-@\t\r\n\uff1d"]
    assert [one.removeprefix("'") for one in written] == IDS
    assert pyarrow.parquet.read_table(as_parquet)["household_id"].to_pylist()[::3] == IDS


def test_a_file_with_too_many_households_apart_is_refused_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(household_file, "MAX_WAITING", 2)
    people = [ALONE.replace("A", f"H{n}", 1) for n in range(3)]
    status, target = census(tmp_path, *people, *reversed(people))
    assert status == 1
    assert not target.exists()
    assert "Sort the file by household_id" in capsys.readouterr().err.replace("\n", " ")
    assert census(tmp_path, *people[:2], *reversed(people[:2]))[0] == 0


def test_a_pipe_is_refused_because_the_file_is_read_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(SystemExit) as ended:
        run_command(lambda: PRICE, [f"/proc/self/fd/{reading}", str(tmp_path / "out.csv")])
    os.close(reading)
    assert ended.value.code == 1
    assert "not a pipe" in capsys.readouterr().err


def test_the_mark_at_the_start_of_a_file_is_no_part_of_a_name_in_either_reading(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"\xef\xbb\xbf" + f"{','.join(COLUMNS)}\r\n{ALONE}\r\n".encode())
    with pytest.raises(SystemExit) as ended:
        run_command(lambda: PRICE, [str(tmp_path / "in.csv"), str(tmp_path / "out.csv")])
    assert ended.value.code == 0
    assert len(rows(tmp_path / "out.csv")) == 3


def test_two_ids_of_one_hash_stay_two_households(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(household_file, "hash", lambda _: 1, raising=False)
    found = list(read_households(StringIO("\n".join((",".join(COLUMNS), ALONE, FAMILY)))))
    assert sorted((one.household_id, one.line) for one in found) == [("A", 2), ("B", 3)]


def test_reading_a_sorted_file_holds_one_household_at_a_time() -> None:
    lines = [ALONE.replace("A", f"H{n // 3}", 1) for n in range(30_000)]
    file = StringIO("\n".join((",".join(COLUMNS), *lines)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_households(file))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 30_000 * 80  # the whole file as members would be 12 MB

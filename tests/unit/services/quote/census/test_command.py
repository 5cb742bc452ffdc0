"""``python -m services.quote census``: CSV in, CSV or Parquet out, whole or not at all."""

import csv
from pathlib import Path
from random import Random

import pyarrow.parquet
import pytest

from benchmarks.made_up import Catalogues
from chassis.kernel import FixedClock
from services.quote.census.command import run
from services.quote.census.household_file import COLUMNS
from services.quote.usecases.price_census import PriceCensus

PRICE = PriceCensus(Catalogues.of(3, Random(1)), FixedClock.at("2026-05-20"))
ALONE = "A,IL,60601,17031,2026-06-01,self,1980-01-01,no"
FAMILY = """B,IL,60601,,2026-06-01,self,1980-01-01,yes
B,,,,,spouse,1982-01-01,
B,,,,,child,2015-05-05,no"""


def census(tmp_path: Path, *lines: str, out: str = "out.csv", options: tuple[str, ...] = ()) -> tuple[int, Path]:
    source, target = tmp_path / "in.csv", tmp_path / out
    source.write_text("\n".join((",".join(COLUMNS), *lines)))
    with pytest.raises(SystemExit) as ended:
        run(PRICE, [str(source), str(target), *options])
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
    assert refused[0]["problem"].startswith("members[0].date_of_birth: Give a date")
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


def test_what_a_person_typed_is_not_repeated(tmp_path: Path) -> None:
    _, target = census(tmp_path, "A,IL,60601,17031,2026-06-01,self,my-secret,no")
    assert "my-secret" not in target.read_text()


def test_a_file_without_the_columns_is_refused_and_the_earlier_answer_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.csv").write_text("earlier")
    source = tmp_path / "in.csv"
    source.write_text("household_id,zip\nA,60601\n")
    with pytest.raises(SystemExit) as ended:
        run(PRICE, [str(source), str(tmp_path / "out.csv")])
    assert ended.value.code == 1
    assert "lacks state, county_fips" in capsys.readouterr().err.replace("\n", " ")
    assert (tmp_path / "out.csv").read_text() == "earlier"
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_breaks_off_midway_writes_nothing(tmp_path: Path) -> None:
    good = [ALONE.replace("A", f"H{n}", 1) for n in range(1_000)]
    status, target = census(tmp_path, *good, 'A,IL,"60601')
    assert status == 1
    assert not target.exists()


def test_another_ending_than_csv_or_parquet_is_refused(tmp_path: Path) -> None:
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

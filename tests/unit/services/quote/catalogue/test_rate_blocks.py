"""Rates read in columns are those read by rows, cent for cent; what only rows can judge is left to them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.quote.catalogue import puf_rate_blocks
from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.puf_rate_blocks import RateBlockFile
from services.quote.catalogue.puf_rates import TIER_COLUMNS, RateFile
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.filed_rates import FiledRates, collect_rates
from services.quote.domain.filing import Filing, FilingRefused, RateBlock, UnclearFile
from services.quote.domain.plan import CatalogueKind, RateSource

GEOGRAPHY = geography_source().read()
AREAS = GEOGRAPHY.rating_areas(2026)
PLAN, TEXAN = "36096IL9900001", "33602TX9900001"
HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "RateEffectiveDate", "RateExpirationDate"),
    *("PlanId", "RatingAreaId", "Tobacco", "Age", "IndividualRate", "IndividualTobaccoRate", *TIER_COLUMNS[1:]),
)
GOOD = {
    "BusinessYear": "2026",
    "StateCode": "IL",
    "IssuerId": "36096",
    "PlanId": PLAN,
    "RatingAreaId": "Rating Area 1",
    "Tobacco": "Tobacco User/Non-Tobacco User",
    "Age": "21",
    "IndividualRate": "300.10",
    "IndividualTobaccoRate": "330.05",
    "RateEffectiveDate": "2026-01-01",
    "RateExpirationDate": "12/31/2026",
}
"""A row of each kind of cell that is right; what is not named here is empty."""

CELLS = {
    "BusinessYear": ["2026", " 2026 ", "2025", ""],
    "StateCode": ["IL", "TX", "AL", ""],
    "IssuerId": ["36096", "33602", "99999", " 36096"],
    "PlanId": [PLAN, f" {PLAN}", TEXAN, "36096IL9900002", ""],
    "RatingAreaId": ["Rating Area 1", "Rating Area 2", "Rating Area 99", "Area 1", ""],
    "Tobacco": ["No Preference", "Tobacco User/Non-Tobacco User", "Perhaps", ""],
    "Age": ["0-14", "15", "21", "21-22", "64 and over", "Family Option", "22-21", "age"],
    "IndividualRate": [
        "300",
        "300.1",
        " 300.10 ",
        "$300.10",
        "1,300.10",
        "0",
        "9999.99",
        "300.105",
        "-1",
        "1e2",
        "",
        "x",
    ],
    "IndividualTobaccoRate": ["", "330.05", "450.15", "450.16", "450.17", "9999", "0", "many"],
    "RateEffectiveDate": ["", "2026-01-01", "1/1/2026 0:00", "2026-02-01", "soon"],
    "RateExpirationDate": ["", "2026-12-31", "12/31/2026", "6/30/2026"],
    "Couple": ["", "600", "9999"],
}
odd_rows = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CELLS.items()}).map(
    lambda changes: {**GOOD, **changes}
)
ages = st.sampled_from([str(age) for age in range(15, 64)])
good_rows = ages.map(lambda age: {**GOOD, "Age": age})


def write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)


def rate_file(path: Path) -> RateFile:
    return RateFile(path, 2026, {PLAN: "IL", TEXAN: "TX"}, RateSource.FILED, areas=AREAS)


def outcome(file: RateFile, source: Iterable[object]) -> object:
    """All that a reader says of a file."""
    rates = FiledRates.collect(source)  # type: ignore[arg-type]  # of either reader
    if rates.repeated_lines:
        return "repeats"  # refused as it is: which of the two rates comes first is nobody's concern
    by_plan = {one[:4]: one[4:] for one in rates.by_plan()}
    families = sorted((row[:3], sorted(row.rates.cents.items())) for row in rates.families)
    return by_plan, families, rates.rated, dict(file.tally.not_filed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(good_rows | odd_rows, max_size=6))
@example(rows=[{**GOOD, "IndividualRate": "1,300.10"}, GOOD])
def test_blocks_say_what_rows_say_or_leave_it_to_them(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    path = tmp_path / "rates.csv"
    write(path, rows)
    file = rate_file(path)
    try:
        wanted = outcome(file, file)
    except FilingRefused:
        with pytest.raises(UnclearFile):
            outcome(file, RateBlockFile(file))
        return
    assert outcome(file, RateBlockFile(file)) == wanted


def test_plain_rows_are_read_in_columns(tmp_path: Path) -> None:
    """The control of the test above: it would pass as well if every row were left to the other reader."""
    path = tmp_path / "rates.csv"
    write(path, [{**GOOD, "Age": str(age)} for age in range(15, 64)])
    (block,) = list(RateBlockFile(rate_file(path)))
    assert isinstance(block, RateBlock) and block.age_from.tolist() == list(range(15, 64))
    assert set(block.cents.tolist()) == {300_10} and set(block.tobacco_cents.tolist()) == {330_05}


@pytest.mark.parametrize("row", ["2026,IL", '"2026', "\xff" + "," * (len(HEADER) - 1)])
def test_a_line_that_is_broken_is_left_to_the_reader_of_rows(tmp_path: Path, row: str) -> None:
    path = tmp_path / "rates.csv"
    write(path, [GOOD])
    with path.open("a", encoding="latin-1") as file:
        file.write(row + "\n")
    with pytest.raises(UnclearFile):
        list(RateBlockFile(rate_file(path)))


@pytest.mark.parametrize("size", [1 << 9, 1 << 19])
def test_a_line_break_inside_a_cell_is_no_new_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(puf_rate_blocks, "BLOCK_BYTES", size)
    path = tmp_path / "rates.csv"
    write(path, [{**GOOD, "Age": str(age), "Couple": "\n" * (age % 9)} for age in range(15, 64)])
    file = rate_file(path)
    assert outcome(file, RateBlockFile(file)) == outcome(file, file)


def test_a_file_without_a_column_is_left_to_the_reader_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    write(path, [{**GOOD, "IssuerId": "99999"}])
    path.write_text(path.read_text().replace("Tobacco,", "Smoking,", 1))
    with pytest.raises(UnclearFile):
        list(RateBlockFile(rate_file(path)))


def filing(folder: Path) -> Filing:
    found = read_public_use_files(
        folder, 2026, CatalogueKind.ILLUSTRATIVE, GEOGRAPHY.fips_by_state(), rating_areas=AREAS
    )
    assert found.rate_blocks is None  # a small file
    assert isinstance(found.rates, RateFile)
    return replace(found, rate_blocks=RateBlockFile(found.rates))


def test_shipped_catalogue_is_the_same_either_way() -> None:
    of_blocks = filing(DATA / "illustrative/2026")
    of_rows = replace(of_blocks, rate_blocks=None)
    assert {one[:4]: one[4:] for one in collect_rates(of_blocks).by_plan()} == {
        one[:4]: one[4:] for one in collect_rates(of_rows).by_plan()
    }


@pytest.mark.parametrize("size", [1 << 10, 1 << 19])
def test_blocks_of_any_size_say_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    rows = collect_rates(replace(filing(DATA / "illustrative/2026"), rate_blocks=None))
    monkeypatch.setattr(puf_rate_blocks, "BLOCK_BYTES", size)
    assert collect_rates(filing(DATA / "illustrative/2026")).count == rows.count


def test_a_bad_row_of_a_large_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    write(path, [*({**GOOD, "Age": str(age)} for age in range(15, 64)), {**GOOD, "Age": "64 and under"}])
    with pytest.raises(FilingRefused) as refused:
        collect_rates(with_rates(rate_file(path)))
    assert [(one.line, one.column) for one in refused.value.problems] == [(51, "Age")]


def test_a_repeated_age_of_a_large_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    write(path, [{**GOOD, "Age": "15-20"}, GOOD, {**GOOD, "Age": "19"}])
    with pytest.raises(FilingRefused, match=r"rates\.csv, line 4, column Age: repeats an earlier row"):
        collect_rates(with_rates(rate_file(path)))


def with_rates(rates: RateFile) -> Filing:
    return Filing(2026, (), rates, (), rates.path.name, rates.tally, rate_blocks=RateBlockFile(rates))

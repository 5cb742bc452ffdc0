"""A bad row names file, line, column and reason, and nothing of its file is taken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.rows import MAX_PROBLEMS, Row, read
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.filing import FileRefused, Filing
from services.quote.domain.plan import CatalogueKind
from tests.unit.services.quote.samples import by_age

FIPS = geography_source().read().fips_by_state()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "illustrative/2026", tmp_path / "2026"))


def load(folder: Path) -> Filing:
    return read_public_use_files(folder, 2026, CatalogueKind.CMS_FILED, FIPS)


def change_line(path: Path, line: int, change: Callable[[str], str]) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = change(lines[line - 1])
    path.write_text("\n".join(lines) + "\n")


RATE = "2026,IL,36096,36096IL9900001,Rating Area 1,No Preference,0-14,317.75,"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (RATE.replace("317.75", "0.00"), "IndividualRate"),
        (RATE.replace("317.75", ""), "IndividualRate"),
        (RATE.replace("317.75", "-5"), "IndividualRate"),
        (RATE.replace("317.75", "317.755"), "IndividualRate"),
        (RATE.replace("317.75", "NaN"), "IndividualRate"),
        (RATE.replace("317.75", "cheap"), "IndividualRate"),
        (RATE.replace("0-14", "14-0"), "Age"),
        (RATE.replace("Rating Area 1", "Area 1"), "RatingAreaId"),
        (RATE.replace("No Preference", "Perhaps"), "Tobacco"),
        (RATE.replace("No Preference", "Tobacco User/Non-Tobacco User") + "476.64", "IndividualTobaccoRate"),
    ],
)
def test_a_bad_rate_is_named_by_file_line_and_column(folder: Path, row: str, column: str) -> None:
    change_line(folder / "rates.csv", 2, lambda _: row)
    with pytest.raises(FileRefused) as refusal:
        tuple(load(folder).rates)
    problem = refusal.value.problems[0]
    assert (problem.file, problem.column) == ("rates.csv", column)
    assert problem.line == 2
    assert str(problem).startswith(f"rates.csv, line {problem.line}, column {column}: ")


def test_a_tobacco_rate_at_the_maximum_is_taken(folder: Path) -> None:
    tobacco = RATE.replace("No Preference", "Tobacco User/Non-Tobacco User") + "476.63"
    change_line(folder / "rates.csv", 2, lambda _: tobacco)
    assert by_age(load(folder).rates)[0].rate.tobacco_cents == 47_663


def test_a_missing_column_is_named(folder: Path) -> None:
    change_line(folder / "rates.csv", 1, lambda header: header.replace("IndividualRate", "Rate", 1))
    with pytest.raises(FileRefused, match=r"rates\.csv, line 1, column IndividualRate: the column is missing"):
        tuple(load(folder).rates)


def test_a_plan_that_stands_twice_is_refused(folder: Path) -> None:
    plans = folder / "plan_attributes.csv"
    lines = plans.read_text().splitlines()
    plans.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(FileRefused, match=rf"line {len(lines) + 1}, column PlanId: repeats an earlier row"):
        load(folder)


def test_rows_of_other_issuers_markets_and_years_are_left_out(folder: Path) -> None:
    whole = load(folder)
    plans = folder / "plan_attributes.csv"
    sample = plans.read_text().splitlines()[1]
    strangers = (
        sample.replace("36096", "99999"),
        sample.replace("Individual", "SHOP (Small Group)"),
        sample.replace("2026,", "2025,", 1),
    )
    plans.write_text(plans.read_text() + "\n".join(strangers) + "\n")
    assert load(folder).plans == whole.plans


def test_part_of_a_county_is_kept_by_its_zips(folder: Path) -> None:
    areas = folder / "service_areas.csv"
    areas.write_text(areas.read_text() + '2026,IL,36096,ILS009,Part,No,17031,Yes,"60601, 60602",Individual\n')
    assert load(folder).service_areas[-1].zips == ("60601", "60602")


def test_without_our_column_every_texas_plan_needs_the_disclosure(folder: Path) -> None:
    change_line(folder / "plan_attributes.csv", 1, lambda header: header.replace("ConsumerChoiceDisclosure", "Other"))
    assert {plan.consumer_choice_disclosure for plan in load(folder).plans if plan.state == "TX"} == {True}


def test_a_thoroughly_broken_file_is_reported_by_its_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("a\n" + "x\n" * 1_000)
    with pytest.raises(FileRefused) as refusal:
        read(path, ("a",), lambda row: row.number("a"))
    assert len(refusal.value.problems) == MAX_PROBLEMS


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("a\n7\n", encoding="utf-8-sig")

    def number(row: Row) -> int:
        return row.number("a")

    assert read(path, ("a",), number) == [7]

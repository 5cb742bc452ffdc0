"""A bad row names file, line, column and reason, and nothing of its file is taken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.rows import MAX_PROBLEMS, Row, read_rows
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.filing import FiledRate, Filing, FilingRefused
from services.quote.domain.plan import CatalogueKind
from tests.unit.services.quote.samples import by_age

GEOGRAPHY = geography_source().read()
FIPS = GEOGRAPHY.fips_by_state()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "illustrative/2026", tmp_path / "2026"))


def load(folder: Path) -> Filing:
    areas = GEOGRAPHY.rating_areas(2026)
    return read_public_use_files(folder, 2026, CatalogueKind.CMS_FILED, FIPS, rating_areas=areas)


def change_line(path: Path, line: int, change: Callable[[str], str]) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = change(lines[line - 1])
    path.write_text("\n".join(lines) + "\n")


RATE = "2026,IL,36096,36096IL9900001,Rating Area 1,No Preference,0-14,317.75,"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (RATE.replace("317.75", "12000.00"), "IndividualRate"),
        (RATE.replace("Rating Area 1", "Rating Area 14"), "RatingAreaId"),
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
    with pytest.raises(FilingRefused) as refusal:
        tuple(load(folder).rates)
    problem = refusal.value.problems[0]
    assert (problem.file, problem.column) == ("rates.csv", column)
    assert problem.line == 2
    assert str(problem).startswith(f"rates.csv, line {problem.line}, column {column}: ")


def test_a_tobacco_rate_at_the_maximum_is_taken(folder: Path) -> None:
    tobacco = RATE.replace("No Preference", "Tobacco User/Non-Tobacco User") + "476.63"
    change_line(folder / "rates.csv", 2, lambda _: tobacco)
    assert by_age(load(folder).rates)[0].rate.tobacco_cents == 47_663


@pytest.mark.parametrize("said", ["0", "0.00", "9999", "9999.90", "$9,999.99", "99999", "999999", "999999.99"])
def test_a_placeholder_is_no_rate_and_is_counted(folder: Path, said: str) -> None:
    change_line(folder / "rates.csv", 2, lambda _: RATE.replace("317.75", f'"{said}"'))
    filing = load(folder)
    assert by_age(filing.rates)[0].line == 3
    assert filing.tally.not_filed == {"36096IL9900001": 1}
    tuple(filing.rates)
    assert filing.tally.not_filed.total() == 1  # counted anew, not twice


@pytest.mark.parametrize("said", ["0", "9999.99", "999999"])
def test_a_placeholder_for_the_tobacco_rate_leaves_the_other_rate(folder: Path, said: str) -> None:
    tobacco = RATE.replace("No Preference", "Tobacco User/Non-Tobacco User") + said
    change_line(folder / "rates.csv", 2, lambda _: tobacco)
    filing = load(folder)
    assert by_age(filing.rates)[0].rate[:2] == (31_775, None)
    assert filing.tally.not_filed.total() == 1


@pytest.mark.parametrize("cents", [999_899, 987_654])
def test_a_high_rate_that_is_no_placeholder_is_read(folder: Path, cents: int) -> None:
    change_line(folder / "rates.csv", 2, lambda _: RATE.replace("317.75", f"{cents / 100:.2f}"))
    assert by_age(load(folder).rates)[0].rate.cents == cents


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1/1/2026", "12/31/2026"),
        ("01/01/2026 0:00", "12/31/2026 12:00:00 AM"),
        ("2026-01-01 00:00:00", "2026-12-31T00:00:00.000Z"),
    ],
)
def test_dates_are_read_as_spreadsheets_and_with_a_time(folder: Path, first: str, last: str) -> None:
    assert dated(folder, first, last).line == 2


@pytest.mark.parametrize("last", ["31/12/2026", "6/30/2026", "December", "12/31/26"])
def test_a_date_that_is_not_the_last_of_the_year_is_refused(folder: Path, last: str) -> None:
    with pytest.raises(FilingRefused, match=r"rates\.csv, line 2, column RateExpirationDate: is "):
        dated(folder, "1/1/2026", last)


def dated(folder: Path, first: str, last: str) -> FiledRate:
    rates = folder / "rates.csv"
    header = rates.read_text().splitlines()[0]
    rates.write_text(f"{header},RateEffectiveDate,RateExpirationDate\n{RATE},{first},{last}\n")
    return by_age(load(folder).rates)[0]


def test_a_rating_area_that_the_state_does_not_have_says_which_there_are(folder: Path) -> None:
    change_line(folder / "rates.csv", 2, lambda _: RATE.replace("Rating Area 1", "Rating Area 14"))
    with pytest.raises(
        FilingRefused, match=r"not a rating area of IL in 2026; correct it \(the state's areas are 1 to 13"
    ):
        tuple(load(folder).rates)


def test_texas_has_its_27th_rating_area_from_2025_on() -> None:
    assert GEOGRAPHY.rating_areas(2014)["TX"] == frozenset(range(1, 27))
    assert GEOGRAPHY.rating_areas(2027)["TX"] == frozenset(range(1, 28))
    assert GEOGRAPHY.rating_areas(2020)["TX"] == frozenset()


def test_a_missing_column_is_named(folder: Path) -> None:
    change_line(folder / "rates.csv", 1, lambda header: header.replace("IndividualRate", "Rate", 1))
    with pytest.raises(FilingRefused, match=r"rates\.csv, line 1, column IndividualRate: the column is missing"):
        tuple(load(folder).rates)


def test_a_plan_listed_twice_is_refused(folder: Path) -> None:
    plans = folder / "plan_attributes.csv"
    lines = plans.read_text().splitlines()
    plans.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(FilingRefused, match=rf"line {len(lines) + 1}, column PlanId: repeats an earlier row"):
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
    with pytest.raises(FilingRefused) as refusal:
        read_rows(path, ("a",), lambda row: row.number("a"))
    assert len(refusal.value.problems) == MAX_PROBLEMS


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text("a\n7\n", encoding="utf-8-sig")

    def number(row: Row) -> int:
        return row.number("a")

    assert read_rows(path, ("a",), number) == [7]

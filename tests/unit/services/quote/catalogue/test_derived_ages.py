"""Ages that a Landscape does not publish: derived by the state's curve, and never in the place of a published one."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from services.quote.catalogue.age_curves import curves_of
from services.quote.catalogue.landscape import read_landscape
from services.quote.catalogue.rows import age_band
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.age_curve import derive_rates
from services.quote.domain.filing import Filing, FilingRefused
from services.quote.domain.plan import RateSource
from services.quote.domain.rates import LAST_RATED_AGE
from tests.unit.services.quote.samples import by_age

COUNTIES = geography_source().read().counties
PARTS = ("plans.csv", "plan_county.csv", "rates_by_plan_rating_area.csv")
# Worked out apart from the importer, from the same published amounts (SOURCE.md of landscape-2014).
WORKED_OUT = Path(__file__).parent / "derived_rates_2014.csv"
PLAN = "36096IL0760001"
_ID = "plan_id_standard_component"

Row = dict[str, str]
# Blue PPO Gold 001 in rating area 1 of Illinois.
FILED = {(0, 20): 17_785, **{(a, a): c for a, c in ((21, 28008), (27, 29353), (30, 31790), (40, 35795), (50, 50023))}}


def table(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def one_file(folder: Path, change: Callable[[Row], Row] = lambda row: row, state: str = "IL") -> Path:
    """The Landscape as CMS publishes it: a row for each plan and county, with plan, county and rates side by side."""
    plans, counties, rates = (table(DATA / "landscape-2014" / part) for part in PARTS)
    by_plan = {row[_ID]: row for row in plans}
    by_area = {(row[_ID], row["rating_area"]): row for row in rates}
    joined = [
        change(by_plan[row[_ID]] | row | by_area[row[_ID], row["rating_area"]])
        for row in counties
        if row["state"] == state
    ]
    path = folder / "landscape.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, joined[0])
        writer.writeheader()
        writer.writerows(joined)
    return path


def rates_of(filing: Filing, plan: str = PLAN, area: int = 1) -> dict[tuple[int, int], tuple[int, RateSource]]:
    rows = [row for row in by_age(filing.rates) if (row.component_id, row.rating_area) == (plan, area)]
    return {(row.age_from, row.age_to): (row.rate.cents, row.rate.source) for row in rows}


def test_every_age_of_2014_is_the_cent_that_was_worked_out_apart() -> None:
    filing = read_landscape(DATA / "landscape-2014", 2014, COUNTIES)
    rates = {(row.component_id, row.rating_area, row.age_from): row.rate.cents for row in by_age(filing.rates)}
    checked = 0
    for row in table(WORKED_OUT):
        area = int(row["rating_area"].removeprefix("Rating Area "))
        for column in list(row)[3:]:
            cents = rates.pop((row[_ID], area, age_band("age", column)[0]))
            assert cents == int(Decimal(row[column]) * 100), (row[_ID], area, column)
            checked += 1
    assert checked == 915 * 45 and not rates


def test_a_landscape_as_cms_publishes_it_has_a_rate_at_every_age(tmp_path: Path) -> None:
    found = rates_of(read_landscape(one_file(tmp_path), 2014, COUNTIES))
    assert sorted(age for first, last in found for age in range(first, last + 1)) == list(range(LAST_RATED_AGE + 1))
    assert found[34, 34] == (34_002, RateSource.DERIVED)
    assert found[27, 27] == (29_353, RateSource.FILED)
    assert found[64, 65] == (84_025, RateSource.DERIVED)


def test_a_published_age_is_never_replaced_by_the_curve(tmp_path: Path) -> None:
    def a_cent_more(row: Row) -> Row:
        return row | {"premium_adult_individual_age_27": "293.54"}

    found = rates_of(read_landscape(one_file(tmp_path, a_cent_more), 2014, COUNTIES))
    assert found[27, 27] == (29_354, RateSource.FILED)


def test_rates_that_do_not_follow_the_curve_leave_the_other_ages_unfiled(tmp_path: Path) -> None:
    def typing_error(row: Row) -> Row:
        return row | {"premium_adult_individual_age_27": "392.53"} if row["rating_area"] == "Rating Area 1" else row

    filing = read_landscape(one_file(tmp_path, typing_error), 2014, COUNTIES)
    assert {source for _, source in rates_of(filing).values()} == {RateSource.FILED}
    assert {source for _, source in rates_of(filing, area=10).values()} == {RateSource.FILED, RateSource.DERIVED}


def test_a_dental_plan_is_not_derived_since_the_curve_does_not_bind_it(tmp_path: Path) -> None:
    filing = read_landscape(one_file(tmp_path, lambda row: row | {"metal_level": "High"}), 2014, COUNTIES)
    assert {row.rate.source for row in by_age(filing.rates)} == {RateSource.FILED}


def test_from_2018_on_children_have_the_two_ages_that_are_published_and_the_others_from_the_curve(
    tmp_path: Path,
) -> None:
    def of_2026(row: Row) -> Row:
        children = {"Premium Child Age 0-14": "214.26", "Premium Child Age 18": "255.71"}
        renamed = {"State Code": row.pop("state"), "County Name": row.pop("county")}
        row.pop("premium_child")
        return renamed | row | children

    found = rates_of(read_landscape(one_file(tmp_path, of_2026), 2026, COUNTIES))
    assert (found[0, 14], found[18, 18]) == ((21_426, RateSource.FILED), (25_571, RateSource.FILED))
    # 280.08 x 0.833 and x 0.941
    assert (found[15, 15], found[19, 19]) == ((23_331, RateSource.DERIVED), (26_356, RateSource.DERIVED))


def test_parts_whose_names_begin_with_issuer_and_year_are_found(tmp_path: Path) -> None:
    for part in PARTS:
        shutil.copy(DATA / "landscape-2014" / part, tmp_path / f"bcbs_2014_{part}")
    assert len(read_landscape(tmp_path, 2014, COUNTIES).plans) == 99


def test_a_folder_without_a_part_says_which(tmp_path: Path) -> None:
    shutil.copy(DATA / "landscape-2014/plans.csv", tmp_path)
    with pytest.raises(FilingRefused, match=r"plan_county\.csv.*has 0 files of such a name"):
        read_landscape(tmp_path, 2014, COUNTIES)


@pytest.mark.parametrize("state", ["IL", "MT", "NM", "OK", "TX"])
def test_all_five_states_use_the_federal_curve(state: str) -> None:
    assert (curves_of(2014)[state][20], curves_of(2017)[state][20]) == (635, 635)
    assert (curves_of(2018)[state][20], curves_of(2027)[state][64]) == (970, 3_000)


def test_an_age_left_out_comes_back_from_the_others() -> None:
    curve = curves_of(2014)["IL"]
    left_out = {band: cents for band, cents in FILED.items() if band != (40, 40)}
    assert derive_rates(left_out, curve, LAST_RATED_AGE)[40, 40] == FILED[40, 40]


def test_amounts_that_were_cut_off_to_the_cent_are_derived_too() -> None:
    curve = curves_of(2014)["IL"]
    cut_off = {(age, age): 28_099 * curve[age] // 1_000 for age in (21, 27, 30, 40, 50, 60)}
    assert derive_rates(cut_off, curve, LAST_RATED_AGE)[64, 65] in range(28_099 * 3 - 2, 28_099 * 3 + 3)


def test_without_a_filed_rate_nothing_is_derived() -> None:
    assert derive_rates({}, curves_of(2014)["IL"], LAST_RATED_AGE) == {}

"""``python -m services.quote import`` on PostgreSQL: whole or not at all, while people go on searching."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from chassis.db import Database
from chassis.kernel import FixedClock
from services.quote.catalogue import puf
from services.quote.catalogue.puf_rates import RateFile
from services.quote.catalogue.sources import DATA
from services.quote.commands.import_filing import app
from services.quote.domain.household import Member, Relationship
from services.quote.domain.plan import CatalogueKind, Coverage
from services.quote.domain.rating_context import RatingRequest
from services.quote.store.catalogue import CatalogueRepository
from services.quote.usecases.search_plans import PlanQuery, SearchPlans
from tests.integration.services.quote.samples import count, count_rates
from tests.unit.services.quote.catalogue.test_derived_ages import one_file

IN_FORCE = "where data_set_id in (select id from data_set where replaced_at is null)"
ILLUSTRATIVE = DATA / "illustrative/2026"
ASKED = RatingRequest("IL", "60601", "17031", date(2026, 6, 1), (Member(Relationship.SELF, date(1971, 9, 1)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ILLUSTRATIVE, tmp_path / "filing"))


def run(db: Database, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, obj=SimpleNamespace(database=db))
    return result.exit_code, " ".join(result.output.split())


def import_puf(db: Database, folder: Path) -> tuple[int, str]:
    return run(db, "puf", str(folder), "--plan-year", "2026")


def change_line(path: Path, line: int, change: Callable[[str], str]) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = change(lines[line - 1])
    path.write_text("\n".join(lines) + "\n")


def prices(db: Database) -> list[tuple[str, int]]:
    found = SearchPlans(CatalogueRepository(db), FixedClock.at("2026-05-20"))(ASKED, PlanQuery(Coverage.MEDICAL))
    return [(priced.plan.plan_id, priced.premium.total.cents) for priced in found.plans]


def test_a_filing_is_imported_with_its_plans_pages(db: Database, folder: Path) -> None:
    code, said = import_puf(db, folder)
    assert code == 0 and "filing-2026: 76 plans, 8,688 rates" in said
    assert (count(db, "plan"), count_rates(db)) == (76, 8_688)
    plan = CatalogueRepository(db).current().plan(2026, "36096IL9900001-01")
    assert plan.detail.benefits and plan.detail.variants and plan.hsa_eligible is False
    assert dict(prices(db))["36096IL9900001-01"] == 886_79


def test_a_large_rate_file_is_imported_like_a_small_one(
    db: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_puf(db, folder)
    of_rows = stored_rates(db)
    monkeypatch.setattr(puf, "LARGE_FILE", 0)
    monkeypatch.setattr(RateFile, "__iter__", None)  # nothing is left to the reader of rows
    code, said = run(db, "puf", str(folder), "--plan-year", "2026", "--name", "filing-2026", "--illustrative")
    assert code == 0 and "76 plans, 8,688 rates" in said
    assert {(*place, "illustrative"): rates for (*place, _), rates in of_rows.items()} == stored_rates(db)


def stored_rates(db: Database) -> dict[tuple[object, ...], tuple[object, ...]]:
    key = "state, rating_area, component_id, source"
    query = f"select {key}, ages_from, ages_to, cents, tobacco_cents from plan_rate {IN_FORCE}"
    with db.transaction() as session:
        return {tuple(row[:4]): tuple(row[4:]) for row in session.execute(text(query))}


def test_the_landscape_of_2014_is_imported(db: Database) -> None:
    code, said = run(db, "landscape", str(DATA / "landscape-2014"), "--plan-year", "2014")
    assert code == 0 and "landscape-2014: 99 plans, 41,175 rates" in said


def test_an_operators_own_landscape_prices_ages_between_the_published_ones(db: Database, tmp_path: Path) -> None:
    code, said = run(db, "landscape", str(one_file(tmp_path)), "--plan-year", "2014")
    assert code == 0, said
    asked = replace(ASKED, effective_date=date(2014, 6, 1), members=(Member(Relationship.SELF, date(1980, 1, 1)),))
    found = SearchPlans(CatalogueRepository(db), FixedClock.at("2014-05-20"))(asked, PlanQuery(Coverage.MEDICAL))
    lines = {one.plan.component_id: one.premium.lines[0] for one in found.plans}
    assert lines["36096IL0760001"].amount.cents == 340_02
    assert "derived from the filed rates of other ages by the federal age curve" in lines["36096IL0760001"].explanation


def test_the_same_filing_again_changes_nothing(db: Database, folder: Path) -> None:
    import_puf(db, folder)
    assert import_puf(db, folder)[1].endswith("s") and "filing-2026: unchanged" in import_puf(db, folder)[1]


@pytest.mark.parametrize(
    ("file", "line", "change", "column"),
    [
        ("rates.csv", 8_000, lambda row: row.replace(".", ",", 1), "-"),
        ("rates.csv", 8_688, lambda row: row.replace(".", "..", 1), "IndividualRate"),
        ("plan_attributes.csv", 40, lambda row: row[:30], "-"),
        ("service_areas.csv", 3, lambda row: row.replace(",17", ",99"), "County"),
    ],
)
def test_a_bad_row_is_named_and_the_catalogue_before_stays_live(
    db: Database, folder: Path, file: str, line: int, change: Callable[[str], str], column: str
) -> None:
    import_puf(db, folder)
    before = prices(db)
    change_line(folder / file, line, change)
    code, said = import_puf(db, folder)
    assert code == 1
    assert f"{file}, line {line}, column {column}" in said and "Nothing was imported" in said
    assert prices(db) == before and count_rates(db) == 8_688


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plan_attributes.csv", "2026,", "2025,"),
        ("plan_attributes.csv", ",Individual,", ",SHOP (Small Group),"),
        ("rates.csv", "2026,IL", "2025,IL"),
        ("service_areas.csv", "2026,IL", "2025,IL"),
    ],
)
def test_a_filing_with_gaps_is_refused_and_the_catalogue_of_that_name_stays(
    db: Database, folder: Path, file: str, old: str, new: str
) -> None:
    import_puf(db, folder)
    before = prices(db)
    path = folder / file
    path.write_text(path.read_text().replace(old, new))
    code, said = import_puf(db, folder)
    assert code == 1 and "plan_attributes.csv, line " in said and "Nothing was imported" in said
    assert before and prices(db) == before and count_rates(db) == 8_688


def test_the_same_files_with_another_option_are_imported_again(db: Database, folder: Path) -> None:
    import_puf(db, folder)
    code, said = run(db, "puf", str(folder), "--plan-year", "2026", "--illustrative")
    assert code == 0 and "76 plans" in said
    assert CatalogueRepository(db).current().plan(2026, "36096IL9900001-01").catalogue is CatalogueKind.ILLUSTRATIVE


def test_placeholders_are_counted(db: Database, folder: Path) -> None:
    change_line(folder / "rates.csv", 8_000, lambda row: re.sub(r"\d+\.\d\d", "9999.99", row, count=1))
    code, said = import_puf(db, folder)
    assert code == 0 and "76 plans, 8,687 rates, 1 not filed (0 or nines instead of a rate)" in said


def test_two_rates_for_one_age_are_found_among_all_rows(db: Database, folder: Path) -> None:
    rates = folder / "rates.csv"
    lines = rates.read_text().splitlines()
    rates.write_text("\n".join([*lines, lines[1].replace("0-14", "7")]) + "\n")
    code, said = import_puf(db, folder)
    assert code == 1 and f"rates.csv, line {len(lines) + 1}, column Age: repeats an earlier row" in said
    assert count(db, "plan") == count(db, "data_set where plan_year = 2026") == 0


FAMILY_HEADER = (
    "BusinessYear,StateCode,IssuerId,PlanId,RatingAreaId,Tobacco,Age,IndividualRate,IndividualTobaccoRate,Couple,"
    "PrimarySubscriberAndOneDependent"
)
FAMILY = "2026,IL,36096,36096IL9900014,Rating Area 1,No Preference,Family Option,20.00,,40.01,30.02"


def give_family_rates(folder: Path, *more: str) -> None:
    """One dental plan's rates by age become family rates of the first rating area."""
    rates = folder / "rates.csv"
    _, *lines = rates.read_text().splitlines()
    kept = [f"{line},," for line in lines if "36096IL9900014" not in line]
    rates.write_text("\n".join([FAMILY_HEADER, *kept, FAMILY, *more]) + "\n")


def test_a_dental_plan_is_priced_by_its_family_rates(db: Database, folder: Path) -> None:
    give_family_rates(folder)
    code, said = import_puf(db, folder)
    assert code == 0, said
    assert count(db, "family_rate") == 3
    person = ASKED.members[0]
    child = Member(Relationship.CHILD, date(2015, 1, 1))
    sold = partial(SearchPlans(CatalogueRepository(db), FixedClock.at("2026-05-20")), query=PlanQuery(Coverage.DENTAL))
    for people, cents in (((person,), 20_00), ((person, child), 30_02)):
        found = sold(replace(ASKED, members=people))
        assert {p.premium.total.cents for p in found.plans if p.plan.component_id == "36096IL9900014"} == {cents}
    couple = (person, Member(Relationship.SPOUSE, date(1972, 1, 1)), child)
    unpriced = sold(replace(ASKED, members=couple)).not_filed
    assert {one.plan.component_id for one in unpriced} == {"36096IL9900014"}
    assert "a couple with one dependent" in unpriced[0].reason


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (FAMILY, "repeats an earlier row"),
        (FAMILY.replace("Family Option,20.00,,40.01,30.02", "30,20.00,,,"), "the plan has rates by age too"),
    ],
)
def test_a_plan_has_one_price_for_a_family(db: Database, folder: Path, more: str, reason: str) -> None:
    give_family_rates(folder, more)
    code, said = import_puf(db, folder)
    assert code == 1 and f"column Age: {reason}" in said
    assert count(db, "plan") == 0


def test_a_plan_of_another_catalogue_is_refused(db: Database, folder: Path) -> None:
    import_puf(db, folder)
    code, said = run(db, "puf", str(folder), "--plan-year", "2026", "--name", "second")
    assert code == 1 and "already in another catalog" in said
    assert count_rates(db) == 8_688


def test_a_filing_does_not_take_the_place_of_the_geography(db: Database, folder: Path) -> None:
    assert import_puf(db, folder)[0] == 0
    before = prices(db)
    code, said = run(db, "landscape", str(DATA / "landscape-2014"), "--plan-year", "2014", "--name", "geography")
    assert code == 1 and "geography has the ZIP codes and counties that every quote needs; give another --name" in said
    assert "Nothing was imported" in said
    assert prices(db) == before and before


def test_a_folder_without_rates_is_refused(db: Database, folder: Path) -> None:
    (folder / "rates.csv").unlink()
    code, said = import_puf(db, folder)
    assert code == 1 and "rates.csv" in said

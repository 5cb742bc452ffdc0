"""What the readers take for a plan's own page, and the layouts that CMS publishes."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from chassis.kernel import Money
from services.quote.catalogue.files import PublicUseFiles
from services.quote.catalogue.landscape import read_landscape
from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.puf_rates import RateFile
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.benefits import CostShare
from services.quote.domain.filing import FiledFamilyRate, FiledRate, Filing, FilingRefused
from services.quote.domain.plan import CatalogueKind, Coverage, Plan, RateSource
from tests.unit.services.quote.samples import by_age

GEOGRAPHY = geography_source().read()
FIPS = GEOGRAPHY.fips_by_state()
RATE_HEADER = (
    "BusinessYear,StateCode,IssuerId,RateEffectiveDate,RateExpirationDate,PlanId,RatingAreaId,Tobacco,Age,"
    "IndividualRate,IndividualTobaccoRate"
)
ROW = "2026,IL,36096,2026-01-01,2026-12-31,36096IL9900001,Rating Area 1,No Preference,21,300.00,"


@pytest.fixture(scope="module")
def made_up() -> Filing:
    return read_public_use_files(DATA / "illustrative/2026", 2026, CatalogueKind.ILLUSTRATIVE, FIPS)


def rows(folder: Path, *lines: str) -> Iterable[FiledRate | FiledFamilyRate]:
    path = folder / "Rate_PUF.csv"
    path.write_text("\n".join((RATE_HEADER, *lines)) + "\n")
    return RateFile(path, 2026, {"36096IL9900001": "IL"}, RateSource.FILED)


def plan(filing: Filing, plan_id: str) -> Plan:
    return next(plan for plan in filing.plans if plan.plan_id == plan_id)


def test_rates_of_other_carriers_plans_and_years_are_skipped(tmp_path: Path) -> None:
    strangers = (
        ROW.replace("36096,", "99999,"),
        ROW.replace("9900001", "9900002"),
        ROW.replace("2026,IL", "2025,IL"),
    )
    assert [row.line for row in rows(tmp_path, *strangers, ROW)] == [5]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        (ROW.replace("2026-12-31", "2026-03-31"), "RateExpirationDate"),
        (ROW.replace("2026-01-01", "2026-04-01"), "RateEffectiveDate"),
    ],
)
def test_a_rate_for_a_part_of_the_year_is_refused(tmp_path: Path, changed: str, column: str) -> None:
    with pytest.raises(FilingRefused, match=rf"Rate_PUF\.csv, line 3, column {column}"):
        list(rows(tmp_path, ROW, changed))


def test_rows_after_a_bad_one_are_not_given_out(tmp_path: Path) -> None:
    given: list[FiledRate | FiledFamilyRate] = []
    with pytest.raises(FilingRefused):
        given.extend(rows(tmp_path, ROW.replace("300.00", "-5"), ROW, ROW))
    assert not given


@pytest.mark.parametrize(
    ("broken", "column"),
    [("2026,IL,36096", "-"), ("\x00" * 3, "-"), (ROW.replace(",21,", ",\udcff,"), "Age")],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, broken: str, column: str) -> None:
    path = tmp_path / "rates.csv"
    text = "\n".join((RATE_HEADER, ROW, broken, ROW)) + "\n"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(FilingRefused, match=rf"rates\.csv, line 3, column {column}: "):
        list(RateFile(path, 2026, {"36096IL9900001": "IL"}, RateSource.FILED))


@pytest.mark.parametrize("label", ["0-14", "0-20", "15", "63", "64 and over", "65 and over"])
def test_the_ages_that_cms_writes_are_read(tmp_path: Path, label: str) -> None:
    (row,) = by_age(rows(tmp_path, ROW.replace(",21,", f",{label},")))
    assert row.age_from == int(label.split("-")[0].split(" ")[0])


def test_a_plan_has_benefits_links_and_the_variants_of_its_exchange_side(made_up: Filing) -> None:
    on, off = plan(made_up, "36096IL9900001-01"), plan(made_up, "36096IL9900001-00")
    assert [variant.plan_id[-2:] for variant in on.detail.variants] == ["04", "05", "06"]
    assert not off.detail.variants
    visit = CostShare("Primary Care Visit to Treat an Injury or Illness", "$40", "Not covered")
    assert visit in on.detail.benefits
    assert on.detail.family_deductible == Money(10_000_00)
    assert on.detail.summary_of_benefits_url.startswith("https://plans.example/")
    assert on.detail.provider_finder_url
    assert (on.hsa_eligible, plan(made_up, "33602TX9900005-00").hsa_eligible) == (False, True)


def test_every_illustrative_plan_has_benefits_in_both_years(made_up: Filing) -> None:
    other = read_public_use_files(DATA / "illustrative/2027", 2027, CatalogueKind.ILLUSTRATIVE, FIPS)
    assert all(plan.detail.benefits for filing in (made_up, other) for plan in filing.plans)


def test_plans_of_2014_carry_their_copays_variants_and_links() -> None:
    filing = read_landscape(DATA / "landscape-2014", 2014, GEOGRAPHY.counties)
    gold, silver = plan(filing, "36096IL0760001-01"), plan(filing, "36096IL0760003-01")
    assert CostShare("Generic drugs", "No Charge") in gold.detail.benefits
    assert CostShare("Inpatient facility", "$200 Copay per Stay") in gold.detail.benefits
    assert gold.detail.formulary_url == "http://www.bcbsil.com/member/rx_drugs.html"
    assert gold.detail.family_deductible == Money(9_750_00)
    assert gold.hsa_eligible is None
    assert [variant.deductible for variant in silver.detail.variants] == [
        Money(5_000_00),
        Money(1_500_00),
        Money(500_00),
    ]


def table(name: str) -> list[dict[str, str]]:
    with (DATA / "landscape-2014" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_landscape_as_cms_publishes_it_gives_the_same_plans(tmp_path: Path) -> None:
    """One file, a row for each plan and county, headers in CMS's spelling, other issuers and dental plans among it."""
    split = read_landscape(DATA / "landscape-2014", 2014, GEOGRAPHY.counties)
    plans = {row["plan_id_standard_component"]: row for row in table("plans.csv") if row["state"] == "MT"}
    rates = {(r["plan_id_standard_component"], r["rating_area"]): r for r in table("rates_by_plan_rating_area.csv")}
    sold = [row for row in table("plan_county.csv") if row["state"] == "MT"]
    one = [
        {**plans[(key := row["plan_id_standard_component"])], **rates[key, row["rating_area"]], **row} for row in sold
    ]
    dental = [{**row, "plan_id_standard_component": "30751MT0990001", "metal_level": "Low"} for row in one[:1]]
    stranger = [{**row, "plan_id_standard_component": "99999MT0990001"} for row in one[:1]]
    path = tmp_path / "landscape.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name.replace("_", " - ", 1).replace("_", " ").title() for name in one[0]])
        writer.writerows(row.values() for row in (*one, *dental, *stranger))
    whole = read_landscape(path, 2014, GEOGRAPHY.counties)
    assert set(whole.plans) >= {plan for plan in split.plans if plan.state == "MT"}
    assert [plan.plan_id for plan in whole.plans if plan.coverage is Coverage.DENTAL] == ["30751MT0990001-01"]
    assert len(whole.plans) == 13
    rates_of_montana = [row[:-1] for row in by_age(split.rates) if row.state == "MT"]
    assert {row[:-1] for row in by_age(whole.rates) if row.component_id != "30751MT0990001"} == set(rates_of_montana)


def test_files_are_found_under_the_names_of_cms(tmp_path: Path) -> None:
    folder = DATA / "illustrative/2026"
    names = {
        "plan_attributes.csv": "Plan_Attributes_PUF.csv",
        "rates.csv": "Rate_PUF_2026.csv",
        "service_areas.csv": "service-area-puf.csv",
        "benefits.csv": "Benefits_Cost_Sharing_PUF.csv",
    }
    for ours, theirs in names.items():
        shutil.copy(folder / ours, tmp_path / theirs)
    found = PublicUseFiles.from_folder(tmp_path)
    assert [path.name for path in found] == list(names.values())
    (tmp_path / "Rate_PUF_2026.csv").unlink()
    with pytest.raises(FilingRefused, match=r"rates\.csv.*missing"):
        PublicUseFiles.from_folder(tmp_path)

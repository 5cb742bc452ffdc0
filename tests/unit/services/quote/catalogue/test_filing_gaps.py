"""A filing that is about nothing of ours, or leaves something out, is refused and says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.quote.catalogue.landscape import read_landscape
from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.sources import DATA, geography_source, landscape_source, public_use_source
from services.quote.domain.filing import FilingRefused
from services.quote.domain.filing_gaps import refuse_unrated, refuse_without_plans_or_counties
from services.quote.domain.plan import CatalogueKind
from tests.unit.services.quote.catalogue.test_derived_ages import Row, one_file

GEOGRAPHY = geography_source()
FIPS = GEOGRAPHY.read().fips_by_state()
FILED = CatalogueKind.CMS_FILED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "illustrative/2026", tmp_path / "2026"))


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *(changed for row in rows if (changed := change(row)))]) + "\n")


@pytest.mark.parametrize(
    ("change", "column", "advice"),
    [
        (lambda row: row.replace("2026,", "2025,", 1), "BusinessYear", "--plan-year 2025 or the files of 2026"),
        (lambda row: row.replace(",36096,", ",99999,").replace(",33602,", ",1,"), "IssuerId", r"36096 \(IL\)"),
        (lambda row: row.replace(",Individual,", ",SHOP (Small Group),"), "MarketCoverage", "not the individual"),
        (lambda row: "", "-", "no rows below its header"),
    ],
)
def test_a_plan_file_with_nothing_of_ours_says_why(
    folder: Path, change: Callable[[str], str], column: str, advice: str
) -> None:
    def of_one_state(row: str) -> str:
        return change(row) if ",IL,36096," in row else ""

    rewrite(folder / "plan_attributes.csv", of_one_state)
    with pytest.raises(FilingRefused, match=rf"plan_attributes\.csv, line \d, column {column}: .*{advice}"):
        read_public_use_files(folder, 2026, FILED, FIPS)


def test_a_plan_file_with_variants_alone_is_refused(folder: Path) -> None:
    rewrite(folder / "plan_attributes.csv", lambda row: row if row.split(",IL,")[-1].find("-04") > 0 else "")
    with pytest.raises(FilingRefused, match=r"plan_attributes\.csv"):
        read_public_use_files(folder, 2026, FILED, FIPS)


def test_a_landscape_of_other_issuers_is_refused(tmp_path: Path) -> None:
    def of_a_stranger(row: Row) -> Row:
        return row | {"plan_id_standard_component": "99999" + row["plan_id_standard_component"][5:]}

    path = one_file(tmp_path, of_a_stranger)
    with pytest.raises(FilingRefused, match=r"landscape\.csv, line 2, column plan_id_standard_component: no row"):
        read_landscape(path, 2014, GEOGRAPHY.read().counties)


def test_a_plan_that_is_sold_in_no_county_is_named_with_its_line(folder: Path) -> None:
    rewrite(folder / "service_areas.csv", lambda row: "" if ",OK," in row else row)
    filing = read_public_use_files(folder, 2026, FILED, FIPS)
    with pytest.raises(FilingRefused) as refusal:
        refuse_without_plans_or_counties(filing)
    lines = (folder / "plan_attributes.csv").read_text().splitlines()
    assert all(",OK," in lines[problem.line - 1] for problem in refusal.value.problems)
    assert {problem.column for problem in refusal.value.problems} == {"ServiceAreaId"}


def test_a_plan_without_rates_is_named_with_its_line(folder: Path) -> None:
    filing = read_public_use_files(folder, 2026, FILED, FIPS)
    rated = {row.component_id for row in filing.rates}
    refuse_unrated(filing, rated)
    with pytest.raises(
        FilingRefused, match=r"plan_attributes\.csv, line \d+, column PlanId: rates\.csv has no rate of 2026"
    ):
        refuse_unrated(filing, rated - {"36096IL9900001"})


def test_a_plan_with_placeholders_alone_is_not_filed_and_no_gap(folder: Path) -> None:
    filing = read_public_use_files(folder, 2026, FILED, FIPS)
    rated = {row.component_id for row in filing.rates}
    filing.tally.count("36096IL9900001")
    refuse_unrated(filing, rated - {"36096IL9900001"})


def test_a_filing_with_placeholders_alone_is_refused(folder: Path) -> None:
    filing = read_public_use_files(folder, 2026, FILED, FIPS)
    for plan in filing.plans:
        filing.tally.count(plan.component_id)
    with pytest.raises(FilingRefused, match="every rate is a placeholder"):
        refuse_unrated(filing, set())


def test_a_filing_without_plans_is_refused(folder: Path) -> None:
    filing = replace(read_public_use_files(folder, 2026, FILED, FIPS), plans=())
    with pytest.raises(FilingRefused, match="has no plans"):
        refuse_without_plans_or_counties(filing)


def test_the_digest_changes_with_the_options() -> None:
    def digest(year: int, kind: CatalogueKind) -> str:
        return public_use_source("one", DATA / "illustrative/2026", year, kind, GEOGRAPHY).digest

    landscapes = {landscape_source(DATA / "landscape-2014", year, GEOGRAPHY).digest for year in (2014, 2015)}
    illustrative = CatalogueKind.ILLUSTRATIVE
    assert len({digest(2026, FILED), digest(2026, illustrative), digest(2027, FILED), *landscapes}) == 5
    assert digest(2026, FILED) == digest(2026, FILED)

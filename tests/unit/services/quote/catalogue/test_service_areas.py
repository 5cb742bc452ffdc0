"""Service areas as CMS publishes them: one id from several sources, rows that repeat, codes that became numbers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.puf_areas import read_service_areas
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.filing import FiledServiceArea, FilingRefused
from services.quote.domain.plan import CatalogueKind

FIPS = geography_source().read().fips_by_state()
# The header, and New Mexico's rows of 2014, as in CMS's file: the same area from SERFF and, for multi-state plans, OPM.
REAL = """\
BusinessYear,StateCode,IssuerId,SourceName,VersionNum,ImportDate,IssuerId2,StateCode2,ServiceAreaId,ServiceAreaName,\
CoverEntireState,County,PartialCounty,ZipCodes,PartialCountyJustification,RowNumber,MarketCoverage,DentalOnlyPlan,DentalOnly
2014,NM,75605,SERFF,9,2013-11-27 09:24:34,75605,NM,NMS001,Statewide,Yes,,,,,13,Individual,,No
2014,NM,75605,OPM,3,2013-11-29 08:33:31,75605,NM,NMS001,Statewide,Yes,,,,,13,Individual,,No
"""
ROW = "2014,IL,36096,{source},6,2014-01-21 08:29:49,36096,IL,ILS001,PPO,No,{county},{part},{zips},,13,Individual,,No\n"


def row(source: str, county: str, zips: str = "") -> str:
    return ROW.format(source=source, county=county, part="Yes" if zips else "No", zips=zips)


def areas(folder: Path, *rows: str) -> list[FiledServiceArea]:
    return list(read_service_areas(write(folder, *rows), 2014, FIPS).rows())


def write(folder: Path, *rows: str) -> Path:
    path = folder / "service_areas.csv"
    path.write_text(REAL + "".join(rows))
    return path


def test_an_area_that_two_sources_filed_alike_is_one(tmp_path: Path) -> None:
    found = areas(tmp_path)
    assert {area.service_area_id for area in found} == {"NMS001"}
    assert sorted(area.county_fips for area in found) == sorted(FIPS["NM"])


def test_a_county_that_became_a_number_on_the_way_is_read(tmp_path: Path) -> None:
    assert areas(tmp_path, row("HIOS", "17183.0"))[-1] == FiledServiceArea("ILS001", "17183")


def test_a_row_that_is_repeated_counts_once(tmp_path: Path) -> None:
    assert len(areas(tmp_path, row("HIOS", "17183"), row("HIOS", "17183"))) == len(FIPS["NM"]) + 1


def test_a_source_that_says_two_things_about_a_county_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilingRefused, match=r"service_areas\.csv, line 5, column County: differs from an earlier row"):
        areas(tmp_path, row("HIOS", "17031"), row("HIOS", "17031", "60601"))


def filing(folder: Path, change: Callable[[str], str]) -> Path:
    """The illustrative filing of 2026, where SERFF and OPM file Illinois's first area with different counties."""
    path = Path(shutil.copytree(DATA / "illustrative/2026", folder / "2026"))
    plans = path / "plan_attributes.csv"
    plans.write_text("\n".join(change(row) for row in plans.read_text().splitlines()) + "\n")
    both = [
        f"2026,IL,36096,ILS001,Part,No,{fips},No,,Individual,{source}"
        for source, fips in (("SERFF", "17031"), ("OPM", "17043"))
    ]
    service = path / "service_areas.csv"
    header, *rows = service.read_text().splitlines()
    others = [f"{row},SERFF" for row in rows if ",ILS001," not in row]
    service.write_text("\n".join([f"{header},SourceName", *others, *both]) + "\n")
    return path


def test_a_plan_has_the_counties_of_its_own_source_where_they_differ(tmp_path: Path) -> None:
    def source(row: str) -> str:
        return row.replace(",Illustrative,", ",OPM," if "36096IL9900006" in row else ",SERFF,")

    read = read_public_use_files(filing(tmp_path, source), 2026, CatalogueKind.CMS_FILED, FIPS)
    area_of = {plan.component_id: plan.service_area_id for plan in read.plans}
    counties = {area.service_area_id: area.county_fips for area in read.service_areas}
    assert counties[area_of["36096IL9900006"]] == "17043"
    assert counties[area_of["36096IL9900008"]] == "17031"


def test_a_plan_whose_source_is_not_said_is_refused_where_sources_differ(tmp_path: Path) -> None:
    with pytest.raises(
        FilingRefused, match=r"plan_attributes\.csv, line \d+, column ServiceAreaId: is filed by OPM and"
    ):
        read_public_use_files(
            filing(tmp_path, lambda row: row.replace(",Illustrative,", ",,")), 2026, CatalogueKind.CMS_FILED, FIPS
        )

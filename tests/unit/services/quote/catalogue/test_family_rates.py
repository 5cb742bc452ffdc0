"""``Family Option`` rows of the Rate PUF, and how many children a dental plan charges."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.puf_rates import RateFile
from services.quote.catalogue.sources import DATA, geography_source
from services.quote.domain.filing import FiledFamilyRate, FilingRefused
from services.quote.domain.plan import CatalogueKind, RateSource
from services.quote.domain.rates import FamilyTier

FIPS = geography_source().read().fips_by_state()
HEADER = (
    "BusinessYear,StateCode,IssuerId,PlanId,RatingAreaId,Tobacco,Age,IndividualRate,IndividualTobaccoRate,Couple,"
    "PrimarySubscriberAndOneDependent,PrimarySubscriberAndTwoDependents,PrimarySubscriberAndThreeOrMoreDependents,"
    "CoupleAndOneDependent,CoupleAndTwoDependents,CoupleAndThreeOrMoreDependents"
)
ROW = "2026,IL,36096,36096IL9900012,Rating Area 4,No Preference,Family Option,20.00,,40.01,30,41.50,55,60,70,80.99"
DENTAL = "36096IL9900012"


def rows(folder: Path, *lines: str, header: str = HEADER) -> list[FiledFamilyRate]:
    path = folder / "rates.csv"
    path.write_text("\n".join((header, *lines)) + "\n")
    read = RateFile(path, 2026, {DENTAL: "IL"}, RateSource.FILED)
    return [row for row in read if isinstance(row, FiledFamilyRate)]


def test_a_family_option_has_a_price_for_each_kind_of_family(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, ROW)
    assert (row.component_id, row.state, row.rating_area, row.line) == (DENTAL, "IL", 4, 2)
    assert [row.rates.cents[tier] for tier in FamilyTier] == [2_000, 3_000, 4_150, 5_500, 4_001, 6_000, 7_000, 8_099]


def test_a_family_price_that_is_empty_is_not_filed(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, ROW.replace("40.01", ""))
    assert FamilyTier.COUPLE not in row.rates.cents and len(row.rates.cents) == 7


def test_a_file_without_the_family_columns_has_the_price_of_one_person(tmp_path: Path) -> None:
    header = HEADER.split(",Couple,")[0]
    (row,) = rows(tmp_path, ROW.split(",40.01")[0], header=header)
    assert dict(row.rates.cents) == {FamilyTier.INDIVIDUAL: 2_000}


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        (ROW.replace("40.01", "free"), "Couple"),
        (ROW.replace("80.99", "-1"), "CoupleAndThreeOrMoreDependents"),
        (ROW.replace("No Preference", "Tobacco User/Non-Tobacco User"), "Tobacco"),
        (ROW.split("20.00")[0] + "," * 8, "IndividualRate"),
    ],
)
def test_a_bad_family_rate_is_named(tmp_path: Path, changed: str, column: str) -> None:
    with pytest.raises(FilingRefused, match=rf"rates\.csv, line 3, column {column}: "):
        rows(tmp_path, ROW, changed)


@pytest.mark.parametrize(("said", "cap"), [("1", 1), ("3", 3), ("No Limit", None), ("", 3)])
def test_a_dental_plan_says_how_many_children_are_charged(tmp_path: Path, said: str, cap: int | None) -> None:
    assert caps(tmp_path, DENTAL, said) == {cap}


def test_a_medical_plan_charges_three_children_whatever_the_file_says(tmp_path: Path) -> None:
    assert caps(tmp_path, "36096IL9900001", "No Limit") == {3}


@pytest.mark.parametrize("said", ["0", "many", "-1"])
def test_a_cap_that_is_no_number_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(FilingRefused, match="column ChargedChildrenCap"):
        caps(tmp_path, DENTAL, said)


def caps(folder: Path, component: str, said: str) -> set[int | None]:
    """What the plan's rows say when its cap is set to ``said``."""
    filing = Path(shutil.copytree(DATA / "illustrative/2026", folder / "2026"))
    path = filing / "plan_attributes.csv"
    with path.open(newline="") as file:
        found = list(csv.DictReader(file))
    for row in found:
        if row["StandardComponentId"] == component:
            row["ChargedChildrenCap"] = said
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)
    plans = read_public_use_files(filing, 2026, CatalogueKind.CMS_FILED, FIPS).plans
    return {plan.charged_children_cap for plan in plans if plan.component_id == component}

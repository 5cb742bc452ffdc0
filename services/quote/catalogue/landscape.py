"""Catalogue: the CMS "QHP Landscape, Individual Market Medical" (split without loss; see its SOURCE.md).

Seven ages are filed (0-20, 21, 27, 30, 40, 50, 60). Every other age comes from the derived table and says so.
A cell that was published is always taken from the published file, never recomputed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from services.quote.catalogue.rows import BadCell, Row, age_band, once, read
from services.quote.domain.filing import CountyRow, Filing, RateRow, ServiceAreaRow
from services.quote.domain.plan import ISSUER_IDS, CatalogueKind, Coverage, Exchange, Plan, Rate, RateSource

_STATES = {state: state for state in ISSUER_IDS}
_COMPONENT = r"\d{5}[A-Z]{2}\d{7}"
_ID = "plan_id_standard_component"
_FILED = {
    "premium_child": (0, 20),
    **{f"premium_adult_individual_age_{age}": (age, age) for age in (21, 27, 30, 40, 50, 60)},
}
_DERIVED = {
    label: ages
    for label in (*(str(age) for age in range(21, 64)), "64 and over")
    if (ages := age_band(label, label)) not in _FILED.values()
}


def read_landscape(folder: Path, plan_year: int, counties: tuple[CountyRow, ...]) -> Filing:
    """The three published files and the derived one of a plan year; raises ``FileRefused``."""
    plans = _plans(folder / "plans.csv", plan_year)
    areas = _service_areas(folder / "plan_county.csv", counties)
    filed = _rates(folder / "rates_by_plan_rating_area.csv", _FILED, RateSource.FILED)
    derived = _rates(folder / "derived_rates_all_ages.csv", _DERIVED, RateSource.DERIVED)
    return Filing(plan_year, tuple(plans), (*filed, *derived), tuple(areas))


def _plans(path: Path, plan_year: int) -> list[Plan]:
    unique = once(_ID)

    def plan(row: Row) -> Plan:
        component = row.matching(_ID, _COMPONENT)
        unique(component)
        return Plan(
            plan_year=plan_year,
            # The Landscape lists what is sold on the exchange; whether a plan was sold off it too, it does not say.
            plan_id=f"{component}-01",
            component_id=component,
            state=row.choice("state", _STATES),
            issuer_id=component[:5],
            issuer_name=row.required("issuer_name"),
            name=row.required("plan_marketing_name"),
            coverage=Coverage.MEDICAL,
            metal_level=row.required("metal_level"),
            plan_type=row.required("plan_type"),
            exchange=Exchange.ON,
            service_area_id=component,
            network_id="",
            network_name="",
            child_only_offering=row.required("child_only_offering"),
            consumer_choice_disclosure=False,
            includes_pediatric_dental=row.text("child_dental") == "X",
            deductible=row.dollars("medical_deductible_individual_standard"),
            out_of_pocket_maximum=row.dollars("medical_maximum_out_of_pocket_individual_standard"),
            catalogue=CatalogueKind.CMS_FILED,
        )

    return read(path, (_ID, "state", "issuer_name", "plan_marketing_name", "metal_level", "plan_type"), plan)


def _service_areas(path: Path, counties: tuple[CountyRow, ...]) -> list[ServiceAreaRow]:
    fips = {(county.state, _plain(county.name)): county for county in counties}
    unique = once("county")

    def area(row: Row) -> ServiceAreaRow:
        county = fips.get((row.required("state"), _plain(row.required("county"))))
        if county is None:
            raise BadCell("county", "is no county of the state")
        if county.area_2014_2017 != row.rating_area("rating_area"):
            raise BadCell("rating_area", "is not the county's rating area")
        found = ServiceAreaRow(row.matching(_ID, _COMPONENT), county.fips)
        unique(found)
        return found

    return read(path, (_ID, "state", "county", "rating_area"), area)


def _plain(county_name: str) -> str:
    """One spelling for ``DE WITT``, ``De Witt County`` and ``DeWitt``, ``ST. CLAIR`` and ``St Clair``."""
    letters = re.sub(r"[^A-Z]", "", county_name.upper().removesuffix(" COUNTY"))
    return re.sub(r"^SAINT", "ST", letters)


def _rates(path: Path, bands: Mapping[str, tuple[int, int]], source: RateSource) -> list[RateRow]:
    unique = once("rating_area")

    def rates(row: Row) -> list[RateRow]:
        plan, state = row.matching(_ID, _COMPONENT), row.choice("state", _STATES)
        area = row.rating_area("rating_area")
        unique((plan, area))
        # The Landscape has no tobacco rates: None, so that a tobacco user is told "not filed".
        return [
            RateRow(plan, state, area, first, last, Rate(row.rate_cents(column), None, source))
            for column, (first, last) in bands.items()
        ]

    return [rate for rows in read(path, (_ID, "state", "rating_area", *bands), rates) for rate in rows]

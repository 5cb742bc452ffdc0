"""Catalogue: the CMS "QHP Landscape" of the individual market, medical or dental.

Either as CMS publishes it (one file, a row for each plan and county), or split without loss into plans, counties and
rates (see the SOURCE.md of ``landscape-2014``). A few ages are filed: 0-20 (from 2018 on 0-14 and 18), 21, 27, 30, 40,
50, 60. The other ages of a medical plan are derived by the state's age curve (``domain.age_curve``), and say so; a
cell that was published is always taken as published. Dental plans need not follow the curve (45 CFR 147.102 is about
medical coverage), so their other ages are not filed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.quote.catalogue.age_curves import curves_of
from services.quote.catalogue.landscape_detail import DEDUCTIBLE, MAXIMUM, read_detail
from services.quote.catalogue.row_filter import RowFilter, of_our_carriers, served_state
from services.quote.catalogue.rows import (
    BadCell,
    Row,
    Watch,
    ignore_progress,
    read_header,
    read_rows,
    refuse_contradicting,
)
from services.quote.domain.age_curve import AgeCurve, derive_rates
from services.quote.domain.filing import (
    BadRow,
    FiledCounty,
    FiledRate,
    FiledServiceArea,
    Filing,
    FilingRefused,
    NotFiledCounts,
    PlanFile,
)
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, Plan, Rate, RateSource
from services.quote.domain.rates import LAST_RATED_AGE

_COMPONENT = r"\d{5}[A-Z]{2}\d{7}"
_ID = "plan_id_standard_component"
_CHILDREN = {"premium_child": (0, 20), "premium_child_age_0_14": (0, 14), "premium_child_age_18": (18, 18)}
_ADULTS = {f"premium_adult_individual_age_{age}": (age, age) for age in (21, 27, 30, 40, 50, 60)}
# The names of the same columns in later years.
_LATER = {"state_code": "state", "county_name": "county"}

# The files of a folder, by how their names end.
_PARTS = (("plans",), ("plan_county",), ("rates_by_plan_rating_area", "rates_by_rating_area"))

# Dental plans have an actuarial level where medical plans have a metal.
_DENTAL_LEVELS = {"Low", "High"}


@dataclass(frozen=True, slots=True)
class LandscapeFiles:
    """A folder with the split files, or the one file that stands for all of them."""

    plans: Path
    counties: Path
    rates: Path

    @classmethod
    def from_path(cls, path: Path) -> LandscapeFiles:
        if path.is_file():
            return cls(path, path, path)
        return cls(*(_part(path, endings) for endings in _PARTS))

    @property
    def all(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((self.plans, self.counties, self.rates)))


def _part(folder: Path, endings: tuple[str, ...]) -> Path:
    """``plans.csv`` or, in a folder of one state and year, ``bcbsnm_2015_plans.csv``."""
    found = [path for path in sorted(folder.glob("*.csv")) if path.stem.endswith(endings)]
    if len(found) != 1:
        reason = f"the folder has {len(found)} files of such a name and needs one; CMS's single file can be given too"
        raise FilingRefused([BadRow(f"{endings[0]}.csv", 0, "-", reason)])
    return found[0]


def read_landscape(
    path: Path, plan_year: int, counties: tuple[FiledCounty, ...], watch: Watch = ignore_progress
) -> Filing:
    """The files of a plan year; raises ``FilingRefused``."""
    files = LandscapeFiles.from_path(path)
    lines: dict[str, int] = {}
    plans = _plans(files.plans, plan_year, lines, watch)
    areas = _service_areas(files.counties, plan_year, counties, watch)
    medical = {plan.component_id for plan in plans if plan.coverage is Coverage.MEDICAL}
    tally = NotFiledCounts()
    rates = _rates(files.rates, medical, curves_of(plan_year), tally, watch)
    plan_file = PlanFile(files.plans.name, _ID, _ID, lines)
    return Filing(plan_year, tuple(plans), tuple(rates), tuple(areas), files.rates.name, tally, plan_file)


def _spell(header: str) -> str:
    """``Plan ID - Standard Component`` and ``plan_id_standard_component`` are one column."""
    plain = re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")
    return _LATER.get(plain, plain)


def _our_rows() -> RowFilter:
    """CMS's file holds every issuer of the states on HealthCare.gov."""
    return RowFilter([of_our_carriers("state", _ID, lambda row: row.text(_ID)[:5])])


def _plans(path: Path, plan_year: int, lines: dict[str, int], watch: Watch) -> list[Plan]:
    new, ours = refuse_contradicting(_ID), _our_rows()

    def plan(row: Row) -> Plan | None:
        found = _plan(row, row.matching(_ID, _COMPONENT), plan_year)
        lines.setdefault(found.plan_id, row.line)
        return found if new(found.component_id, found) else None

    columns = (_ID, "state", "issuer_name", "plan_marketing_name", "metal_level", "plan_type")
    plans = [found for found in read_rows(path, columns, plan, ours, watch=watch, spell=_spell) if found]
    return plans or ours.refuse_none(path)


def _plan(row: Row, component: str, plan_year: int) -> Plan:
    metal_level = row.required("metal_level")
    return Plan(
        plan_year=plan_year,
        # The Landscape lists what is sold on the exchange; whether a plan was sold off it too, it does not say.
        plan_id=f"{component}-01",
        component_id=component,
        state=served_state(row, "state"),
        issuer_id=component[:5],
        issuer_name=row.required("issuer_name"),
        name=row.required("plan_marketing_name"),
        coverage=Coverage.DENTAL if metal_level in _DENTAL_LEVELS else Coverage.MEDICAL,
        metal_level=metal_level,
        plan_type=row.required("plan_type"),
        exchange=Exchange.ON,
        service_area_id=component,
        network_id="",
        network_name="",
        child_only_offering=row.required("child_only_offering"),
        consumer_choice_disclosure=False,
        includes_pediatric_dental=row.text("child_dental") == "X",
        deductible=row.dollars(DEDUCTIBLE),
        out_of_pocket_maximum=row.dollars(MAXIMUM),
        catalogue=CatalogueKind.CMS_FILED,
        detail=read_detail(row, component),
    )


def _service_areas(
    path: Path, plan_year: int, counties: tuple[FiledCounty, ...], watch: Watch
) -> list[FiledServiceArea]:
    fips = {(county.state, _plain(county.name)): county for county in counties}
    new = refuse_contradicting("county")

    def area(row: Row) -> FiledServiceArea | None:
        county = fips.get((row.required("state"), _plain(row.required("county"))))
        if county is None:
            raise BadCell("county", "is not a county of the state")
        known = county.rating_area(plan_year)
        if known != row.rating_area("rating_area"):
            raise BadCell("rating_area", f"is not the county's rating area of {plan_year}")
        found = FiledServiceArea(row.matching(_ID, _COMPONENT), county.fips)
        return found if new(found, known) else None

    columns = (_ID, "state", "county", "rating_area")
    return [found for found in read_rows(path, columns, area, _our_rows(), watch=watch, spell=_spell) if found]


def _plain(county_name: str) -> str:
    """One spelling for ``DE WITT``, ``De Witt County`` and ``DeWitt``, ``ST. CLAIR`` and ``St Clair``."""
    messages = re.sub(r"[^A-Z]", "", county_name.upper().removesuffix(" COUNTY"))
    return re.sub(r"^SAINT", "ST", messages)


def _rates(
    path: Path, medical: Collection[str], curves: Mapping[str, AgeCurve], tally: NotFiledCounts, watch: Watch
) -> list[FiledRate]:
    new = refuse_contradicting("rating_area")
    bands = _filed_bands(path)

    def rates(row: Row) -> list[FiledRate]:
        plan, state = row.matching(_ID, _COMPONENT), served_state(row, "state")
        area = row.rating_area("rating_area")
        filed = {band: cents for column, band in bands.items() if (cents := row.filed_cents(column)) is not None}
        if not new((plan, area), filed):
            return []
        tally.count(plan, len(bands) - len(filed))
        curve = curves.get(state) if plan in medical else None
        derived = derive_rates(filed, curve, LAST_RATED_AGE) if curve else {}
        return [
            # The Landscape has no tobacco rates: None, so that a tobacco user is told "not filed".
            FiledRate(plan, state, area, first, last, Rate(cents, None, source), row.line)
            for source, found in ((RateSource.FILED, filed), (RateSource.DERIVED, derived))
            for (first, last), cents in found.items()
        ]

    columns = (_ID, "state", "rating_area", *bands)
    found = read_rows(path, columns, rates, _our_rows(), watch=watch, spell=_spell)
    return [rate for rows in found for rate in rows]


def _filed_bands(path: Path) -> dict[str, tuple[int, int]]:
    """The columns of premiums; which ages children have depends on the year."""
    known = read_header(path, _spell)
    children = {column: band for column, band in _CHILDREN.items() if column in known}
    return (children or {"premium_child": (0, 20)}) | _ADULTS

"""Catalogue: the CMS "QHP Landscape" of the individual market, medical or dental.

Either as CMS publishes it (one file, a row for each plan and county), or split without loss into plans, counties and
rates (see the SOURCE.md of ``landscape-2014``). Seven ages are filed (0-20, 21, 27, 30, 40, 50, 60). Every other age
comes from the derived table, where there is one, and says so. A cell that was published is always taken from the
published file, never recomputed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.quote.catalogue.landscape_detail import DEDUCTIBLE, MAXIMUM, detail
from services.quote.catalogue.rows import BadCell, Row, Watch, age_band, read, settled, unwatched
from services.quote.domain.filing import CountyRow, Filing, RateRow, ServiceAreaRow
from services.quote.domain.plan import ISSUER_IDS, CatalogueKind, Coverage, Exchange, Plan, Rate, RateSource

_STATES = {state: state for state in ISSUER_IDS}
# Rating areas changed between the two known maps (SOURCE.md of rating-areas).
LAST_OF_OLD_MAP = 2017
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


# Dental plans have an actuarial level where medical plans have a metal.
_DENTAL_LEVELS = {"Low", "High"}


@dataclass(frozen=True, slots=True)
class LandscapeFiles:
    """A folder with the split files, or the one file that stands for all of them."""

    plans: Path
    counties: Path
    rates: Path
    derived: Path | None = None

    @classmethod
    def of(cls, path: Path) -> LandscapeFiles:
        if path.is_file():
            return cls(path, path, path)
        derived = path / "derived_rates_all_ages.csv"
        return cls(
            path / "plans.csv",
            path / "plan_county.csv",
            path / "rates_by_plan_rating_area.csv",
            derived if derived.exists() else None,
        )

    @property
    def all(self) -> tuple[Path, ...]:
        found = (self.plans, self.counties, self.rates, self.derived)
        return tuple(dict.fromkeys(path for path in found if path))


def read_landscape(path: Path, plan_year: int, counties: tuple[CountyRow, ...], watch: Watch = unwatched) -> Filing:
    """The files of a plan year; raises ``FileRefused``."""
    files = LandscapeFiles.of(path)
    plans = _plans(files.plans, plan_year, watch)
    areas = _service_areas(files.counties, plan_year, counties, watch)
    rates = _rates(files.rates, _FILED, RateSource.FILED, watch)
    if files.derived:
        rates += _rates(files.derived, _DERIVED, RateSource.DERIVED, watch)
    return Filing(plan_year, tuple(plans), tuple(rates), tuple(areas), files.rates.name)


def _spell(header: str) -> str:
    """``Plan ID - Standard Component`` and ``plan_id_standard_component`` are one column."""
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def _is_ours(row: Row) -> bool:
    """CMS's file holds every issuer of the states on HealthCare.gov."""
    issuer = ISSUER_IDS.get(row.text("state"))
    return issuer is not None and row.text(_ID).startswith(issuer)


def _plans(path: Path, plan_year: int, watch: Watch) -> list[Plan]:
    new = settled(_ID)

    def plan(row: Row) -> Plan | None:
        found = _plan(row, row.matching(_ID, _COMPONENT), plan_year)
        return found if new(found.component_id, found) else None

    columns = (_ID, "state", "issuer_name", "plan_marketing_name", "metal_level", "plan_type")
    return [found for found in read(path, columns, plan, _is_ours, watch=watch, spell=_spell) if found]


def _plan(row: Row, component: str, plan_year: int) -> Plan:
    metal_level = row.required("metal_level")
    return Plan(
        plan_year=plan_year,
        # The Landscape lists what is sold on the exchange; whether a plan was sold off it too, it does not say.
        plan_id=f"{component}-01",
        component_id=component,
        state=row.choice("state", _STATES),
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
        detail=detail(row, component),
    )


def _service_areas(path: Path, plan_year: int, counties: tuple[CountyRow, ...], watch: Watch) -> list[ServiceAreaRow]:
    fips = {(county.state, _plain(county.name)): county for county in counties}
    new = settled("county")

    def area(row: Row) -> ServiceAreaRow | None:
        county = fips.get((row.required("state"), _plain(row.required("county"))))
        if county is None:
            raise BadCell("county", "is no county of the state")
        known = county.area_2014_2017 if plan_year <= LAST_OF_OLD_MAP else county.area_2025_on
        if known != row.rating_area("rating_area"):
            raise BadCell("rating_area", "is not the county's rating area")
        found = ServiceAreaRow(row.matching(_ID, _COMPONENT), county.fips)
        return found if new(found, known) else None

    columns = (_ID, "state", "county", "rating_area")
    return [found for found in read(path, columns, area, _is_ours, watch=watch, spell=_spell) if found]


def _plain(county_name: str) -> str:
    """One spelling for ``DE WITT``, ``De Witt County`` and ``DeWitt``, ``ST. CLAIR`` and ``St Clair``."""
    letters = re.sub(r"[^A-Z]", "", county_name.upper().removesuffix(" COUNTY"))
    return re.sub(r"^SAINT", "ST", letters)


def _rates(path: Path, bands: Mapping[str, tuple[int, int]], source: RateSource, watch: Watch) -> list[RateRow]:
    new = settled("rating_area")

    def rates(row: Row) -> list[RateRow]:
        plan, state = row.matching(_ID, _COMPONENT), row.choice("state", _STATES)
        area = row.rating_area("rating_area")
        cents = tuple(row.rate_cents(column) for column in bands)
        if not new((plan, area), cents):
            return []
        # The Landscape has no tobacco rates: None, so that a tobacco user is told "not filed".
        return [
            RateRow(plan, state, area, first, last, Rate(amount, None, source), row.line)
            for (first, last), amount in zip(bands.values(), cents, strict=True)
        ]

    columns = (_ID, "state", "rating_area", *bands)
    found = read(path, columns, rates, _is_ours, watch=watch, spell=_spell_rates)
    return [rate for rows in found for rate in rows]


def _spell_rates(header: str) -> str:
    """The derived table's columns are ages: ``0-20``, ``21``, ``64 and over``."""
    return header if header[:1].isdigit() else _spell(header)

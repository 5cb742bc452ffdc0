"""Catalogue: the CMS public use files of one plan year (Plan Attributes, Rate, Service Area, Network).

A national file may be given: only the five carriers' individual-market rows are read. Cost-sharing variants (-02 and
above) are the exchange's business and are left out. Two columns are ours, for facts that CMS does not collect:
``ConsumerChoiceDisclosure`` (R82; when absent, every Texas plan needs it) and ``PediatricDentalIncluded``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from services.quote.catalogue.rows import BadCell, Row, once, read
from services.quote.domain.filing import Filing, RateRow, ServiceAreaRow
from services.quote.domain.plan import (
    ISSUER_IDS,
    TOBACCO_MAXIMUM,
    CatalogueKind,
    Coverage,
    Exchange,
    Plan,
    Rate,
    RateSource,
)

_STATES = {state: state for state in ISSUER_IDS}
_YES_NO = {"Yes": True, "No": False}
_SIDES = {"00": Exchange.OFF, "01": Exchange.ON}
_COVERAGES = {"Yes": Coverage.DENTAL, "No": Coverage.MEDICAL}
_COMPONENT = r"\d{5}[A-Z]{2}\d{7}"
_VARIANT = r"\d{5}[A-Z]{2}\d{7}-\d{2}"
_SOURCES = {CatalogueKind.CMS_FILED: RateSource.FILED, CatalogueKind.ILLUSTRATIVE: RateSource.ILLUSTRATIVE}
_TOBACCO_RATED = {"No Preference": False, "Tobacco User/Non-Tobacco User": True}
# Both rates of a pair are rounded to the cent, so a ratio at the maximum may look half a cent higher on each side.
_ROUNDING_CENTS = 1

_PLAN_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "IssuerMarketPlaceMarketingName", "MarketCoverage", "DentalOnlyPlan"),
    *("StandardComponentId", "PlanMarketingName", "NetworkId", "ServiceAreaId", "PlanType", "MetalLevel"),
    *("ChildOnlyOffering", "PlanId", "TEHBDedInnTier1Individual", "TEHBInnTier1IndividualMOOP"),
)
_RATE_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "PlanId", "RatingAreaId", "Tobacco", "Age"),
    *("IndividualRate", "IndividualTobaccoRate"),
)
_AREA_COLUMNS = (
    "BusinessYear",
    "StateCode",
    "IssuerId",
    "ServiceAreaId",
    "CoverEntireState",
    "County",
    "PartialCounty",
)
_NETWORK_COLUMNS = ("BusinessYear", "StateCode", "IssuerId", "NetworkId", "NetworkName")


def read_public_use_files(
    folder: Path, plan_year: int, kind: CatalogueKind, fips_by_state: Mapping[str, tuple[str, ...]]
) -> Filing:
    """``plan_attributes.csv``, ``rates.csv``, ``service_areas.csv`` and ``networks.csv``; raises ``FileRefused``."""
    year = str(plan_year)
    plans = _plans(folder, year, kind)
    components = {plan.component_id for plan in plans}
    return Filing(
        plan_year,
        tuple(plans),
        tuple(_rates(folder / "rates.csv", year, components, _SOURCES[kind])),
        tuple(_service_areas(folder / "service_areas.csv", year, fips_by_state)),
    )


def _ours(row: Row, year: str) -> bool:
    individual = row.text("MarketCoverage") in {"", "Individual"}
    in_year = row.text("BusinessYear") == year
    return in_year and individual and ISSUER_IDS.get(row.text("StateCode")) == row.text("IssuerId")


def _plans(folder: Path, year: str, kind: CatalogueKind) -> list[Plan]:
    networks = _networks(folder / "networks.csv", year)
    unique = once("PlanId")

    def plan(row: Row) -> Plan:
        plan_id = row.matching("PlanId", _VARIANT)
        unique(plan_id)
        network, state = row.text("NetworkId"), row.choice("StateCode", _STATES)
        disclosure = row.choice("ConsumerChoiceDisclosure", _YES_NO) if row.text("ConsumerChoiceDisclosure") else None
        return Plan(
            plan_year=int(year),
            plan_id=plan_id,
            component_id=row.matching("StandardComponentId", _COMPONENT),
            state=state,
            issuer_id=row.required("IssuerId"),
            issuer_name=row.required("IssuerMarketPlaceMarketingName"),
            name=row.required("PlanMarketingName"),
            coverage=row.choice("DentalOnlyPlan", _COVERAGES),
            metal_level=row.required("MetalLevel"),
            plan_type=row.required("PlanType"),
            exchange=_SIDES[plan_id[-2:]],
            service_area_id=row.required("ServiceAreaId"),
            network_id=network,
            network_name=networks.get((state, network), ""),
            child_only_offering=row.required("ChildOnlyOffering"),
            consumer_choice_disclosure=state == "TX" if disclosure is None else disclosure,
            includes_pediatric_dental=row.text("PediatricDentalIncluded") == "Yes",
            deductible=row.dollars("TEHBDedInnTier1Individual"),
            out_of_pocket_maximum=row.dollars("TEHBInnTier1IndividualMOOP"),
            catalogue=kind,
        )

    def sold(row: Row) -> bool:
        return _ours(row, year) and row.text("PlanId")[-2:] in _SIDES

    return read(folder / "plan_attributes.csv", _PLAN_COLUMNS, plan, sold)


def _networks(path: Path, year: str) -> dict[tuple[str, str], str]:
    def network(row: Row) -> tuple[tuple[str, str], str]:
        return (row.required("StateCode"), row.required("NetworkId")), row.required("NetworkName")

    return dict(read(path, _NETWORK_COLUMNS, network, lambda row: _ours(row, year)))


def _rates(path: Path, year: str, components: set[str], source: RateSource) -> list[RateRow]:
    unique = once("Age")

    def rate(row: Row) -> RateRow:
        component, state = row.matching("PlanId", _COMPONENT), row.choice("StateCode", _STATES)
        area, (first, last) = row.rating_area("RatingAreaId"), row.ages("Age")
        unique((component, area, first))
        return RateRow(component, state, area, first, last, _rate(row, state, source))

    def wanted(row: Row) -> bool:
        return row.text("PlanId") in components and _ours(row, year)

    return read(path, _RATE_COLUMNS, rate, wanted)


def _rate(row: Row, state: str, source: RateSource) -> Rate:
    cents = row.rate_cents("IndividualRate")
    if not row.choice("Tobacco", _TOBACCO_RATED):
        return Rate(cents, cents, source)
    tobacco = row.optional_rate_cents("IndividualTobaccoRate")
    if tobacco is not None and Decimal(tobacco) > cents * TOBACCO_MAXIMUM[state] + _ROUNDING_CENTS:
        raise BadCell("IndividualTobaccoRate", f"is above {TOBACCO_MAXIMUM[state]} times the other rate")
    return Rate(cents, tobacco, source)


def _service_areas(path: Path, year: str, fips_by_state: Mapping[str, tuple[str, ...]]) -> list[ServiceAreaRow]:
    unique = once("County")

    def areas(row: Row) -> list[ServiceAreaRow]:
        area, state = row.required("ServiceAreaId"), row.choice("StateCode", _STATES)
        whole = row.choice("CoverEntireState", _YES_NO)
        counties = fips_by_state[state] if whole else (row.matching("County", r"\d{5}"),)
        zips = () if whole else _zips(row)
        for county in counties:
            unique((area, county))
        return [ServiceAreaRow(area, county, zips) for county in counties]

    rows = read(path, _AREA_COLUMNS, areas, lambda row: _ours(row, year))
    return [area for found in rows for area in found]


def _zips(row: Row) -> tuple[str, ...]:
    if row.text("PartialCounty") != "Yes":
        return ()
    zips = tuple(part.strip() for part in row.required("ZipCodes").split(","))
    if not all(len(part) == 5 and part.isdigit() for part in zips):
        raise BadCell("ZipCodes", "is no list of 5-digit ZIP codes")
    return zips

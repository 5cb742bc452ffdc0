"""Catalogue: the CMS public use files of one plan year.

National files may be given: only our carriers' individual-market rows are read. Cost-sharing variants (-02 and
above) are the exchange's business: they are shown on their plan's page and not sold. Three columns are ours:
``ConsumerChoiceDisclosure`` (R82; when absent, the market registry says it), ``PediatricDentalIncluded`` and
``ChargedChildrenCap`` (how many children a dental plan charges: a number or ``No Limit``; when absent, three).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.kernel import get_markets
from services.quote.catalogue.files import PublicUseFiles
from services.quote.catalogue.puf_areas import FiledAreas, read_service_areas
from services.quote.catalogue.puf_benefits import read_benefits
from services.quote.catalogue.puf_rates import RateFile
from services.quote.catalogue.row_filter import (
    RowFilter,
    individual_market,
    of_illustrative_market,
    of_our_carriers,
    of_plan_year,
    served_state,
)
from services.quote.catalogue.rows import Row, Watch, ignore_progress, read_rows, refuse_repeated
from services.quote.domain.benefits import PlanDetail, Variant
from services.quote.domain.filing import Filing, PlanFile, RatingAreas
from services.quote.domain.plan import CHARGED_CHILDREN, CatalogueKind, Coverage, Exchange, Plan, RateSource

if TYPE_CHECKING:
    from services.quote.catalogue.puf_rate_blocks import RateBlockFile

_YES_NO = {"Yes": True, "No": False}
_SIDES = {"00": Exchange.OFF, "01": Exchange.ON}
_COVERAGES = {"Yes": Coverage.DENTAL, "No": Coverage.MEDICAL}
_COMPONENT = r"\d{5}[A-Z]{2}\d{7}"
_VARIANT = r"\d{5}[A-Z]{2}\d{7}-\d{2}"
_SOURCES = {CatalogueKind.CMS_FILED: RateSource.FILED, CatalogueKind.ILLUSTRATIVE: RateSource.ILLUSTRATIVE}

_PLAN_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "IssuerMarketPlaceMarketingName", "MarketCoverage", "DentalOnlyPlan"),
    *("StandardComponentId", "PlanMarketingName", "NetworkId", "ServiceAreaId", "PlanType", "MetalLevel"),
    *("ChildOnlyOffering", "PlanId", "TEHBDedInnTier1Individual", "TEHBInnTier1IndividualMOOP"),
)
_NETWORK_COLUMNS = ("BusinessYear", "StateCode", "IssuerId", "NetworkId", "NetworkName")
# "TEHB": medical and drugs together; "MEHB": medical alone, where the two are apart.
_DEDUCTIBLE = ("TEHBDedInnTier1Individual", "MEHBDedInnTier1Individual")
_MAXIMUM = ("TEHBInnTier1IndividualMOOP", "MEHBInnTier1IndividualMOOP")
_FAMILY_DEDUCTIBLE = ("TEHBDedInnTier1FamilyPerGroup", "TEHBDedInnTier1Family", "MEHBDedInnTier1FamilyPerGroup")
_FAMILY_MAXIMUM = ("TEHBInnTier1FamilyPerGroupMOOP", "TEHBInnTier1FamilyMOOP", "MEHBInnTier1FamilyPerGroupMOOP")
# From here on blocks are faster: importing pyarrow takes as long as reading some megabytes by rows.
LARGE_FILE = 4 << 20


@dataclass(frozen=True, slots=True)
class PufNetwork:
    name: str
    url: str


Networks = Mapping[tuple[str, str], PufNetwork]
"""State and network id -> network."""


def read_public_use_files(
    folder: Path,
    plan_year: int,
    kind: CatalogueKind,
    fips_by_state: Mapping[str, tuple[str, ...]],
    watch: Watch = ignore_progress,
    rating_areas: RatingAreas | None = None,
) -> Filing:
    """Everything but the rates at once, rates when they are gone through; raises ``FilingRefused``."""
    files = PublicUseFiles.from_folder(folder)
    areas = read_service_areas(files.service_areas, plan_year, fips_by_state, watch)
    lines: dict[str, int] = {}
    plans = _plans(files, plan_year, kind, areas, lines, watch)
    components = {plan.component_id: plan.state for plan in plans}
    rates = RateFile(files.rates, plan_year, components, _SOURCES[kind], watch, rating_areas)
    plan_file = PlanFile(files.plan_attributes.name, lines=lines)
    return Filing(
        plan_year,
        tuple(plans),
        rates,
        tuple(areas.rows()),
        files.rates.name,
        rates.tally,
        plan_file,
        _blocks(rates) if files.rates.stat().st_size >= LARGE_FILE else None,
    )


def _blocks(rates: RateFile) -> RateBlockFile:
    from services.quote.catalogue.puf_rate_blocks import RateBlockFile  # brings pyarrow, which small files do not need

    return RateBlockFile(rates)


def our_rows(plan_year: int, kind: CatalogueKind = CatalogueKind.CMS_FILED) -> RowFilter:
    """Rows of one of our carriers, in the individual market, of this plan year."""
    carriers = of_our_carriers("StateCode", "IssuerId", lambda row: row.text("IssuerId"))
    kinds = [of_illustrative_market()] if kind is CatalogueKind.ILLUSTRATIVE else []
    return RowFilter([carriers, *kinds, individual_market(), of_plan_year(plan_year)])


def _plans(
    files: PublicUseFiles,
    plan_year: int,
    kind: CatalogueKind,
    areas: FiledAreas,
    lines: dict[str, int],
    watch: Watch,
) -> list[Plan]:
    networks = _networks(files.networks, plan_year) if files.networks else {}
    unique, ours = refuse_repeated("PlanId"), our_rows(plan_year, kind)

    def plan_or_variant(row: Row) -> Plan | Variant:
        plan_id = row.matching("PlanId", _VARIANT)
        unique(plan_id)
        lines[plan_id] = row.line
        return (
            _plan(row, plan_id, plan_year, networks, areas, kind) if plan_id[-2:] in _SIDES else _variant(row, plan_id)
        )

    rows = read_rows(files.plan_attributes, _PLAN_COLUMNS, plan_or_variant, ours, watch=watch)
    if not any(isinstance(row, Plan) for row in rows):
        ours.refuse_none(files.plan_attributes)
    return _with_details(rows, files.benefits, plan_year, watch)


def _with_details(rows: list[Plan | Variant], benefits_file: Path | None, plan_year: int, watch: Watch) -> list[Plan]:
    plans = [row for row in rows if isinstance(row, Plan)]
    variants: defaultdict[str, list[Variant]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Variant):
            # Reductions are given through the exchange only.
            variants[f"{row.plan_id[:14]}-01"].append(row)
    benefits = read_benefits(benefits_file, plan_year, {plan.plan_id for plan in plans}, watch)
    return [
        replace(
            plan,
            detail=replace(
                plan.detail, benefits=benefits.get(plan.plan_id, ()), variants=tuple(variants[plan.plan_id])
            ),
        )
        for plan in plans
    ]


def _plan(row: Row, plan_id: str, plan_year: int, networks: Networks, areas: FiledAreas, kind: CatalogueKind) -> Plan:
    network_id, state = row.text("NetworkId"), served_state(row, "StateCode")
    network = networks.get((state, network_id), PufNetwork("", ""))
    disclosure = row.choice("ConsumerChoiceDisclosure", _YES_NO) if row.text("ConsumerChoiceDisclosure") else None
    return Plan(
        plan_year=plan_year,
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
        service_area_id=areas.key(row.required("ServiceAreaId"), row.text("SourceName")),
        network_id=network_id,
        network_name=network.name,
        child_only_offering=row.required("ChildOnlyOffering"),
        consumer_choice_disclosure=get_markets()[state].consumer_choice_plans if disclosure is None else disclosure,
        includes_pediatric_dental=row.text("PediatricDentalIncluded") == "Yes",
        deductible=row.dollars(*_DEDUCTIBLE),
        out_of_pocket_maximum=row.dollars(*_MAXIMUM),
        catalogue=kind,
        hsa_eligible=_YES_NO.get(row.text("IsHSAEligible")),
        charged_children_cap=_cap(row),
        detail=_detail(row, network),
    )


def _cap(row: Row) -> int | None:
    """Law for medical plans, the plan's own for dental ones."""
    said = row.text("ChargedChildrenCap")
    if not said or row.choice("DentalOnlyPlan", _COVERAGES) is Coverage.MEDICAL:
        return CHARGED_CHILDREN
    return None if said == "No Limit" else int(row.matching("ChargedChildrenCap", r"[1-9]\d?"))


def _detail(row: Row, network: PufNetwork) -> PlanDetail:
    return PlanDetail(
        family_deductible=row.dollars(*_FAMILY_DEDUCTIBLE),
        family_out_of_pocket_maximum=row.dollars(*_FAMILY_MAXIMUM),
        drug_deductible=row.dollars("DEHBDedInnTier1Individual"),
        summary_of_benefits_url=row.link("URLForSummaryofBenefitsCoverage"),
        brochure_url=row.link("PlanBrochure"),
        formulary_url=row.link("FormularyURL"),
        provider_finder_url=network.url,
    )


def _variant(row: Row, plan_id: str) -> Variant:
    name = row.text("CSRVariationType") or row.required("PlanMarketingName")
    return Variant(plan_id, name, row.dollars(*_DEDUCTIBLE), row.dollars(*_MAXIMUM))


def _networks(path: Path, plan_year: int) -> Networks:
    def network(row: Row) -> tuple[tuple[str, str], PufNetwork]:
        key = row.required("StateCode"), row.required("NetworkId")
        return key, PufNetwork(row.required("NetworkName"), row.link("NetworkURL"))

    return dict(read_rows(path, _NETWORK_COLUMNS, network, our_rows(plan_year)))

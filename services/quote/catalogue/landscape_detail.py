"""Catalogue: what the Landscape says on a plan's own page: copays, cost-sharing variants, web addresses."""

from __future__ import annotations

from services.quote.catalogue.rows import Row
from services.quote.domain.benefits import CostShare, PlanDetail, Variant

DEDUCTIBLE = "medical_deductible_individual_standard"
MAXIMUM = "medical_maximum_out_of_pocket_individual_standard"

_BENEFITS = {
    "primary_care_physician": "Primary care visit",
    "specialist": "Specialist visit",
    "emergency_room": "Emergency room",
    "inpatient_facility": "Inpatient facility",
    "inpatient_physician": "Inpatient physician",
    "generic_drugs": "Generic drugs",
    "preferred_brand_drugs": "Preferred brand drugs",
    "non_preferred_brand_drugs": "Non-preferred brand drugs",
    "specialty_drugs": "Specialty drugs",
}
# Share of the average cost that the plan pays after the reduction, and the ending of the HIOS id for it.
_VARIANTS = {"73": "04", "87": "05", "94": "06"}


def read_detail(row: Row, component: str) -> PlanDetail:
    return PlanDetail(
        family_deductible=row.dollars("medical_deductible_family_standard"),
        family_out_of_pocket_maximum=row.dollars("medical_maximum_out_of_pocket_family_standard"),
        drug_deductible=row.dollars("drug_deductible_individual_standard"),
        benefits=tuple(
            CostShare(benefit, paid)
            for column, benefit in _BENEFITS.items()
            if (paid := row.text(f"{column}_standard"))
        ),
        variants=tuple(
            _variant(row, component, percent) for percent in _VARIANTS if row.text(_column(DEDUCTIBLE, percent))
        ),
        summary_of_benefits_url=row.link("summary_of_benefits_url"),
        brochure_url=row.link("plan_brochure_url"),
        formulary_url=row.link("drug_formulary_url"),
        provider_finder_url=row.link("network_url"),
    )


def _variant(row: Row, component: str, percent: str) -> Variant:
    deductible, maximum = row.dollars(_column(DEDUCTIBLE, percent)), row.dollars(_column(MAXIMUM, percent))
    return Variant(f"{component}-{_VARIANTS[percent]}", f"{percent} percent plan", deductible, maximum)


def _column(standard: str, percent: str) -> str:
    return standard.replace("standard", f"{percent}_percent")

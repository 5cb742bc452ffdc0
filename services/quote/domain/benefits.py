"""Domain: what a plan pays and what its people pay themselves, as the carrier filed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class CostShare:
    """What a person pays for one kind of care, in the filing's own words; empty where nothing was filed."""

    benefit: str
    in_network: str
    out_of_network: str = ""
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same plan with the exchange's cost-sharing reductions; its id ends with ``-02`` to ``-06``."""

    plan_id: str
    name: str
    deductible: Money | None
    out_of_pocket_maximum: Money | None


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """What is on a plan's own page, beyond a line of a list. Amounts: a year, in network; None where not filed.

    ``drug_deductible`` is None too where drugs count toward the medical deductible.
    """

    family_deductible: Money | None = None
    family_out_of_pocket_maximum: Money | None = None
    drug_deductible: Money | None = None
    benefits: tuple[CostShare, ...] = ()
    variants: tuple[Variant, ...] = ()
    summary_of_benefits_url: str = ""
    brochure_url: str = ""
    formulary_url: str = ""
    provider_finder_url: str = ""


@dataclass(frozen=True, slots=True)
class ComparedBenefit:
    """One kind of care side by side: what people pay in network, plan by plan; empty where a plan filed nothing."""

    benefit: str
    in_network: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.in_network)) > 1


def compare_benefits(details: Sequence[PlanDetail]) -> list[ComparedBenefit]:
    """Every benefit that one of the plans filed, in the order of the first plan that names it."""
    names = dict.fromkeys(line.benefit for detail in details for line in detail.benefits)
    paid = [{line.benefit: line.in_network for line in detail.benefits} for detail in details]
    return [ComparedBenefit(name, tuple(lines.get(name, "") for lines in paid)) for name in names]

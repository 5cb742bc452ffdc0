"""Store: a plan as a row of its table, and back. Its detail is one JSON value, since nobody searches in it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from chassis.kernel import Money
from services.quote.domain.benefits import CostShare, PlanDetail, Variant
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, Plan
from services.quote.store.tables import PlanRow

_AMOUNTS = ("deductible", "out_of_pocket_maximum")
_DETAIL_AMOUNTS = ("family_deductible", "family_out_of_pocket_maximum", "drug_deductible")
_LINKS = ("summary_of_benefits_url", "brochure_url", "formulary_url", "provider_finder_url")
_PLAIN = tuple(field.name for field in fields(Plan) if field.name not in {*_AMOUNTS, "detail"})
_ENUMS: dict[str, Any] = {"coverage": Coverage, "exchange": Exchange, "catalogue": CatalogueKind}


def plan_values(plan: Plan, data_set: int) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(plan, name) for name in _PLAIN}
    amounts = {f"{name}_cents": _cents(getattr(plan, name)) for name in _AMOUNTS}
    return {**values, **amounts, "detail": _detail_json(plan.detail), "data_set_id": data_set}


def plan_of(row: PlanRow) -> Plan:
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    for name, kind in _ENUMS.items():
        values[name] = kind(values[name])
    amounts: dict[str, Any] = {name: _money(getattr(row, f"{name}_cents")) for name in _AMOUNTS}
    return Plan(**values, **amounts, detail=_detail(row.detail))


def _detail_json(detail: PlanDetail) -> dict[str, object]:
    """Short keys and no empty values: a national catalogue has hundreds of thousands of lines."""
    lines = [[line.benefit, line.in_network, line.out_of_network, line.limits] for line in detail.benefits]
    variants = [[v.plan_id, v.name, _cents(v.deductible), _cents(v.out_of_pocket_maximum)] for v in detail.variants]
    amounts = {name: _cents(getattr(detail, name)) for name in _DETAIL_AMOUNTS}
    links = {name: getattr(detail, name) or None for name in _LINKS}
    found = {"benefits": lines or None, "variants": variants or None, **amounts, **links}
    return {name: value for name, value in found.items() if value is not None}


def _detail(stored: dict[str, Any]) -> PlanDetail:
    amounts: dict[str, Any] = {name: _money(stored.get(name)) for name in _DETAIL_AMOUNTS}
    links: dict[str, Any] = {name: stored.get(name, "") for name in _LINKS}
    return PlanDetail(
        **amounts,
        **links,
        benefits=tuple(CostShare(*line) for line in stored.get("benefits", ())),
        variants=tuple(
            Variant(plan_id, name, _money(deductible), _money(maximum))
            for plan_id, name, deductible, maximum in stored.get("variants", ())
        ),
    )


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)

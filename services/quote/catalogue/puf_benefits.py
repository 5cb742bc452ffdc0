"""Catalogue: the CMS Benefits and Cost Sharing PUF, as lines of a plan's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from sys import intern

from services.quote.catalogue.rows import Row, Watch, ignore_progress, read_rows
from services.quote.domain.benefits import CostShare

_COLUMNS = ("BusinessYear", "PlanId", "BenefitName", "CopayInnTier1", "CoinsInnTier1", "IsCovered")
_NOTHING_SAID = {"", "Not Applicable"}
# Who pays all of it is not covered.
_ALL_OF_IT = {"100%", "100.00%"}
_FREE = {"No Charge", "$0", "$0.00", "0%", "0.00%"}


def read_benefits(
    path: Path | None, plan_year: int, plan_ids: Collection[str], watch: Watch = ignore_progress
) -> Mapping[str, tuple[CostShare, ...]]:
    """Plan id -> its benefits in the file's order; a national file may be given."""
    found: defaultdict[str, list[CostShare]] = defaultdict(list)
    year = str(plan_year)

    def wanted(row: Row) -> bool:
        return row.text("PlanId") in plan_ids and row.text("BusinessYear") == year

    def benefit(row: Row) -> tuple[str, CostShare]:
        return row.text("PlanId"), _benefit(row)

    for plan_id, line in read_rows(path, _COLUMNS, benefit, wanted, watch=watch) if path else ():
        found[plan_id].append(line)
    return {plan_id: tuple(lines) for plan_id, lines in found.items()}


def _benefit(row: Row) -> CostShare:
    """Few different texts are ever filed, so each is kept once."""
    name = intern(row.required("BenefitName"))
    if row.text("IsCovered") == "Not Covered":
        return CostShare(name, "Not covered")
    limits = f"{row.text('LimitQty')} {row.text('LimitUnit')}" if row.text("LimitQty") else ""
    inside = _paid(row.text("CopayInnTier1"), row.text("CoinsInnTier1"))
    outside = _paid(row.text("CopayOutofNet"), row.text("CoinsOutofNet"))
    return CostShare(name, intern(inside), intern(outside), intern(limits.strip()))


def _paid(copay: str, coinsurance: str) -> str:
    """Two columns as one sentence: a free copay beside a coinsurance says nothing of its own."""
    said = [part for part in (copay, coinsurance) if part not in _NOTHING_SAID]
    if any(part in _ALL_OF_IT for part in said):
        return "Not covered"
    due = [part for part in said if part not in _FREE]
    return " and ".join(due) or ("No charge" if said else "")

"""``plans`` of an entry -> the networks that it belongs to."""

from __future__ import annotations

from collections import Counter

from services.pcp.directory.fields import Fields, is_fields, plan_component, plan_years, read_items
from services.pcp.domain.network import PlanNetwork

# A carrier's providers share a few hundred lists of plans; a file in which each has its own must not fill the memory.
LISTS_KEPT = 10_000


class PlanReader:
    """Most entries repeat one of a few lists, which are read once.

    ``plan_year``: of plans without ``years``, which the format's first edition did not have; None leaves them out.
    """

    def __init__(self, plan_year: int | None = None) -> None:
        self._plan_year = plan_year
        self._known: dict[str, tuple[tuple[PlanNetwork, ...], int]] = {}

    def read(self, written: object, notes: Counter[str]) -> tuple[PlanNetwork, ...]:
        """In order, each once. A plan may be named twice, in two tiers, which are not kept."""
        key = repr(written)
        if key not in self._known:
            if len(self._known) == LISTS_KEPT:
                self._known.clear()
            self._known[key] = self._read(written)
        networks, skipped = self._known[key]
        if skipped:
            notes["a plan was skipped: no HIOS id or no year"] += skipped
        return networks

    def _read(self, written: object) -> tuple[tuple[PlanNetwork, ...], int]:
        networks: set[PlanNetwork] = set()
        skipped = 0
        for plan in read_items(written):
            fields: Fields = plan if is_fields(plan) else {}
            plan_id, years = plan_component(fields.get("plan_id")), self._years(fields)
            networks.update(PlanNetwork(plan_id, year) for year in years if plan_id)
            skipped += not (plan_id and years)
        return tuple(sorted(networks)), skipped

    def _years(self, plan: Fields) -> list[int]:
        if self._plan_year and plan.get("years") is None:
            return [self._plan_year]
        return plan_years(plan.get("years"))

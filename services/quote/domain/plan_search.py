"""Domain: filters, order, pages and counts of a plan list. A screen draws the answer and decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chassis.kernel import InvalidInput, Money
from services.quote.domain.plan import Exchange, Plan
from services.quote.domain.rating_context import PricedPlan


class PlanSort(StrEnum):
    PREMIUM = "premium"
    DEDUCTIBLE = "deductible"
    OUT_OF_POCKET_MAXIMUM = "out_of_pocket_maximum"
    NAME = "name"


class Facet(StrEnum):
    """What plans are counted by."""

    METAL_LEVEL = "metal_level"
    PLAN_TYPE = "plan_type"
    NETWORK = "network"
    EXCHANGE = "exchange"
    HSA = "hsa_eligible"


Values = frozenset[str]
COUNTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What a plan has to be like; an empty set or None asks nothing. Amounts are inclusive.

    A plan without a filed deductible passes no deductible limit, one of unknown HSA eligibility passes neither side.
    """

    metal_levels: Values = frozenset()
    plan_types: Values = frozenset()
    network_ids: Values = frozenset()
    exchange: Exchange | None = None
    hsa_eligible: bool | None = None
    issuer_id: str = ""
    deductible_max: Money | None = None
    premium_min: Money | None = None
    premium_max: Money | None = None
    # Parts of a plan's name, in any order and case.
    name: str = ""

    def __post_init__(self) -> None:
        low, high = self.premium_min, self.premium_max
        if low is not None and high is not None and low > high:
            raise InvalidInput.at("premium_max", "The highest premium is below the lowest. Swap them.", rule="R9")

    def refusals(self, plan: Plan, premium: Money | None) -> tuple[str, ...]:
        """The names of the filters that refuse it; ``premium`` None (not filed) passes every premium range."""
        return tuple(self._refusals(plan, premium))

    def _refusals(self, plan: Plan, premium: Money | None) -> Iterator[str]:
        yield from (facet for facet, refused in self._facets(plan) if refused)
        if not self._is_named(plan):
            yield "name"
        if self.issuer_id and plan.issuer_id != self.issuer_id:
            yield "issuer_id"
        if self.deductible_max is not None and (plan.deductible is None or plan.deductible > self.deductible_max):
            yield "deductible"
        if premium is not None and not self._affordable(premium):
            yield "premium"

    def _facets(self, plan: Plan) -> Iterator[tuple[Facet, bool]]:
        yield Facet.METAL_LEVEL, bool(self.metal_levels) and plan.metal_level not in self.metal_levels
        yield Facet.PLAN_TYPE, bool(self.plan_types) and plan.plan_type not in self.plan_types
        yield Facet.NETWORK, bool(self.network_ids) and plan.network_id not in self.network_ids
        yield Facet.EXCHANGE, self.exchange is not None and plan.exchange is not self.exchange
        yield Facet.HSA, self.hsa_eligible is not None and plan.hsa_eligible is not self.hsa_eligible

    def _is_named(self, plan: Plan) -> bool:
        known = plan.name.casefold()
        return all(word in known for word in self.name.casefold().split())

    def _affordable(self, premium: Money) -> bool:
        above = self.premium_min is None or premium >= self.premium_min
        return above and (self.premium_max is None or premium <= self.premium_max)


class JudgedPlan(NamedTuple):
    """A plan with a price and what the filters say of it."""

    plan: Plan
    premium: Money
    refusals: tuple[str, ...]

    def passes_all_but(self, name: str) -> bool:
        return all(refusal == name for refusal in self.refusals)


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Plans by value, each facet with all filters but its own: what a screen would show if that choice changed.

    ``network_names``: by id. ``lowest`` and ``highest``: of the premiums, with all filters but the premium's.
    """

    counts: Mapping[Facet, Mapping[str, int]]
    network_names: Mapping[str, str]
    lowest: Money | None
    highest: Money | None

    @classmethod
    def of(cls, judged: Sequence[JudgedPlan]) -> FacetCounts:
        passing = _count_values(tuple(one.plan for one in judged if not one.refusals))
        refused = {one.refusals[0] for one in judged if one.refusals and one.passes_all_but(one.refusals[0])}
        counts = {
            facet: _count_values(tuple(one.plan for one in judged if one.passes_all_but(facet)))[facet]
            if facet in refused
            else passing[facet]
            for facet in Facet
        }
        names = {one.plan.network_id: one.plan.network_name for one in judged}
        premiums = [one.premium for one in judged if one.passes_all_but("premium")]
        return cls(counts, names, min(premiums, default=None), max(premiums, default=None))


# Without filters every household of a place sees the same plans. A list of 6,000 plans has 50 kB.
@lru_cache(COUNTS_KEPT)
def _count_values(plans: tuple[Plan, ...]) -> Mapping[Facet, Mapping[str, int]]:
    """A plan that is sold on and off the exchange is one plan."""
    found: dict[Facet, dict[str, set[str]]] = {facet: {} for facet in Facet}
    for plan in plans:
        for facet, value in _values(plan):
            found[facet].setdefault(value, set()).add(plan.component_id)
    return {facet: {value: len(ids) for value, ids in values.items()} for facet, values in found.items()}


def _values(plan: Plan) -> Iterator[tuple[Facet, str]]:
    """A value that was not filed is no choice of a screen."""
    yield Facet.METAL_LEVEL, plan.metal_level
    yield Facet.PLAN_TYPE, plan.plan_type
    yield Facet.EXCHANGE, plan.exchange.value
    if plan.network_id:
        yield Facet.NETWORK, plan.network_id
    if plan.hsa_eligible is not None:
        yield Facet.HSA, "yes" if plan.hsa_eligible else "no"


_AMOUNTS: dict[PlanSort, Callable[[PricedPlan], Money | None]] = {
    PlanSort.PREMIUM: lambda priced: priced.premium.total,
    PlanSort.DEDUCTIBLE: lambda priced: priced.plan.deductible,
    PlanSort.OUT_OF_POCKET_MAXIMUM: lambda priced: priced.plan.out_of_pocket_maximum,
}


def sort_plans(plans: Iterable[PricedPlan], sort: PlanSort, *, descending: bool = False) -> list[PricedPlan]:
    """Plans without the amount come last either way; equals by premium, name and id, so that pages are stable."""
    found = sorted(plans, key=lambda priced: (priced.premium.total.cents, priced.plan.name, priced.plan.plan_id))
    amount = _AMOUNTS.get(sort)
    if amount is None:
        return sorted(found, key=lambda priced: priced.plan.name.casefold(), reverse=descending)
    known = [(cents.cents, priced) for priced in found if (cents := amount(priced)) is not None]
    unknown = [priced for priced in found if amount(priced) is None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [priced for _, priced in known] + unknown


@dataclass(frozen=True, slots=True)
class PlanPage:
    """``after`` is the last plan of the page before; empty for the first page."""

    size: int
    after: str = ""

    def cut(self, plans: Sequence[PricedPlan]) -> tuple[Sequence[PricedPlan], str]:
        """The plans of this page, and its last plan's id when another page follows."""
        start = self._start(plans)
        page = plans[start : start + self.size]
        more = start + self.size < len(plans)
        return page, page[-1].plan.plan_id if more else ""

    def _start(self, plans: Sequence[PricedPlan]) -> int:
        if not self.after:
            return 0
        for index, priced in enumerate(plans):
            if priced.plan.plan_id == self.after:
                return index + 1
        raise InvalidInput.at(
            "page.token", "This page token does not belong to this search. Start again at the first page."
        )

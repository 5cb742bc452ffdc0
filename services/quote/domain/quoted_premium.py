"""Domain: what the plans of a quote cost when they were chosen, kept with the quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import Money
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import Coverage
from services.quote.domain.premium import MemberPremium, Premium
from services.quote.domain.rating_context import PricedPlan, PricedSelection


@dataclass(frozen=True, slots=True)
class QuotedPremium:
    """One plan's premium line by line; ``catalogue_version``: the catalogue, and its content, of the rates."""

    coverage: Coverage
    plan_id: str
    catalogue_version: str
    priced_at: datetime
    lines: tuple[MemberPremium, ...]

    @property
    def total(self) -> Money:
        return Money.total(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class PremiumChanged:
    """The plans of a quote cost something else today; ``new`` is None when they cannot be had any more."""

    old: Money
    new: Money | None
    reason: str


def quote_premiums(plans: Sequence[PricedPlan], catalogue: Catalogue, now: datetime) -> tuple[QuotedPremium, ...]:
    """What is kept of plans that are chosen now."""
    return tuple(
        QuotedPremium(
            one.plan.coverage, one.plan.plan_id, catalogue.catalogue_version(one.plan), now, one.premium.lines
        )
        for one in plans
    )


def apply_quoted_premiums(choice: PricedSelection, quoted_premiums: Sequence[QuotedPremium]) -> PricedSelection:
    """The same plans with the premiums of the day on which they were chosen."""
    kept = {one.plan_id: one for one in quoted_premiums}

    def as_quoted(priced: PricedPlan | None) -> PricedPlan | None:
        if priced is None or priced.plan.plan_id not in kept:  # saved before premiums were kept
            return priced
        return replace(priced, premium=Premium.from_lines(kept[priced.plan.plan_id].lines))

    return PricedSelection(as_quoted(choice.medical), as_quoted(choice.dental))


def detect_premium_change(quoted: Money, today: Money | None, reason: str = "") -> PremiumChanged | None:
    """None while the premium is what it was. ``reason``: why the plans cannot be had."""
    if today == quoted:
        return None
    why = reason or "The premium has changed since these plans were chosen. Choose them again to accept the new one."
    return PremiumChanged(quoted, today, why)

"""Domain: what a save changed in the premium of the chosen plans, and why (R67)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chassis.kernel import Money, format_date
from services.enrollment.domain.application import Application
from services.enrollment.domain.pricing import PricingBasis


@dataclass(frozen=True, slots=True)
class PremiumChange:
    """``current`` is None when the chosen plans have no premium any more; ``message`` says all of it to people."""

    previous: Money
    current: Money | None
    message: str


def find_premium_change(before: Application, after: Application) -> PremiumChange | None:
    """None when the premium is as before, or follows from other plans that were chosen just now."""
    old, new = before.basis, after.basis
    previous, current = before.monthly_premium, after.monthly_premium
    if previous is None or previous == current or old is None or new is None or _plans(old) != _plans(new):
        return None
    why = " and ".join(_reasons(before, after, old, new)) or "its rates changed"
    if current is None:
        told = f"The chosen plans, {_dollars(previous)} a month before, have no premium any more because {why}."
        return PremiumChange(previous, None, f"{told} Choose plans again.")
    told = f"The monthly premium changed from {_dollars(previous)} to {_dollars(current)} because {why}."
    return PremiumChange(previous, current, told)


def _reasons(before: Application, after: Application, old: PricingBasis, new: PricingBasis) -> Iterator[str]:
    if old.county_fips != new.county_fips:
        here, there = (app.household.home_address.county_name.removesuffix(" County") for app in (before, after))
        yield f"the home address moved from {here} County to {there} County"
    elif old.zip != new.zip:
        yield "the ZIP code of the home address changed"
    if old.effective_date != new.effective_date:
        yield f"coverage begins on {format_date(new.effective_date)} instead of {format_date(old.effective_date)}"
    if len(old.members) != len(new.members):
        people = "person is" if len(new.members) == 1 else "people are"
        yield f"{len(new.members)} {people} covered instead of {len(old.members)}"
    elif old.members != new.members:
        yield "an answer about the people changed that premiums depend on, such as a birth date or tobacco use"


def _plans(basis: PricingBasis) -> tuple[str, str]:
    return basis.medical_plan_id, basis.dental_plan_id


def _dollars(amount: Money) -> str:
    return f"${amount.dollars:,.2f}"

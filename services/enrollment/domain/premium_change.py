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
    previous, current = before.monthly_premium, after.monthly_premium
    if previous is None or previous == current or _plans(before) != _plans(after):
        return None
    old, new = before.basis, after.basis
    reasons = _reasons(before, after, old, new) if old and new else _unknown(after)
    why = " and ".join(reasons) or "its rates changed"
    if current is None:
        told = f"The chosen plans, {_dollars(previous)} a month before, have no premium now because {why}."
        return PremiumChange(previous, None, f"{told} Choose plans again." if new else told)
    told = f"The monthly premium changed from {_dollars(previous)} to {_dollars(current)} because {why}."
    return PremiumChange(previous, current, told)


def _unknown(app: Application) -> Iterator[str]:
    """What a premium is worked out from and the application does not say now."""
    if not (app.household.home_address.zip and app.household.home_address.county_fips):
        yield "the county of the home address is missing"
    if any(person.date_of_birth is None for person in app.household.people):
        yield "a date of birth is missing"


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


def _plans(app: Application) -> tuple[str, str]:
    return app.plans.medical_plan_id, app.plans.dental_plan_id


def _dollars(amount: Money) -> str:
    return f"${amount.dollars:,.2f}"

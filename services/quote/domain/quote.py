"""Domain: a saved quote and the choice of plans in it (R8-R16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel import Conflict, InvalidInput, Stale
from services.quote.domain.exchange import ExchangeTarget, exchange_target
from services.quote.domain.household import Household
from services.quote.domain.plan import Coverage, Exchange, Plan
from services.quote.domain.quoted_premium import QuotedPremium


class QuoteStatus(StrEnum):
    OPEN = "open"
    SELECTED = "selected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Producer:
    """The producer of record, as the caller's token named them when the quote was made; ``npn`` is the
    National Producer Number.
    """

    writing_number: str
    name: str
    company_name: str
    state: str
    phone: str = ""
    npn: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Plan ids of one carrier on one side of the exchange; None where none is chosen."""

    medical: str | None
    dental: str | None
    exchange: Exchange

    @classmethod
    def from_plans(cls, plans: Sequence[Plan]) -> Selection:
        """R11: at most one medical and one dental plan, at least one in all, of the same carrier."""
        medical = _single(plans, Coverage.MEDICAL, "medical_plan_id")
        dental = _single(plans, Coverage.DENTAL, "dental_plan_id")
        if not plans:
            raise InvalidInput.at("medical_plan_id", "Choose a medical plan, a dental plan or both.", rule="R11")
        if len({plan.issuer_id for plan in plans}) > 1:
            raise InvalidInput.at("dental_plan_id", "Choose plans of the same carrier.", rule="R11")
        if len({plan.exchange for plan in plans}) > 1:
            message = "Choose both plans on the exchange or both off the exchange: they are enrolled in one place."
            raise InvalidInput.at("dental_plan_id", message, rule="R16")
        return cls(medical, dental, plans[0].exchange)

    @property
    def plan_ids(self) -> tuple[str, ...]:
        return tuple(plan_id for plan_id in (self.medical, self.dental) if plan_id)


@dataclass(frozen=True, slots=True)
class QuoteBasis:
    """What the premiums of a quote depend on: where, from when, and for whom."""

    zip: str
    county_fips: str
    effective_date: date
    household: Household


@dataclass(frozen=True, slots=True)
class Quote:
    """``version`` counts the saves; ``quoted_premiums`` are the premiums of the choice when it was made."""

    quote_id: str
    producer: Producer
    state: str
    zip: str
    county_fips: str
    effective_date: date
    household: Household
    created_at: datetime
    updated_at: datetime
    selection: Selection | None = None
    version: int = 1
    # The quote that this one was copied or requoted from.
    source_quote_id: str | None = None
    # Set by the clock's timer some time after the quote expired.
    expired_at: datetime | None = None
    # When it was put away; lists leave it out.
    archived_at: datetime | None = None
    quoted_premiums: tuple[QuotedPremium, ...] = ()

    def status_on(self, today: date) -> QuoteStatus:
        """A quote expires with its plan year: after that its rates are no longer sold."""
        if self.expired_at or (today.year > self.effective_date.year and not self._historic):
            return QuoteStatus.EXPIRED
        return QuoteStatus.SELECTED if self.selection else QuoteStatus.OPEN

    def select(
        self,
        plans: Sequence[Plan],
        quoted_premiums: Sequence[QuotedPremium] = (),
        *,
        version: int,
        now: datetime,
        today: date,
    ) -> Quote:
        """Replaces the choice. ``version`` is the one that was read; 0 saves without the check."""
        self._must_be_open_to_change(version or self.version, today)
        saved = replace(self, updated_at=now, version=self.version + 1)
        return replace(saved, selection=Selection.from_plans(plans), quoted_premiums=tuple(quoted_premiums))

    def change(
        self,
        basis: QuoteBasis,
        plans: Sequence[Plan],
        quoted_premiums: Sequence[QuotedPremium],
        *,
        version: int,
        now: datetime,
        today: date,
    ) -> Quote:
        """Replaces people, place and date, and with them the choice: ``plans`` are what is left of it."""
        self._must_be_open_to_change(version, today)
        return replace(
            self,
            zip=basis.zip,
            county_fips=basis.county_fips,
            effective_date=basis.effective_date,
            household=basis.household,
            selection=Selection.from_plans(plans) if plans else None,
            quoted_premiums=tuple(quoted_premiums),
            updated_at=now,
            version=self.version + 1,
        )

    @property
    def basis(self) -> QuoteBasis:
        """What its premiums depend on."""
        return QuoteBasis(self.zip, self.county_fips, self.effective_date, self.household)

    def _must_be_open_to_change(self, version: int, today: date) -> None:
        if version != self.version:
            raise Stale(
                "This quote was changed in another window, or by someone else, since you opened it. Open it again, "
                "then make your change."
            )
        if self.status_on(today) is QuoteStatus.EXPIRED:
            raise Conflict("This quote has expired; start a new quote.", code="quote_expired")

    @property
    def client_name(self) -> str:
        """The primary applicant as lists search and sort: last name first, in small letters; empty without names."""
        primary = self.household.primary
        return f"{primary.last_name} {primary.first_name}".strip().casefold()

    @property
    def exchange_target(self) -> ExchangeTarget | None:
        """R16; None for an off-exchange or an open quote."""
        if self.selection is None or self.selection.exchange is Exchange.OFF:
            return None
        return exchange_target(self.state, self.effective_date.year)

    @property
    def _historic(self) -> bool:
        """A quote that was made for a past plan year on purpose (the filed catalogue of 2014) never was on sale."""
        return self.created_at.year > self.effective_date.year


def _single(plans: Sequence[Plan], coverage: Coverage, field: str) -> str | None:
    chosen = [plan.plan_id for plan in plans if plan.coverage is coverage]
    if len(chosen) > 1:
        raise InvalidInput.at(field, f"Choose only one {coverage} plan.", rule="R11")
    return chosen[0] if chosen else None

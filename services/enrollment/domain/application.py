"""Domain: the application, from draft to submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from chassis.kernel import Conflict, Money, Stale, business_date, format_date
from services.enrollment.domain.acceptance import Acceptance
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.cancellation import Cancellation, CancelParty, CancelReason
from services.enrollment.domain.contact_change import ContactChange
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.duplicates import DuplicateExplanation
from services.enrollment.domain.enums import Coverage, FailureClass, PaymentStatus, Status, Step
from services.enrollment.domain.first_payment import FirstPayment, MonthDue, first_payment_months
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.payment_details import status_under
from services.enrollment.domain.pricing import PlanLine, PricingBasis, monthly_premium, rated_members
from services.enrollment.domain.review_consent import ReviewConsent
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.steps import (
    Address,
    Contact,
    GeneralStep,
    HouseholdStep,
    OtherCoverageStep,
    PlansStep,
    Producer,
    SignaturesStep,
)
from services.enrollment.domain.termination import (
    CoverageTermination,
    TerminationChoice,
    TerminationRequest,
    must_have_no_end,
    offer_termination,
)
from services.enrollment.domain.validation_issue import ValidationIssue

# What ends a payment; a later one may only follow an earlier one.
FINAL_PAYMENTS: dict[PaymentStatus | None, int] = {
    PaymentStatus.CANCELLED: 1,
    PaymentStatus.SUCCESSFUL: 2,
    PaymentStatus.REFUND_DUE: 3,
}


# Whoever saved: most often the same person in a second window, and this is said without looking who it was.
SAVED_SINCE = (
    "This application was saved in another window, or by someone else, since you opened it. Open it again, then repeat "
    "your change."
)


@dataclass(frozen=True, slots=True)
class Application:
    """``version`` counts the saves; ``attempt`` counts the submissions. Every change goes through a method here."""

    identifiers: Identifiers
    producer: Producer
    # Version of the rule pack that judges it.
    rule_pack: str
    created_at: datetime
    updated_at: datetime
    # Last day on which a draft or a failed application can be submitted (R105); None once submitted.
    expires_on: date | None
    status: Status = Status.INCOMPLETE
    version: int = 1
    attempt: int = 0
    quote_id: str = ""
    # When that quote was made; None without one.
    quoted_at: datetime | None = None
    # The quote's date, which prices the plans until the date is calculated (R33a).
    provisional_date: date | None = None
    # The steps that were saved, in their order; what a quote filled in was not.
    saved_steps: tuple[Step, ...] = ()
    general: GeneralStep = field(default_factory=GeneralStep)
    household: HouseholdStep = field(default_factory=HouseholdStep)
    plans: PlansStep = field(default_factory=PlansStep)
    other_coverage: OtherCoverageStep = field(default_factory=OtherCoverageStep)
    signatures: SignaturesStep = field(default_factory=SignaturesStep)
    acceptances: tuple[Acceptance, ...] = ()
    start: CoverageEffectiveDate | None = None
    plan_lines: tuple[PlanLine, ...] = ()
    assigned_pcps: tuple[AssignedPcp, ...] = ()
    failures: tuple[ValidationIssue, ...] = ()
    payment_status: PaymentStatus | None = None
    # What the payment was opened for, month by month; empty before submission, and of earlier releases.
    opened_months: tuple[MonthDue, ...] = ()
    submitted_on: date | None = None
    # Until when proof of the life event is asked for; None: none is, or it has come.
    document_due_on: date | None = None
    # When the present submission was last asked for; the sweeper reads it.
    requested_at: datetime | None = None
    # How often the sweeper asked for it again.
    asked_again: int = 0
    cancellation: Cancellation | None = None
    # At most one for each plan.
    terminations: tuple[CoverageTermination, ...] = ()
    # The newest; None while the applicant is reached as submitted.
    contact_change: ContactChange | None = None
    # Why it exists beside other applications of the same people.
    explained: DuplicateExplanation | None = None
    # The newest review that the client signed.
    client_review: ReviewConsent | None = None

    @property
    def record_number(self) -> str:
        return self.identifiers.record_number

    @property
    def state(self) -> str:
        return self.producer.state

    @property
    def monthly_premium(self) -> Money | None:
        return monthly_premium(self.plan_lines)

    @property
    def effective_date(self) -> date | None:
        """The calculated date, or else the quote's provisional one."""
        return self.start.date if self.start else self.provisional_date

    @property
    def applicant_name(self) -> str:
        applicant = self.household.applicant
        return applicant.name if applicant else ""

    @property
    def contact(self) -> Contact:
        """How the applicant is reached now."""
        return self.contact_change.contact if self.contact_change else self.household.contact

    @property
    def mailing_address(self) -> Address | None:
        """Where letters go now; None is the same as home."""
        return self.contact_change.mailing_address if self.contact_change else self.household.mailing_address

    @property
    def coverages(self) -> tuple[Coverage, ...]:
        return tuple(line.coverage for line in self.plan_lines)

    @property
    def failure_class(self) -> FailureClass | None:
        """A submission fails at one step, so its reasons are of one class."""
        return self.failures[0].failure_class if self.failures else None

    def shows_replacement(self, pack: RulePack) -> bool:
        """Whether the form asks for replaced coverage (R78); it does until its type is known."""
        form = self.household.form_type
        return form is None or pack.shows_coverage_replacement(self.state, form)

    @property
    def is_sent(self) -> bool:
        """Judged when it was submitted; nothing that comes later makes it incomplete again."""
        return self.status in (Status.SUBMITTING, Status.SUBMITTED, Status.CANCELLED)

    @property
    def is_closed(self) -> bool:
        """Sent or expired: what could be corrected before can be corrected no more."""
        return self.is_sent or self.status is Status.EXPIRED

    def months_due(self, today: date) -> tuple[MonthDue, ...]:
        """What the first payment covers: as it was opened once submitted, and as of today before."""
        if self.status in (Status.SUBMITTED, Status.CANCELLED):
            return self.opened_months
        if self.start is None or self.status is Status.EXPIRED:
            return ()
        return first_payment_months(self.plan_lines, self.start.date, today)

    def today(self, now: datetime) -> date:
        """The business date in the application's state."""
        return business_date(now, self.state)

    def changed(self, now: datetime, **values: Any) -> Application:
        return replace(self, version=self.version + 1, updated_at=now, **values)

    def with_saved(self, step: Step) -> Application:
        return replace(self, saved_steps=tuple(one for one in Step if one is step or one in self.saved_steps))

    def must_be_version(self, version: int) -> None:
        if version != self.version:
            raise Stale(SAVED_SINCE)

    def must_be_open(self, today: date) -> None:
        """Raise Conflict unless it can be edited and submitted."""
        if self.status is Status.EXPIRED or (self.expires_on and self.expires_on < today):
            raise Conflict("This application has expired. Start a new one.", code="application_expired")
        if self.status is Status.SUBMITTING:
            raise Conflict("This application is being submitted. Wait for the outcome.", code="submission_running")
        if self.status is Status.SUBMITTED:
            raise Conflict("This application was already submitted.", code="already_submitted")
        if self.status is Status.CANCELLED:
            raise Conflict("This application was cancelled. Start a new one.", code="application_cancelled")

    @property
    def basis(self) -> PricingBasis | None:
        """What its premium depends on; None while a part of that, or any plan, is missing."""
        home, people = self.household.home_address, self.household.people
        chosen = self.plans.medical_plan_id or self.plans.dental_plan_id
        if not (chosen and home.zip and home.county_fips and self.effective_date and people):
            return None
        members = rated_members(people)
        if len(members) < len(people):
            return None
        plans = self.plans.medical_plan_id, self.plans.dental_plan_id
        return PricingBasis(self.state, home.zip5, home.county_fips, self.effective_date, members, *plans)

    def locked(self, in_open_enrollment: bool) -> list[str]:
        """The parts of the form that cannot be changed (R22, R27, R36)."""
        quoted = ["producer", "form_type"] if self.quote_id else []
        return [*quoted, *([] if in_open_enrollment else ["special_enrollment"])]

    def requested(self, now: datetime) -> Application:
        """Submission accepted; its outcome follows."""
        self.must_be_open(self.today(now))
        people = tuple(person.as_submitted() for person in self.household.people)
        return self.changed(
            now,
            household=replace(self.household, people=people),
            status=Status.SUBMITTING,
            attempt=self.attempt + 1,
            requested_at=now,
            asked_again=0,
            failures=(),
            payment_status=None,
        )

    def requested_again(self, now: datetime) -> Application:
        """The current submission has had no answer for a while; what it costs stays that of the day it came."""
        return self.changed(now, asked_again=self.asked_again + 1)

    def awaits(self, attempt: int) -> bool:
        return self.status is Status.SUBMITTING and self.attempt == attempt

    def submitted(
        self,
        now: datetime,
        lines: Sequence[PlanLine],
        pcps: Sequence[AssignedPcp],
        payment: FirstPayment,
        document_due_on: date | None = None,
    ) -> Application:
        """An event of payment may have come before us; it knows more than the opening did.

        ``lines``: as priced in this attempt; at the premiums that were shown, perhaps with a later plan year's.
        """
        return self.changed(
            now,
            status=Status.SUBMITTED,
            submitted_on=self.today(now),
            expires_on=None,
            plan_lines=tuple(lines),
            assigned_pcps=tuple(pcps),
            payment_status=self.payment_status or payment.status,
            opened_months=payment.months,
            document_due_on=document_due_on,
        )

    def failed(
        self, now: datetime, reasons: Sequence[ValidationIssue], lines: Sequence[PlanLine], expiry_days: int
    ) -> Application:
        """``lines``: the plans as priced in this attempt, so that a new premium is seen when it is opened again."""
        today = self.today(now)
        return self.changed(
            now,
            status=Status.FAILED,
            submitted_on=today,
            expires_on=today + timedelta(days=expiry_days),
            failures=tuple(reasons),
            plan_lines=tuple(lines),
        )

    def paid(self, now: datetime, status: PaymentStatus) -> Application:
        """What payment told; what ends a payment stays, whatever comes late (R111)."""
        rank = FINAL_PAYMENTS.get(self.payment_status, 0)
        as_it_stands = status_under(self.status, status) or status
        if self.payment_status is as_it_stands or FINAL_PAYMENTS.get(as_it_stands, 0) < rank:
            return self
        return self.changed(now, payment_status=as_it_stands)

    def proven(self, now: datetime) -> Application:
        """Proof of the life event has come."""
        return self.changed(now, document_due_on=None) if self.document_due_on else self

    def must_be_payable(self) -> None:
        """Raises Conflict once it is cancelled; everything else about paying is for payment to say."""
        if self.status is Status.CANCELLED:
            raise Conflict("This application was cancelled. No payment is due.", code="application_cancelled")

    def find_cancellation_refusal(self, today: date) -> Conflict | None:
        """Why it cannot be cancelled; None where it can."""
        if self.cancellation:
            when, party = format_date(self.cancellation.cancelled_on), self.cancellation.asked_by
            message = f"This application was already cancelled on {when}, at the {party}'s request."
            return Conflict(message, code="application_cancelled")
        if self.status is not Status.SUBMITTED:
            message = "Only a submitted application can be cancelled, and this one is not submitted."
            return Conflict(message, code="not_submitted")
        if self.effective_date and self.effective_date <= today:
            instead = "" if len(self.terminations) == len(self.coverages) else " Terminate coverage instead."
            message = f"Coverage has begun, so this application can no longer be cancelled.{instead}"
            return Conflict(message, code="coverage_has_begun")
        return None

    def cancelled(self, now: datetime, reason: CancelReason, asked_by: CancelParty) -> Application:
        """Raises Conflict unless it is submitted and its coverage has not begun."""
        today = self.today(now)
        if refusal := self.find_cancellation_refusal(today):
            raise refusal
        cancellation = Cancellation(today, reason, asked_by)
        return self.changed(
            now,
            status=Status.CANCELLED,
            cancellation=cancellation,
            document_due_on=None,
            payment_status=status_under(Status.CANCELLED, self.payment_status),
        )

    def _find_unsubmitted(self) -> Conflict | None:
        """Why nothing can be done that is done with submitted applications alone."""
        if self.cancellation:
            when = format_date(self.cancellation.cancelled_on)
            return Conflict(f"This application was cancelled on {when}.", code="application_cancelled")
        if self.status is not Status.SUBMITTED:
            return Conflict("This application is not submitted.", code="not_submitted")
        return None

    def offer_termination(self, today: date) -> TerminationChoice:
        """Raises Conflict where no coverage can be terminated."""
        if refusal := self._find_unsubmitted():
            raise refusal
        return offer_termination(self.coverages, self.terminations, self.effective_date, self.opened_months, today)

    def terminated(self, now: datetime, wanted: TerminationRequest) -> Application:
        """Raises Conflict unless coverage has begun and each has no end yet; InvalidInput for what is not offered."""
        today = self.today(now)
        choice = self.offer_termination(today)
        must_have_no_end(wanted.coverages, self.terminations)
        return self.changed(now, terminations=(*self.terminations, *choice.take(wanted, today)))

    def find_contact_change_refusal(self, today: date) -> Conflict | None:
        """Why contact details cannot be changed; None where they can."""
        if refusal := self._find_unsubmitted():
            return refusal
        ended = [one for one in self.terminations if one.last_day < today]
        if ended and len(ended) == len(self.coverages):
            when = format_date(max(one.last_day for one in ended))
            return Conflict(f"Coverage ended on {when}. Tell the carrier directly.", code="coverage_terminated")
        return None

    def with_contact(self, now: datetime, contact: Contact, mailing_address: Address | None) -> Application:
        """Raises Conflict unless it is submitted, coverage has not ended, and something is new."""
        today = self.today(now)
        if refusal := self.find_contact_change_refusal(today):
            raise refusal
        if (contact.as_used, mailing_address) == (self.contact.as_used, self.mailing_address):
            raise Conflict("The carrier has these contact details already. Change one first.", code="nothing_changed")
        number = self.contact_change.number + 1 if self.contact_change else 1
        return self.changed(now, contact_change=ContactChange(number, today, contact, mailing_address))


def is_open(app: Application, now: datetime) -> bool:
    """Whether it can be edited, signed and submitted."""
    try:
        app.must_be_open(app.today(now))
    except Conflict:
        return False
    return True

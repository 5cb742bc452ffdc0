"""Use case part: apply a processor's answer to attempt and payment, inside somebody's transaction."""

from __future__ import annotations

from datetime import datetime

from services.payment.domain.attempt import CURRENCY, Attempt, AttemptStatus, PaymentMethod
from services.payment.domain.autopay import AutopayMandate, first_month_of_autopay
from services.payment.domain.events import AutopayAuthorized
from services.payment.domain.payment import Payment, PaymentStatus
from services.payment.usecases.persistence import lock_payment, save_transition
from services.payment.usecases.ports import ChargeReport, ChargeStatus, PaymentUnitOfWork

# The processor's codes for a decline, in sentences for the payer.
REASONS = {
    "card_declined": "The card was declined. Try another card or a bank account.",
    "insufficient_funds": "There are insufficient funds for this payment. Try another card or bank account.",
    "account_declined": "The bank declined the payment. Check the account number or try another account.",
}
OTHER_REASON = "The payment was declined. Try another card or bank account."


def apply_charge_outcome(work: PaymentUnitOfWork, report: ChargeReport, now: datetime) -> None:
    """Safe to repeat, in any order: an approval is final, and only the attempt waited for can fail the payment.

    An approval of another amount or currency than was asked for is kept, and never makes the payment
    successful; the right one does when it comes after.

    A report about an attempt that we do not have is left alone: it is signed, so it is the processor's mistake, and no
    repeat would fix it.
    """
    if report.status not in (ChargeStatus.APPROVED, ChargeStatus.DECLINED):
        return
    if (attempt := work.attempts.find_attempt(report.attempt_id)) is None:
        return
    before = lock_payment(work, attempt.record_number)
    attempt = work.attempts.find_attempt(report.attempt_id) or attempt  # as it is under the payment's lock
    status = _answer_of(report, attempt)
    work.attempts.save_attempt(attempt.answered(status, report.reference))
    if status is AttemptStatus.APPROVED:
        after = before.approved(attempt, now)
    elif status is AttemptStatus.DECLINED:
        after = before.declined(attempt, REASONS.get(report.reason, OTHER_REASON), now)
    else:
        after = before.mismatched(attempt, now)
    save_transition(work, before, after, "processor", f"payment.{status}")
    paid_now = after.status is PaymentStatus.SUCCESSFUL and after != before
    if paid_now and attempt.autopay is not None:
        _start_autopay(work, after, attempt.autopay, now)


def _start_autopay(work: PaymentUnitOfWork, payment: Payment, bank: PaymentMethod, now: datetime) -> None:
    number, starts_on = payment.record_number, first_month_of_autopay(payment.terms.months)
    work.payments.save_mandate(AutopayMandate(number, bank, now, starts_on))
    work.publish_event(AutopayAuthorized(number, payment.terms.writing_number, starts_on))
    work.record_audit(now, "payer", number, "autopay.authorized", f"account ending {bank.last_four}")


def _answer_of(report: ChargeReport, attempt: Attempt) -> AttemptStatus:
    if report.status is ChargeStatus.DECLINED:
        return AttemptStatus.DECLINED
    as_asked = (report.amount, report.currency) == (attempt.amount, CURRENCY)
    return AttemptStatus.APPROVED if as_asked else AttemptStatus.MISMATCHED

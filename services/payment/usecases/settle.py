"""Use case part: apply a processor's answer to attempt and payment, inside somebody's transaction."""

from __future__ import annotations

from datetime import datetime

from services.payment.domain.payment import PaymentStatus
from services.payment.usecases.changing import locked, save
from services.payment.usecases.ports import Answer, ChargeReport, PaymentUnitOfWork

# The processor's words for a refusal, in ours.
REASONS = {
    "card_declined": "The card was declined. Try another card or a bank account.",
    "insufficient_funds": "There is not enough money for this payment. Try another card or bank account.",
    "account_declined": "The bank refused the payment. Check the account or try another one.",
}
OTHER_REASON = "The payment was declined. Try another card or bank account."


def settle(work: PaymentUnitOfWork, report: ChargeReport, now: datetime) -> None:
    """Safe to repeat, in any order: an approval is final, and only the attempt waited for can fail the payment.

    A report about an attempt that we do not have is left alone: it is signed, so it is the processor's mistake, and no
    repeat would mend it.
    """
    if report.answer not in (Answer.APPROVED, Answer.DECLINED):
        return
    if (attempt := work.attempts.get(report.attempt_id)) is None:
        return
    before = locked(work, attempt.record_number)
    attempt = work.attempts.get(report.attempt_id) or attempt  # as it is under the payment's lock
    approved = report.answer is Answer.APPROVED
    work.attempts.save(attempt.settled(approved=approved))
    if approved:
        after = before.approved(attempt, now)
        paid_now = after.status is PaymentStatus.SUCCESSFUL and after != before
        if paid_now and attempt.autopay is not None:
            work.payments.keep_mandate(attempt.record_number, attempt.autopay, now)
    else:
        after = before.declined(attempt, REASONS.get(report.reason, OTHER_REASON), now)
    save(work, before, after, "processor", f"payment.{report.answer}")

"""What a notification says; ids only, since it may be read over a shoulder."""

from __future__ import annotations

from gateway.store.notifications import Notification

SUBMITTED = "application.submitted"
SUBMISSION_FAILED = "application.submission_failed"
PAYMENT_SUCCEEDED = "payment.succeeded"
PAYMENT_FAILED = "payment.failed"

_SENTENCES = {
    SUBMITTED: "Application {} was submitted.",
    SUBMISSION_FAILED: "Application {} could not be submitted. Open it to see what to mend.",
    PAYMENT_SUCCEEDED: "The payment for application {} was successful.",
    PAYMENT_FAILED: "The payment for application {} was declined. It can be tried again.",
}


def sentence(notification: Notification) -> str:
    return _SENTENCES.get(notification.kind, "Application {} changed.").format(notification.record_number)

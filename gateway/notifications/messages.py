"""What a notification says; ids only, since it may be read over a shoulder."""

from __future__ import annotations

from gateway.store.notifications import Notification

SUBMITTED = "application.submitted"
SUBMISSION_FAILED = "application.submission_failed"
CANCELLED = "application.cancelled"
MEDICAL_TERMINATED = "coverage.medical_terminated"
DENTAL_TERMINATED = "coverage.dental_terminated"
CONTACT_CHANGED = "contact.changed"
EXPIRED = "application.expired"
REVIEW_SIGNED = "review.signed"
REVIEW_RETURNED = "review.returned"
REVIEW_OUTDATED = "review.outdated"
REVIEW_WITHDRAWN = "review.withdrawn"
PAYMENT_SUCCEEDED = "payment.succeeded"
PAYMENT_FAILED = "payment.failed"
REFUND_DUE = "payment.refund_due"
PAYMENT_OVERDUE = "payment.overdue"
DOCUMENT_FAILED = "document.failed"

_SENTENCES = {
    SUBMITTED: "Application {} was submitted.",
    SUBMISSION_FAILED: "Application {} could not be submitted. Open it to see what to fix.",
    CANCELLED: "Application {} was cancelled.",
    MEDICAL_TERMINATED: "Medical coverage of application {} was terminated. Open it to see the last day.",
    DENTAL_TERMINATED: "Dental coverage of application {} was terminated. Open it to see the last day.",
    CONTACT_CHANGED: "Contact details of application {} were changed.",
    EXPIRED: "Application {} expired. It can no longer be submitted.",
    REVIEW_SIGNED: "The client reviewed application {} and signed it.",
    REVIEW_RETURNED: "The client marked something as wrong in application {}. Open it to see the remarks.",
    REVIEW_OUTDATED: "Application {} changed after the client signed it. It needs a new review.",
    REVIEW_WITHDRAWN: "The client withdrew the consent to application {}. Open it to see what to do.",
    PAYMENT_SUCCEEDED: "The payment for application {} was successful.",
    PAYMENT_FAILED: "The payment for application {} was declined. You can try again.",
    PAYMENT_OVERDUE: "The first payment for application {} is overdue. The client can still pay.",
    DOCUMENT_FAILED: "The PDF of application {} could not be created. The application itself is submitted.",
    REFUND_DUE: "Application {} was cancelled after it was paid. A refund is due.",
}


# Of entries that several applications share: the sentence, and the list that holds them.
_SHARED = {EXPIRED: ("{} applications expired. They can no longer be submitted.", "/enroll?tab=expired")}


def describe_notification(notification: Notification) -> str:
    if notification.applications > 1:
        return _SHARED[notification.kind][0].format(notification.applications)
    return _SENTENCES.get(notification.kind, "Application {} changed.").format(notification.record_number)


def link_to_subject(notification: Notification) -> str:
    """To the application, or to the list of those that share the entry."""
    if notification.applications > 1:
        return _SHARED[notification.kind][1]
    return f"/applications/{notification.record_number}"

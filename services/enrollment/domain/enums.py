"""Domain: the words of an application."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where an application stands; only INCOMPLETE and FAILED ones can be changed."""

    INCOMPLETE = "incomplete"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """The five steps, in their order (R110)."""

    GENERAL = "general"
    HOUSEHOLD = "household"
    PLANS = "plans"
    OTHER_COVERAGE = "other_coverage"
    SIGNATURES = "signatures"


# As the guide heads them (R110).
STEP_TITLES = {
    Step.GENERAL: "General Information",
    Step.HOUSEHOLD: "Applicant Information",
    Step.PLANS: "Plan Selection",
    Step.OTHER_COVERAGE: "Other Coverage and Proxy",
    Step.SIGNATURES: "Signatures and Payment",
}


class FailureClass(StrEnum):
    """Who can do something about a failed submission."""

    FIXABLE = "fixable"
    OURS = "ours"
    CARRIER = "carrier"


class FormType(StrEnum):
    """R35."""

    MEDICAL_DENTAL = "medical_dental"
    DENTAL = "dental"


class Authorization(StrEnum):
    """R39."""

    PAPER = "paper"
    IN_PERSON = "in_person"
    # The client signs by a review link (45 CFR 155.220(j)(2)); the guide has only the two before.
    CLIENT_REVIEW = "client_review"


class PaymentChoice(StrEnum):
    """R84."""

    PAY_NOW = "pay_now"
    PAY_LATER = "pay_later"


class PaymentStatus(StrEnum):
    """R94; what payment tells of the first premium."""

    NOT_STARTED = "not_started"
    PENDING = "pending"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    BILL_LATER = "bill_later"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"


class Relationship(StrEnum):
    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER_DEPENDENT = "other_dependent"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Coverage(StrEnum):
    MEDICAL = "medical"
    DENTAL = "dental"


class PcpStatus(StrEnum):
    """What becomes of a chosen provider."""

    KEPT = "kept"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    NOT_CHECKED = "not_checked"

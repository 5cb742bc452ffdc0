"""Store: domain values to JSON documents and back, by their type hints (dates and enums as text)."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from services.enrollment.domain.acceptance import Acceptance
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.cancellation import Cancellation
from services.enrollment.domain.client_review import ReviewRemark
from services.enrollment.domain.contact_change import ContactChange
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.duplicates import DuplicateExplanation
from services.enrollment.domain.enums import Step
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.people import Identity
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.review_consent import ReviewConsent
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import (
    Address,
    Contact,
    GeneralStep,
    HouseholdStep,
    OtherCoverageStep,
    PlansStep,
    SignaturesStep,
)
from services.enrollment.domain.termination import CoverageTermination
from services.enrollment.domain.validation_issue import ValidationIssue

T = TypeVar("T")


class JsonColumn(Generic[T]):
    """One kind of value as a document."""

    def __init__(self, kind: Any) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> Any:
        return self._adapter.dump_python(value, mode="json")

    def load(self, document: Any) -> T:
        return self._adapter.validate_python(document)


ADDRESS = JsonColumn[Address](Address)
CONTACT = JsonColumn[Contact](Contact)
OWN_CONTACT = JsonColumn[Contact | None](Contact | None)
FIRST_IDENTITY = JsonColumn[Identity | None](Identity | None)
SELF_IDENTIFICATION = JsonColumn[SelfIdentification | None](SelfIdentification | None)
SAVED_STEPS = JsonColumn[tuple[Step, ...]](tuple[Step, ...])
GENERAL = JsonColumn[GeneralStep](GeneralStep)
HOUSEHOLD = JsonColumn[HouseholdStep](HouseholdStep)
PLANS = JsonColumn[PlansStep](PlansStep)
OTHER_COVERAGE = JsonColumn[OtherCoverageStep](OtherCoverageStep)
SIGNATURES = JsonColumn[SignaturesStep](SignaturesStep)
ACCEPTANCES = JsonColumn[tuple[Acceptance, ...]](tuple[Acceptance, ...])
EXPLANATION = JsonColumn[DuplicateExplanation | None](DuplicateExplanation | None)
CANCELLATION = JsonColumn[Cancellation | None](Cancellation | None)
TERMINATIONS = JsonColumn[tuple[CoverageTermination, ...]](tuple[CoverageTermination, ...])
CONTACT_CHANGE = JsonColumn[ContactChange | None](ContactChange | None)
REVIEW_CONSENT = JsonColumn[ReviewConsent | None](ReviewConsent | None)
REVIEW_REMARKS = JsonColumn[tuple[ReviewRemark, ...]](tuple[ReviewRemark, ...])
START = JsonColumn[CoverageEffectiveDate | None](CoverageEffectiveDate | None)
PLAN_LINES = JsonColumn[tuple[PlanLine, ...]](tuple[PlanLine, ...])
ASSIGNED_PCPS = JsonColumn[tuple[AssignedPcp, ...]](tuple[AssignedPcp, ...])
MONTHS_DUE = JsonColumn[tuple[MonthDue, ...]](tuple[MonthDue, ...])
FAILURES = JsonColumn[tuple[ValidationIssue, ...]](tuple[ValidationIssue, ...])

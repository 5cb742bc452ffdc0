"""Store: domain values to JSON documents and back, by their type hints (dates and enums as text)."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from services.enrollment.domain.acceptances import Acceptance
from services.enrollment.domain.application import AssignedPcp
from services.enrollment.domain.cancellation import Cancellation
from services.enrollment.domain.duplicates import Explanation
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.people import Identity
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.start import CoverageStart
from services.enrollment.domain.steps import (
    Address,
    Contact,
    GeneralStep,
    HouseholdStep,
    OtherCoverageStep,
    PlansStep,
    SignaturesStep,
)

T = TypeVar("T")


class Document(Generic[T]):
    """One kind of value as a document."""

    def __init__(self, kind: Any) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> Any:
        return self._adapter.dump_python(value, mode="json")

    def load(self, document: Any) -> T:
        return self._adapter.validate_python(document)


ADDRESS = Document[Address](Address)
CONTACT = Document[Contact](Contact)
OWN_CONTACT = Document[Contact | None](Contact | None)
FIRST_IDENTITY = Document[Identity | None](Identity | None)
SELF_IDENTIFICATION = Document[SelfIdentification | None](SelfIdentification | None)
GENERAL = Document[GeneralStep](GeneralStep)
HOUSEHOLD = Document[HouseholdStep](HouseholdStep)
PLANS = Document[PlansStep](PlansStep)
OTHER_COVERAGE = Document[OtherCoverageStep](OtherCoverageStep)
SIGNATURES = Document[SignaturesStep](SignaturesStep)
ACCEPTANCES = Document[tuple[Acceptance, ...]](tuple[Acceptance, ...])
EXPLANATION = Document[Explanation | None](Explanation | None)
CANCELLATION = Document[Cancellation | None](Cancellation | None)
START = Document[CoverageStart | None](CoverageStart | None)
PLAN_LINES = Document[tuple[PlanLine, ...]](tuple[PlanLine, ...])
ASSIGNED_PCPS = Document[tuple[AssignedPcp, ...]](tuple[AssignedPcp, ...])
MONTHS_DUE = Document[tuple[MonthDue, ...]](tuple[MonthDue, ...])
FAILURES = Document[tuple[Shortcoming, ...]](tuple[Shortcoming, ...])

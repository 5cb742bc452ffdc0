"""Wire: enums between proto (``FORM_TYPE_DENTAL``) and domain (``FormType.DENTAL``); 0 is None."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import (
    application_overview_pb2,
    application_pb2,
    client_review_pb2,
    clients_pb2,
    plan_choice_pb2,
    records_pb2,
    steps_pb2,
)

from services.enrollment.domain import enums as v
from services.enrollment.domain.application_list import Column
from services.enrollment.domain.cancellation import CancelParty, CancelReason
from services.enrollment.domain.client_review import ReviewProof, ReviewStatus
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.duplicates import DuplicateMatch, NewApplicationReason
from services.enrollment.domain.review_consent import ReviewParty, ReviewSigner
from services.enrollment.domain.reviewed_content import ReviewValue
from services.enrollment.domain.termination import TerminationReason
from services.enrollment.usecases.duplicates import DuplicateChoice

E = TypeVar("E", bound=StrEnum)

# The proto enum of each domain enum, and what its value names begin with.
_PROTO: dict[type[StrEnum], tuple[Any, str]] = {
    v.Status: (application_pb2.ApplicationStatus, "APPLICATION_STATUS_"),
    v.FailureClass: (application_pb2.FailureClass, "FAILURE_CLASS_"),
    CancelReason: (application_pb2.CancelReason, "CANCEL_REASON_"),
    TerminationReason: (application_pb2.TerminationReason, "TERMINATION_REASON_"),
    CancelParty: (application_pb2.CancelParty, "CANCEL_PARTY_"),
    v.Step: (application_pb2.Step, "STEP_"),
    v.FormType: (steps_pb2.FormType, "FORM_TYPE_"),
    v.Authorization: (steps_pb2.Authorization, "AUTHORIZATION_"),
    v.PaymentChoice: (steps_pb2.PaymentChoice, "PAYMENT_CHOICE_"),
    v.Relationship: (common_pb2.Relationship, "RELATIONSHIP_"),
    v.Sex: (common_pb2.Sex, "SEX_"),
    v.Coverage: (common_pb2.Coverage, "COVERAGE_"),
    ReviewProof: (client_review_pb2.ReviewProof, "REVIEW_PROOF_"),
    ReviewStatus: (client_review_pb2.ReviewStatus, "REVIEW_STATUS_"),
    ReviewValue: (client_review_pb2.ReviewValue, "REVIEW_VALUE_"),
    ReviewSigner: (records_pb2.ReviewSigner, "REVIEW_SIGNER_"),
    ReviewParty: (records_pb2.ReviewParty, "REVIEW_PARTY_"),
    DeadlineKind: (application_overview_pb2.DeadlineKind, "DEADLINE_KIND_"),
    Column: (application_overview_pb2.ApplicationColumn, "APPLICATION_COLUMN_"),
    v.PcpStatus: (plan_choice_pb2.PcpStatus, "PCP_STATUS_"),
    DuplicateChoice: (clients_pb2.ExistingApplicationChoice, "EXISTING_APPLICATION_CHOICE_"),
    NewApplicationReason: (clients_pb2.NewApplicationReason, "NEW_APPLICATION_REASON_"),
    DuplicateMatch: (clients_pb2.DuplicateMatch, "DUPLICATE_MATCH_"),
}


def enum_from_proto(kind: type[E], number: int) -> E | None:
    """The domain's word; None for UNSPECIFIED and for numbers that this version does not know."""
    proto, prefix = _PROTO[kind]
    if number == 0 or number not in proto.values():
        return None
    return kind(proto.Name(number).removeprefix(prefix).lower())


def enum_to_proto(value: StrEnum | None) -> Any:
    if value is None:
        return 0
    proto, prefix = _PROTO[type(value)]
    return proto.Value(prefix + value.upper())

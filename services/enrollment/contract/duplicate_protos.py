"""Contract: the same people on other applications, as proto messages, and the answer to the question of R14."""

from __future__ import annotations

from suite.enrollment.v1 import clients_pb2 as pb
from suite.enrollment.v1.enrollment_service_pb2 import StartEnrollmentRequest

from chassis.mapping import ToProto
from services.enrollment.domain.duplicates import Duplicate, DuplicateExplanation, NewApplicationReason
from services.enrollment.usecases.duplicates import DuplicateAnswer, DuplicateChoice
from services.enrollment.wire.enums import enum_from_proto


def answer_in(request: StartEnrollmentRequest | pb.StartClientEnrollmentRequest) -> DuplicateAnswer:
    reason = enum_from_proto(NewApplicationReason, request.reason)
    return DuplicateAnswer(enum_from_proto(DuplicateChoice, request.choice), reason, request.record_number)


_duplicate = ToProto(Duplicate, pb.Duplicate, at_call=("explained",))


def duplicate_proto(found: Duplicate, explanation: DuplicateExplanation | None = None) -> pb.Duplicate:
    explained = explanation is not None and found.record_number in explanation.record_numbers
    return _duplicate(found, explained=explained)

"""Contract: the methods of EnrollmentService for the same people on other applications, and the question of R14."""

from __future__ import annotations

from suite.enrollment.v1 import clients_pb2 as pb
from suite.enrollment.v1.enrollment_service_pb2 import StartEnrollmentRequest

from chassis.contract import command_of
from chassis.kernel import Caller
from chassis.mapping import ToProto
from services.enrollment.contract import to_proto
from services.enrollment.contract.clients import ClientUseCases
from services.enrollment.domain.duplicates import Duplicate, Explanation, NewApplicationReason
from services.enrollment.usecases.duplicates import Answer, Choice, ChoiceNeeded
from services.enrollment.wire.enums import enum_from_proto, enum_to_proto


class DuplicateMethods:
    """Part of EnrollmentContract."""

    _clients: ClientUseCases

    def find_duplicates(self, request: pb.FindDuplicatesRequest, caller: Caller) -> pb.FindDuplicatesResponse:
        found, explanation = self._clients.find_duplicates(caller, request.record_number)
        return pb.FindDuplicatesResponse(
            duplicates=[duplicate_proto(one, explanation) for one in found],
            reason=enum_to_proto(explanation.reason if explanation else None),
        )

    def explain_duplicates(self, request: pb.ExplainDuplicatesRequest, caller: Caller) -> pb.ExplainDuplicatesResponse:
        reason = enum_from_proto(NewApplicationReason, request.reason)
        view = self._clients.explain_duplicates(caller, request.record_number, request.version, reason)
        return pb.ExplainDuplicatesResponse(application=to_proto.application(view))

    def start_client_enrollment(
        self, request: pb.StartClientEnrollmentRequest, caller: Caller
    ) -> pb.StartClientEnrollmentResponse:
        command, answer = (
            command_of(caller, "start_client_enrollment", request.idempotency_key, request),
            answer_in(request),
        )
        found = self._clients.start_enrollment(command, request.client_id, request.writing_number, answer)
        if isinstance(found, ChoiceNeeded):
            return pb.StartClientEnrollmentResponse(
                outcome="choice_needed",
                incomplete_record_number=found.newest_to_resume,
                duplicates=[duplicate_proto(one) for one in found.duplicates],
            )
        return pb.StartClientEnrollmentResponse(outcome="started", application=to_proto.application(found))


def answer_in(request: StartEnrollmentRequest | pb.StartClientEnrollmentRequest) -> Answer:
    reason = enum_from_proto(NewApplicationReason, request.reason)
    return Answer(enum_from_proto(Choice, request.choice), reason, request.record_number)


_duplicate = ToProto(Duplicate, pb.Duplicate, at_call=("explained",))


def duplicate_proto(found: Duplicate, explanation: Explanation | None = None) -> pb.Duplicate:
    explained = explanation is not None and found.record_number in explanation.record_numbers
    return _duplicate(found, explained=explained)

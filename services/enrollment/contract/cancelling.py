"""Contract: the methods about taking back a submitted application."""

from __future__ import annotations

from suite.enrollment.v1 import cancellation_pb2 as pb

from chassis.contract import command_of
from chassis.kernel import Caller, InvalidInput
from services.enrollment.contract import to_proto
from services.enrollment.domain.cancellation import CancelParty, CancelReason
from services.enrollment.usecases.cancel_application import CancelApplication, ConfirmPayable
from services.enrollment.wire.enums import enum_from_proto


class CancelMethods:
    """Part of ``EnrollmentContract``."""

    _cancel: CancelApplication
    _confirm_payable: ConfirmPayable

    def confirm_payable(self, request: pb.ConfirmPayableRequest, caller: Caller) -> pb.ConfirmPayableResponse:
        self._confirm_payable(caller, request.record_number)
        return pb.ConfirmPayableResponse()

    def cancel_application(self, request: pb.CancelApplicationRequest, caller: Caller) -> pb.CancelApplicationResponse:
        reason, asked_by = enum_from_proto(CancelReason, request.reason), enum_from_proto(CancelParty, request.asked_by)
        if reason is None:
            raise InvalidInput.at("reason", "Choose one of the reasons of the list.")
        if asked_by is None:
            raise InvalidInput.at("asked_by", "Say whether the client or the producer asked for it.")
        command = command_of(caller, "cancel_application", request.idempotency_key, request)
        view = self._cancel(command, request.record_number, reason, asked_by)
        return pb.CancelApplicationResponse(application=to_proto.application(view))

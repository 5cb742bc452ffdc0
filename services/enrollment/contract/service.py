"""Contract: the methods of EnrollmentService; those of a topic of its own stand beside it."""

from __future__ import annotations

from dataclasses import dataclass

from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.contract import Contract, command_of
from chassis.kernel import Caller
from services.enrollment.contract import to_domain, to_proto
from services.enrollment.contract.cancelling import CancelMethods
from services.enrollment.contract.clients import ClientMethods, ClientUseCases
from services.enrollment.contract.duplicates import DuplicateMethods, answer_in, duplicate_proto
from services.enrollment.contract.overview import OverviewMethods
from services.enrollment.contract.page_tokens import PageTokens
from services.enrollment.contract.rules import RulesMethods
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.cancel_application import CancelApplication, ConfirmPayable
from services.enrollment.usecases.duplicates import ChoiceNeeded
from services.enrollment.usecases.effective_date import ListEffectiveDates, SetEffectiveDate
from services.enrollment.usecases.overview import Overview
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.reading import Reading
from services.enrollment.usecases.save_step import SaveStep
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_enrollment import OnExchangeRedirect, StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication
from services.enrollment.wire.values import validation_issue

# Answers on language, ethnicity and identity go to people, and to the service that prints them (R54-R57).
_PRINTS_SELF_IDENTIFICATION = ("documents",)


@dataclass(frozen=True, slots=True)
class UseCases:
    start_application: StartApplication
    start_enrollment: StartEnrollment
    reading: Reading
    overview: Overview
    page_tokens: PageTokens
    save_step: SaveStep
    list_effective_dates: ListEffectiveDates
    set_effective_date: SetEffectiveDate
    submit: SubmitApplication
    cancel: CancelApplication
    clients: ClientUseCases
    read_rules: ReadRules


class EnrollmentContract(CancelMethods, OverviewMethods, ClientMethods, DuplicateMethods, RulesMethods, Contract):
    descriptor = pb.DESCRIPTOR.services_by_name["EnrollmentService"]

    def __init__(self, use: UseCases) -> None:
        super().__init__()
        self._use = use
        self._cancel, self._confirm_payable = use.cancel, ConfirmPayable(use.cancel.service)
        self._overview, self._page_tokens = use.overview, use.page_tokens
        self._clients = use.clients
        self._read_rules = use.read_rules

    def start_application(self, request: pb.StartApplicationRequest, caller: Caller) -> pb.StartApplicationResponse:
        own = caller.writing_number(request.writing_number)
        producer = Producer(own.number, own.producer_name, own.company_name, own.state)
        view = self._use.start_application(
            command_of(caller, "start_application", request.idempotency_key, request), producer
        )
        return pb.StartApplicationResponse(application=to_proto.application(view))

    def start_enrollment(self, request: pb.StartEnrollmentRequest, caller: Caller) -> pb.StartEnrollmentResponse:
        command = command_of(caller, "start_enrollment", request.idempotency_key, request)
        found = self._use.start_enrollment(command, request.quote_id, answer_in(request))
        match found:
            case ChoiceNeeded(duplicates):
                return pb.StartEnrollmentResponse(
                    outcome="choice_needed",
                    incomplete_record_number=found.newest_to_resume,
                    duplicates=[duplicate_proto(one) for one in duplicates],
                )
            case OnExchangeRedirect(target, url):
                return pb.StartEnrollmentResponse(
                    outcome="on_exchange_redirect", exchange_target=target, exchange_url=url, then_show="quotes"
                )
            case view:
                return pb.StartEnrollmentResponse(outcome="started", application=to_proto.application(view))

    def get_application(self, request: pb.GetApplicationRequest, caller: Caller) -> pb.GetApplicationResponse:
        view = self._use.reading.application(caller, request.record_number)
        found = to_proto.application(view)
        printing = request.with_self_identification and caller.subject in _PRINTS_SELF_IDENTIFICATION
        if caller.is_service and not printing:
            found = to_proto.without_self_identification(found)
        return pb.GetApplicationResponse(application=found)

    def save_step(self, request: pb.SaveStepRequest, caller: Caller) -> pb.SaveStepResponse:
        step = to_domain.step(request)
        producer = to_domain.producer(request.general, caller) if request.HasField("general") else None
        view = self._use.save_step(caller, request.record_number, request.version, step, producer)
        return pb.SaveStepResponse(application=to_proto.application(view))

    def list_effective_dates(
        self, request: pb.ListEffectiveDatesRequest, caller: Caller
    ) -> pb.ListEffectiveDatesResponse:
        dates = self._use.list_effective_dates(caller, request.record_number)
        return pb.ListEffectiveDatesResponse(
            options=[to_proto.option(one, is_default=one is dates.default) for one in dates.options],
            refused=[to_proto.refusal(one) for one in dates.refused],
        )

    def set_effective_date(self, request: pb.SetEffectiveDateRequest, caller: Caller) -> pb.SetEffectiveDateResponse:
        wanted = to_domain.date_choice(request)
        view = self._use.set_effective_date(caller, request.record_number, request.version, wanted)
        return pb.SetEffectiveDateResponse(application=to_proto.application(view))

    def get_readiness(self, request: pb.GetReadinessRequest, caller: Caller) -> pb.GetReadinessResponse:
        missing = self._use.reading.application(caller, request.record_number).missing
        return pb.GetReadinessResponse(ready=not missing, missing=[validation_issue(one) for one in missing])

    def submit_application(self, request: pb.SubmitApplicationRequest, caller: Caller) -> pb.SubmitApplicationResponse:
        command = command_of(caller, "submit_application", request.idempotency_key, request)
        view = self._use.submit(command, request.record_number, request.version)
        return pb.SubmitApplicationResponse(application=to_proto.application(view))

"""Contract: EnrollmentService, for gRPC and bus alike, and the use cases that it calls."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TypeVar

from google.protobuf.message import Message
from suite.enrollment.v1 import (
    after_submission_pb2,
    application_overview_pb2,
    cancellation_pb2,
    clients_pb2,
    plan_choice_pb2,
    rules_pb2,
    submission_pb2,
)
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.contract import Contract, command_of
from chassis.kernel import Caller, InvalidInput
from chassis.paging import PageTokens, list_id_of, page_size
from services.enrollment.contract import client_protos, overview_protos, rules_protos, to_domain, to_proto
from services.enrollment.contract.book_service import BookMethods
from services.enrollment.contract.duplicate_protos import answer_in, duplicate_proto
from services.enrollment.contract.plan_choice_protos import plan_change_to_proto, rating_basis_to_proto
from services.enrollment.contract.request_parsing import RequestParser
from services.enrollment.contract.review_service import ReviewMethods
from services.enrollment.contract.submission_protos import submission_to_proto
from services.enrollment.domain.application_list import ListCursor
from services.enrollment.domain.cancellation import CancelParty, CancelReason
from services.enrollment.domain.duplicates import NewApplicationReason
from services.enrollment.domain.enums import Coverage
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.cancel_application import CancelApplication
from services.enrollment.usecases.change_contact import ChangeContact
from services.enrollment.usecases.check_plan_change import CheckPlanChange
from services.enrollment.usecases.confirm_payable import ConfirmPayable
from services.enrollment.usecases.duplicates import DuplicateChoiceNeeded
from services.enrollment.usecases.explain_duplicates import ExplainDuplicates
from services.enrollment.usecases.find_duplicates import FindDuplicates
from services.enrollment.usecases.get_application import GetApplication
from services.enrollment.usecases.get_client import GetClient
from services.enrollment.usecases.get_enrollment_report import GetEnrollmentReport
from services.enrollment.usecases.get_rating_basis import GetRatingBasis
from services.enrollment.usecases.get_readiness import GetReadiness
from services.enrollment.usecases.get_review import GetReview
from services.enrollment.usecases.get_submission import GetSubmission
from services.enrollment.usecases.get_timeline import GetTimeline
from services.enrollment.usecases.list_applicants import ListApplicants
from services.enrollment.usecases.list_applications import ListApplications
from services.enrollment.usecases.list_awaited_reviews import ListAwaitedReviews
from services.enrollment.usecases.list_deadlines import ListDeadlines
from services.enrollment.usecases.list_effective_dates import ListEffectiveDates
from services.enrollment.usecases.list_reviews import ListReviews
from services.enrollment.usecases.open_review import OpenReview
from services.enrollment.usecases.read_review import ReadReview
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.return_review import ReturnReview
from services.enrollment.usecases.revoke_review import RevokeReview
from services.enrollment.usecases.save_review_remark import SaveReviewRemark
from services.enrollment.usecases.save_step import SaveStep, StepEdit
from services.enrollment.usecases.search_addresses import SearchAddresses
from services.enrollment.usecases.search_clients import SearchClients
from services.enrollment.usecases.send_for_review import SendForReview
from services.enrollment.usecases.set_effective_date import SetEffectiveDate
from services.enrollment.usecases.sign_review import SignReview
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_client_enrollment import StartClientEnrollment
from services.enrollment.usecases.start_enrollment import OnExchangeRedirect, StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication
from services.enrollment.usecases.terminate_coverage import TerminateCoverage
from services.enrollment.usecases.withdraw_review import WithdrawReview
from services.enrollment.wire.enums import enum_from_proto, enum_to_proto

FoundApplications = TypeVar(
    "FoundApplications",
    application_overview_pb2.ListApplicationsResponse,
    application_overview_pb2.SearchApplicationsResponse,
)
# Answers on language, ethnicity and identity go to people, and to the service that prints them (R54-R57).
_PRINTS_SELF_IDENTIFICATION = ("documents",)
# Most applications have fewer acts than that in all.
TIMELINE_PAGE = 200


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the methods call."""

    start_application: StartApplication
    start_enrollment: StartEnrollment
    start_client_enrollment: StartClientEnrollment
    get_application: GetApplication
    get_rating_basis: GetRatingBasis
    get_readiness: GetReadiness
    check_plan_change: CheckPlanChange
    save_step: SaveStep
    list_effective_dates: ListEffectiveDates
    set_effective_date: SetEffectiveDate
    submit_application: SubmitApplication
    cancel_application: CancelApplication
    terminate_coverage: TerminateCoverage
    change_contact: ChangeContact
    confirm_payable: ConfirmPayable
    get_submission: GetSubmission
    list_applications: ListApplications
    list_deadlines: ListDeadlines
    get_timeline: GetTimeline
    search_clients: SearchClients
    search_addresses: SearchAddresses
    find_duplicates: FindDuplicates
    explain_duplicates: ExplainDuplicates
    read_rules: ReadRules
    send_for_review: SendForReview
    list_reviews: ListReviews
    get_review: GetReview
    revoke_review: RevokeReview
    open_review: OpenReview
    read_review: ReadReview
    save_review_remark: SaveReviewRemark
    return_review: ReturnReview
    sign_review: SignReview
    withdraw_review: WithdrawReview
    get_client: GetClient
    list_applicants: ListApplicants
    list_awaited_reviews: ListAwaitedReviews
    get_enrollment_report: GetEnrollmentReport


class EnrollmentContract(ReviewMethods, BookMethods, Contract):
    descriptor = pb.DESCRIPTOR.services_by_name["EnrollmentService"]

    _use_cases: UseCases

    def __init__(self, use_cases: UseCases, page_tokens: PageTokens) -> None:
        super().__init__()
        self._use_cases = use_cases
        self._page_tokens = page_tokens

    def validate(self, request: Message, caller: Caller) -> None:
        if isinstance(request, pb.SaveStepRequest):
            request.validate_only = True
            self._save_step(request, caller, lacks_wrong=True)

    def start_application(self, request: pb.StartApplicationRequest, caller: Caller) -> pb.StartApplicationResponse:
        own = caller.writing_number(request.writing_number)
        producer = Producer(own.number, own.producer_name, own.company_name, own.state, own.phone, own.npn)
        view = self._use_cases.start_application(
            command_of(caller, "start_application", request.idempotency_key, request), producer
        )
        return pb.StartApplicationResponse(application=to_proto.application_to_proto(view))

    def start_enrollment(self, request: pb.StartEnrollmentRequest, caller: Caller) -> pb.StartEnrollmentResponse:
        command = command_of(caller, "start_enrollment", request.idempotency_key, request)
        found = self._use_cases.start_enrollment(command, request.quote_id, answer_in(request))
        match found:
            case DuplicateChoiceNeeded(duplicates):
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
                return pb.StartEnrollmentResponse(outcome="started", application=to_proto.application_to_proto(view))

    def get_application(self, request: pb.GetApplicationRequest, caller: Caller) -> pb.GetApplicationResponse:
        view = self._use_cases.get_application(caller, request.record_number)
        found = to_proto.application_to_proto(view)
        printing = request.with_self_identification and caller.answered_service in _PRINTS_SELF_IDENTIFICATION
        if caller.answered_service and not printing:
            found = to_proto.without_self_identification(found)
        return pb.GetApplicationResponse(application=found)

    def save_step(self, request: pb.SaveStepRequest, caller: Caller) -> pb.SaveStepResponse:
        return self._save_step(request, caller)

    def _save_step(
        self, request: pb.SaveStepRequest, caller: Caller, *, lacks_wrong: bool = False
    ) -> pb.SaveStepResponse:
        form, producer = RequestParser(), None
        step = to_domain.step_to_domain(request, form)
        with form.collect():
            producer = to_domain.producer_to_domain(request.general, caller) if request.HasField("general") else None
        content = command_of(caller, "save_step", "", request).fingerprint
        missing_in = request.missing_in if request.HasField("missing_in") else None
        edit = StepEdit(request.record_number, request.version, step, producer, form.found, missing_in, lacks_wrong)
        view = self._use_cases.save_step(caller, edit, content, request.validate_only)
        return pb.SaveStepResponse(application=to_proto.application_to_proto(view))

    def list_effective_dates(
        self, request: pb.ListEffectiveDatesRequest, caller: Caller
    ) -> pb.ListEffectiveDatesResponse:
        dates = self._use_cases.list_effective_dates(caller, request.record_number)
        return pb.ListEffectiveDatesResponse(
            options=[to_proto.option_to_proto(one, is_default=one is dates.default) for one in dates.options],
            refused=[to_proto.refusal(one) for one in dates.refused],
        )

    def set_effective_date(self, request: pb.SetEffectiveDateRequest, caller: Caller) -> pb.SetEffectiveDateResponse:
        wanted = to_domain.date_choice(request)
        content = command_of(caller, "set_effective_date", "", request).fingerprint
        view = self._use_cases.set_effective_date(caller, request.record_number, request.version, wanted, content)
        return pb.SetEffectiveDateResponse(application=to_proto.application_to_proto(view))

    def get_rating_basis(
        self, request: plan_choice_pb2.GetRatingBasisRequest, caller: Caller
    ) -> plan_choice_pb2.GetRatingBasisResponse:
        coverage = enum_from_proto(Coverage, request.coverage)
        return rating_basis_to_proto(self._use_cases.get_rating_basis(caller, request.record_number, coverage))

    def check_plan_change(
        self, request: plan_choice_pb2.CheckPlanChangeRequest, caller: Caller
    ) -> plan_choice_pb2.CheckPlanChangeResponse:
        plans = request.medical_plan_id, request.dental_plan_id
        return plan_change_to_proto(self._use_cases.check_plan_change(caller, request.record_number, *plans))

    def get_readiness(self, request: pb.GetReadinessRequest, caller: Caller) -> pb.GetReadinessResponse:
        return to_proto.readiness_to_proto(self._use_cases.get_readiness(caller, request.record_number))

    def submit_application(self, request: pb.SubmitApplicationRequest, caller: Caller) -> pb.SubmitApplicationResponse:
        command = command_of(caller, "submit_application", request.idempotency_key, request)
        view = self._use_cases.submit_application(command, request.record_number, request.version)
        return pb.SubmitApplicationResponse(application=to_proto.application_to_proto(view))

    def cancel_application(
        self, request: cancellation_pb2.CancelApplicationRequest, caller: Caller
    ) -> cancellation_pb2.CancelApplicationResponse:
        reason, asked_by = enum_from_proto(CancelReason, request.reason), enum_from_proto(CancelParty, request.asked_by)
        if reason is None:
            raise InvalidInput.at("reason", "Choose a reason from the list.")
        if asked_by is None:
            raise InvalidInput.at("asked_by", "Choose who requested it, the client or the producer.")
        command = command_of(caller, "cancel_application", request.idempotency_key, request)
        view = self._use_cases.cancel_application(command, request.record_number, reason, asked_by)
        return cancellation_pb2.CancelApplicationResponse(application=to_proto.application_to_proto(view))

    def terminate_coverage(
        self, request: after_submission_pb2.TerminateCoverageRequest, caller: Caller
    ) -> after_submission_pb2.TerminateCoverageResponse:
        wanted = to_domain.termination_request(request)
        command = command_of(caller, "terminate_coverage", request.idempotency_key, request)
        view = self._use_cases.terminate_coverage(command, request.record_number, wanted)
        return after_submission_pb2.TerminateCoverageResponse(application=to_proto.application_to_proto(view))

    def change_contact(
        self, request: after_submission_pb2.ChangeContactRequest, caller: Caller
    ) -> after_submission_pb2.ChangeContactResponse:
        command = command_of(caller, "change_contact", request.idempotency_key, request)
        view = self._use_cases.change_contact(command, to_domain.contact_edit(request))
        return after_submission_pb2.ChangeContactResponse(application=to_proto.application_to_proto(view))

    def confirm_payable(
        self, request: cancellation_pb2.ConfirmPayableRequest, caller: Caller
    ) -> cancellation_pb2.ConfirmPayableResponse:
        self._use_cases.confirm_payable(caller, request.record_number)
        return cancellation_pb2.ConfirmPayableResponse()

    def get_submission(
        self, request: submission_pb2.GetSubmissionRequest, caller: Caller
    ) -> submission_pb2.GetSubmissionResponse:
        found = self._use_cases.get_submission(caller, request.record_number, request.carrier)
        return submission_pb2.GetSubmissionResponse(submission=submission_to_proto(found))

    def list_applications(
        self, request: application_overview_pb2.ListApplicationsRequest, caller: Caller
    ) -> application_overview_pb2.ListApplicationsResponse:
        return self._find_applications(application_overview_pb2.ListApplicationsResponse, request, caller)

    def search_applications(
        self, request: application_overview_pb2.SearchApplicationsRequest, caller: Caller
    ) -> application_overview_pb2.SearchApplicationsResponse:
        return self._find_applications(
            application_overview_pb2.SearchApplicationsResponse, request, caller, request.applicant
        )

    def _find_applications(
        self,
        response: type[FoundApplications],
        request: application_overview_pb2.ListApplicationsRequest | application_overview_pb2.SearchApplicationsRequest,
        caller: Caller,
        applicant: str = "",
    ) -> FoundApplications:
        search = overview_protos.search_to_domain(request.status, request.filter, request.order, applicant)
        after = self._page_tokens.read(request.page, list_id_of(request, caller), ListCursor)
        found = self._use_cases.list_applications(caller, search, after, page_size(request.page))
        return response(
            applications=[overview_protos.summary(row) for row in found.rows],
            next_page_token=self._page_token(found.following, request, caller),
            count=found.count,
            count_capped=found.capped,
            previous_page_token=self._page_token(found.previous, request, caller),
        )

    def _page_token(self, cursor: ListCursor | None, request: Message, caller: Caller) -> str:
        return self._page_tokens.make(astuple(cursor) if cursor else None, list_id_of(request, caller))

    def list_deadlines(
        self, request: application_overview_pb2.ListDeadlinesRequest, caller: Caller
    ) -> application_overview_pb2.ListDeadlinesResponse:
        search = overview_protos.deadline_search(request)
        after = self._page_tokens.read(request.page, list_id_of(request, caller), ListCursor)
        found = self._use_cases.list_deadlines(caller, search, after, page_size(request.page))
        return application_overview_pb2.ListDeadlinesResponse(
            deadlines=[overview_protos.deadline(row) for row in found.rows],
            next_page_token=self._page_token(found.following, request, caller),
            count=found.count,
            count_capped=found.capped,
        )

    def get_timeline(self, request: pb.GetTimelineRequest, caller: Caller) -> pb.GetTimelineResponse:
        after = self._page_tokens.read(request.page, list_id_of(request, caller), ListCursor)
        size = page_size(request.page, TIMELINE_PAGE)
        entries, following = self._use_cases.get_timeline(caller, request.record_number, after, size)
        return pb.GetTimelineResponse(
            entries=[overview_protos.timeline_entry(entry) for entry in entries],
            next_page_token=self._page_token(following, request, caller),
        )

    def search_clients(self, request: pb.SearchClientsRequest, caller: Caller) -> pb.SearchClientsResponse:
        born = to_domain.parse_day("date_of_birth", request.date_of_birth)
        found = self._use_cases.search_clients(caller, request.name, born, request.phone, request.ssn_last_four)
        return pb.SearchClientsResponse(clients=[client_protos.client_to_proto(one) for one in found])

    def search_addresses(self, request: pb.SearchAddressesRequest, _caller: Caller) -> pb.SearchAddressesResponse:
        found = self._use_cases.search_addresses(request.text, request.state)
        return pb.SearchAddressesResponse(suggestions=[client_protos.suggestion(one) for one in found])

    def start_client_enrollment(
        self, request: clients_pb2.StartClientEnrollmentRequest, caller: Caller
    ) -> clients_pb2.StartClientEnrollmentResponse:
        command = command_of(caller, "start_client_enrollment", request.idempotency_key, request)
        found = self._use_cases.start_client_enrollment(
            command, request.client_id, request.writing_number, answer_in(request)
        )
        if isinstance(found, DuplicateChoiceNeeded):
            return clients_pb2.StartClientEnrollmentResponse(
                outcome="choice_needed",
                incomplete_record_number=found.newest_to_resume,
                duplicates=[duplicate_proto(one) for one in found.duplicates],
            )
        return clients_pb2.StartClientEnrollmentResponse(
            outcome="started", application=to_proto.application_to_proto(found)
        )

    def find_duplicates(
        self, request: clients_pb2.FindDuplicatesRequest, caller: Caller
    ) -> clients_pb2.FindDuplicatesResponse:
        found, explanation = self._use_cases.find_duplicates(caller, request.record_number)
        return clients_pb2.FindDuplicatesResponse(
            duplicates=[duplicate_proto(one, explanation) for one in found],
            reason=enum_to_proto(explanation.reason if explanation else None),
        )

    def explain_duplicates(
        self, request: clients_pb2.ExplainDuplicatesRequest, caller: Caller
    ) -> clients_pb2.ExplainDuplicatesResponse:
        reason = enum_from_proto(NewApplicationReason, request.reason)
        content = command_of(caller, "explain_duplicates", "", request).fingerprint
        view = self._use_cases.explain_duplicates(caller, request.record_number, request.version, reason, content)
        return clients_pb2.ExplainDuplicatesResponse(application=to_proto.application_to_proto(view))

    def get_enrollment_rules(
        self, request: rules_pb2.GetEnrollmentRulesRequest, _caller: Caller
    ) -> rules_pb2.GetEnrollmentRulesResponse:
        day = to_domain.parse_day("effective_date", request.effective_date)
        circumstances = self._use_cases.read_rules(request.state, request.rule_pack)
        rules = rules_protos.rules_to_proto(request.state, circumstances, day)
        return rules_pb2.GetEnrollmentRulesResponse(rules=rules)

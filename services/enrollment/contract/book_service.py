"""Contract: rpcs of the pages around a producer's book of business; they only look."""

from __future__ import annotations

from typing import Protocol

from suite.enrollment.v1 import application_overview_pb2, clients_pb2, reports_pb2

from chassis.kernel import Caller
from chassis.mapping import ToProto
from services.enrollment.contract import client_protos, overview_protos
from services.enrollment.contract.request_parsing import RequestParser
from services.enrollment.usecases.book_ports import Applicant, AwaitedReview, EnrollmentFigures
from services.enrollment.usecases.get_client import GetClient
from services.enrollment.usecases.get_enrollment_report import GetEnrollmentReport
from services.enrollment.usecases.list_applicants import ListApplicants
from services.enrollment.usecases.list_awaited_reviews import ListAwaitedReviews

_applicant = ToProto(Applicant, application_overview_pb2.Applicant)
_awaited = ToProto(AwaitedReview, application_overview_pb2.AwaitedReview)
_figures = ToProto(EnrollmentFigures, reports_pb2.EnrollmentFigures)


class BookUseCases(Protocol):
    """Those of ``contract.service.UseCases`` that these methods call."""

    @property
    def get_client(self) -> GetClient: ...
    @property
    def list_applicants(self) -> ListApplicants: ...
    @property
    def list_awaited_reviews(self) -> ListAwaitedReviews: ...
    @property
    def get_enrollment_report(self) -> GetEnrollmentReport: ...


class BookMethods:
    """Part of ``EnrollmentContract``."""

    _use_cases: BookUseCases

    def get_client(self, request: clients_pb2.GetClientRequest, caller: Caller) -> clients_pb2.GetClientResponse:
        found = self._use_cases.get_client(caller, request.client_id)
        return clients_pb2.GetClientResponse(
            client=client_protos.client_to_proto(found.client),
            applications=[overview_protos.summary(row) for row in found.applications],
            deadlines=[overview_protos.deadline(row) for row in found.deadlines],
            quote_ids=found.quote_ids,
        )

    def list_applicants(
        self, request: application_overview_pb2.ListApplicantsRequest, caller: Caller
    ) -> application_overview_pb2.ListApplicantsResponse:
        found = self._use_cases.list_applicants(caller, list(request.record_numbers))
        return application_overview_pb2.ListApplicantsResponse(applicants=map(_applicant, found))

    def list_awaited_reviews(
        self, request: application_overview_pb2.ListAwaitedReviewsRequest, caller: Caller
    ) -> application_overview_pb2.ListAwaitedReviewsResponse:
        found = self._use_cases.list_awaited_reviews(caller, request.size)
        return application_overview_pb2.ListAwaitedReviewsResponse(
            reviews=map(_awaited, found.reviews), count=found.count, count_capped=found.capped
        )

    def get_enrollment_report(
        self, request: reports_pb2.GetEnrollmentReportRequest, caller: Caller
    ) -> reports_pb2.GetEnrollmentReportResponse:
        form = RequestParser()
        first, last = (form.month(name, getattr(request, name)) for name in ("first_month", "last_month"))
        form.close()
        found = self._use_cases.get_enrollment_report(caller, first, last, request.state, request.writing_number)
        return reports_pb2.GetEnrollmentReportResponse(figures=map(_figures, found))

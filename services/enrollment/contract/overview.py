"""Contract: the methods over many applications: lists, deadlines, and the timeline of one."""

from __future__ import annotations

from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service

from chassis.kernel import Caller
from services.enrollment.contract import overview_protos
from services.enrollment.contract.page_tokens import PageTokens, size_of
from services.enrollment.usecases.overview import Overview

# Most applications have fewer acts than that in all.
TIMELINE_PAGE = 200


class OverviewMethods:
    """Part of EnrollmentContract."""

    _overview: Overview
    _page_tokens: PageTokens

    def list_applications(self, request: pb.ListApplicationsRequest, caller: Caller) -> pb.ListApplicationsResponse:
        tokens, page = self._page_tokens, request.page
        search = overview_protos.search(request.status, request.filter, request.order)
        found = self._overview.applications(caller, search, tokens.take(page, request, caller), size_of(page))
        return pb.ListApplicationsResponse(
            applications=[overview_protos.summary(row) for row in found.rows],
            next_page_token=tokens.give(found.following, request, caller),
            count=found.count,
            count_capped=found.capped,
        )

    def search_applications(
        self, request: pb.SearchApplicationsRequest, caller: Caller
    ) -> pb.SearchApplicationsResponse:
        tokens, page = self._page_tokens, request.page
        search = overview_protos.search(request.status, request.filter, request.order, request.applicant)
        found = self._overview.applications(caller, search, tokens.take(page, request, caller), size_of(page))
        return pb.SearchApplicationsResponse(
            applications=[overview_protos.summary(row) for row in found.rows],
            next_page_token=tokens.give(found.following, request, caller),
            count=found.count,
            count_capped=found.capped,
        )

    def list_deadlines(self, request: pb.ListDeadlinesRequest, caller: Caller) -> pb.ListDeadlinesResponse:
        tokens, page = self._page_tokens, request.page
        search = overview_protos.deadline_search(request, self._overview.today())
        after = tokens.take(page, request, caller)
        rows, following = self._overview.deadlines(caller, search, after, size_of(page))
        return pb.ListDeadlinesResponse(
            deadlines=[overview_protos.deadline(row) for row in rows],
            next_page_token=tokens.give(following, request, caller),
        )

    def get_timeline(self, request: service.GetTimelineRequest, caller: Caller) -> service.GetTimelineResponse:
        tokens, page = self._page_tokens, request.page
        after, size = tokens.take(page, request, caller), size_of(page, TIMELINE_PAGE)
        entries, following = self._overview.timeline(caller, request.record_number, after, size)
        return service.GetTimelineResponse(
            entries=[overview_protos.timeline_entry(entry) for entry in entries],
            next_page_token=tokens.give(following, request, caller),
        )

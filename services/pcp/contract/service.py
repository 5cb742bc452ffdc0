"""``suite.pcp.v1.PcpService``, for gRPC and bus alike."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from google.protobuf.message import Message
from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.contract import Contract
from chassis.identity import Caller
from chassis.kernel import InvalidInput, ProblemList
from chassis.paging import PageTokens, list_id_of, page_size
from services.pcp.contract import to_domain, to_proto
from services.pcp.domain.network import PlanNetwork
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.check_providers import CheckProviders
from services.pcp.usecases.find_place import FindPlace
from services.pcp.usecases.get_provider import GetProvider
from services.pcp.usecases.ports import ProviderCursor
from services.pcp.usecases.report_provider import ReportProvider
from services.pcp.usecases.search_providers import SearchProviders


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the methods call."""

    search_providers: SearchProviders
    find_place: FindPlace
    get_provider: GetProvider
    report_provider: ReportProvider
    assign_providers: AssignProviders
    check_providers: CheckProviders


class PcpContract(Contract):
    """Finder methods are for everybody who is signed in; assigning and checking are enrollment's alone."""

    descriptor = pb.DESCRIPTOR.services_by_name["PcpService"]

    def __init__(self, use_cases: UseCases, page_tokens: PageTokens) -> None:
        super().__init__()
        self._use_cases, self._page_tokens = use_cases, page_tokens

    def validate(self, request: Message, caller: Caller) -> None:
        if isinstance(request, pb.SearchProvidersRequest):
            problems, network = ProblemList(), PlanNetwork.of_plan(request.plan_id, request.plan_year)
            with problems.collect():
                to_domain.provider_filter(request)
            with problems.collect():
                self._use_cases.find_place(network, request.zip, request.place)
            problems.close()

    def search_providers(self, request: pb.SearchProvidersRequest, caller: Caller) -> pb.SearchProvidersResponse:
        try:
            criteria = to_domain.provider_filter(request)
        except InvalidInput:
            self.validate(request, caller)  # the place may be wrong as well
            raise
        network = PlanNetwork.of_plan(request.plan_id, request.plan_year)
        list_id, size = list_id_of(request, caller), page_size(request.page)
        after = self._page_tokens.read(request.page, list_id, ProviderCursor)
        found = self._use_cases.search_providers(network, request.zip, criteria, size, after, request.place)
        following = astuple(found.following) if found.following else None
        return to_proto.provider_page(found, next_page_token=self._page_tokens.make(following, list_id))

    def get_provider(self, request: pb.GetProviderRequest, _caller: Caller) -> pb.GetProviderResponse:
        return to_proto.provider_details(self._use_cases.get_provider(request.pcp_id))

    def report_provider(self, request: pb.ReportProviderRequest, caller: Caller) -> pb.ReportProviderResponse:
        reported_on = self._use_cases.report_provider(to_domain.entry_remark(request), caller.subject)
        return pb.ReportProviderResponse(reported_on=reported_on.isoformat())

    def assign_providers(self, request: pb.AssignProvidersRequest, caller: Caller) -> pb.AssignProvidersResponse:
        return to_proto.assigned_providers(self._use_cases.assign_providers(to_domain.assignment_request(request)))

    def check_providers(self, request: pb.CheckProvidersRequest, caller: Caller) -> pb.CheckProvidersResponse:
        return to_proto.checked_providers(self._use_cases.check_providers(to_domain.provider_check(request)))

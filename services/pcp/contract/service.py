"""``suite.pcp.v1.PcpService``, for both doors."""

from __future__ import annotations

from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.contract import Contract
from chassis.identity import Caller
from services.pcp.contract import to_domain, to_proto
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.find_providers import FindProviders
from services.pcp.usecases.ports import Network, Wish


class PcpContract(Contract):
    """Finder methods are for everybody who is signed in; assignment is enrollment's alone."""

    descriptor = pb.DESCRIPTOR.services_by_name["PcpService"]

    def __init__(self, find: FindProviders, assign: AssignProviders) -> None:
        super().__init__()
        self._find = find
        self._assign = assign

    def search_providers(self, request: pb.SearchProvidersRequest, _caller: Caller) -> pb.SearchProvidersResponse:
        age = request.age if request.HasField("age") else None
        wish = Wish(name=request.name, accepting_only=request.accepting_only, age=age)
        network = Network.of(request.plan_id, request.plan_year)
        found = self._find.search(network, request.zip, wish, request.page.size, request.page.token)
        providers = [to_proto.nearby(provider) for provider in found.providers]
        return pb.SearchProvidersResponse(
            providers=providers,
            next_page_token=found.next_token,
            distances_are_estimates=found.distances_are_estimates,
        )

    def get_provider(self, request: pb.GetProviderRequest, _caller: Caller) -> pb.GetProviderResponse:
        return pb.GetProviderResponse(provider=to_proto.provider(self._find.get(request.pcp_id)))

    def assign_providers(self, request: pb.AssignProvidersRequest, caller: Caller) -> pb.AssignProvidersResponse:
        caller.must_be_service("enrollment")
        assignments = self._assign(to_domain.assignment_request(request))
        return pb.AssignProvidersResponse(assignments=map(to_proto.assignment, assignments))

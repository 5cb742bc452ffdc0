"""Contract: the methods of EnrollmentService for clients, and for addresses."""

from __future__ import annotations

from dataclasses import dataclass

from suite.enrollment.v1 import clients_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.kernel import Caller
from chassis.mapping import ToProto
from services.enrollment.contract import to_domain
from services.enrollment.domain.client import Profile
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import Client, FoundAddress
from services.enrollment.usecases.duplicates import ExplainDuplicates, FindDuplicates
from services.enrollment.usecases.ports import AddressSearch
from services.enrollment.usecases.search_addresses import SearchAddresses
from services.enrollment.usecases.search_clients import SearchClients
from services.enrollment.usecases.start_client_enrollment import StartClientEnrollment


@dataclass(frozen=True, slots=True)
class ClientUseCases:
    search: SearchClients
    search_addresses: SearchAddresses
    start_enrollment: StartClientEnrollment
    find_duplicates: FindDuplicates
    explain_duplicates: ExplainDuplicates

    @classmethod
    def at(cls, service: ApplicationService, addresses: AddressSearch) -> ClientUseCases:
        duplicates = FindDuplicates(service), ExplainDuplicates(service)
        return cls(
            SearchClients(service), SearchAddresses(service, addresses), StartClientEnrollment(service), *duplicates
        )


class ClientMethods:
    """Part of EnrollmentContract."""

    _clients: ClientUseCases

    def search_clients(self, request: pb.SearchClientsRequest, caller: Caller) -> pb.SearchClientsResponse:
        born = to_domain.day("date_of_birth", request.date_of_birth)
        found = self._clients.search(caller, request.name, born, request.phone, request.ssn_last_four)
        return pb.SearchClientsResponse(clients=[_client(one) for one in found])

    def search_addresses(self, request: pb.SearchAddressesRequest, _caller: Caller) -> pb.SearchAddressesResponse:
        found = self._clients.search_addresses(request.text, request.state)
        return pb.SearchAddressesResponse(suggestions=[_suggestion(one) for one in found])


_suggestion = ToProto(FoundAddress, clients_pb2.AddressSuggestion)
_profile = ToProto(Profile, clients_pb2.Client, at_call=("client_id", "quotes", "drafts", "submissions"))


def _client(found: Client) -> clients_pb2.Client:
    counts = {"quotes": found.quotes, "drafts": found.drafts, "submissions": found.submissions}
    return _profile(found.profile, client_id=found.client_id, **counts)

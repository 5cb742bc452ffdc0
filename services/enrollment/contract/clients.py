"""Contract: the methods of EnrollmentService for clients, and for addresses."""

from __future__ import annotations

from dataclasses import dataclass

from suite.enrollment.v1 import clients_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.kernel import Caller
from services.enrollment.contract import household_protos, to_domain
from services.enrollment.usecases.desk import Desk
from services.enrollment.usecases.duplicates import ExplainDuplicates, FindDuplicates
from services.enrollment.usecases.ports import AddressSearch
from services.enrollment.usecases.records import Client, FoundAddress
from services.enrollment.usecases.search_addresses import SearchAddresses
from services.enrollment.usecases.search_clients import SearchClients
from services.enrollment.usecases.start_client_enrollment import StartClientEnrollment
from services.enrollment.wire.values import iso
from services.enrollment.wire.words import number


@dataclass(frozen=True, slots=True)
class ClientUseCases:
    search: SearchClients
    search_addresses: SearchAddresses
    start_enrollment: StartClientEnrollment
    find_duplicates: FindDuplicates
    explain_duplicates: ExplainDuplicates

    @classmethod
    def at(cls, desk: Desk, addresses: AddressSearch) -> ClientUseCases:
        duplicates = FindDuplicates(desk), ExplainDuplicates(desk)
        return cls(SearchClients(desk), SearchAddresses(desk, addresses), StartClientEnrollment(desk), *duplicates)


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


def _client(found: Client) -> clients_pb2.Client:
    profile = found.profile
    return clients_pb2.Client(
        client_id=found.client_id,
        first_name=profile.first_name,
        middle_initial=profile.middle_initial,
        last_name=profile.last_name,
        suffix=profile.suffix,
        one_name_only=profile.one_name_only,
        date_of_birth=iso(profile.date_of_birth),
        sex=number(profile.sex),
        home_address=household_protos.address(profile.home_address),
        contact=household_protos.contact(profile.contact),
        ssn_last_four=profile.ssn_last_four,
        writing_number=profile.writing_number,
        quotes=found.quotes,
        drafts=found.drafts,
        submissions=found.submissions,
    )


def _suggestion(found: FoundAddress) -> clients_pb2.AddressSuggestion:
    return clients_pb2.AddressSuggestion(
        address=household_protos.address(found.address),
        counties=[clients_pb2.ZipCounty(fips=one.fips, name=one.name, state=one.state) for one in found.counties],
    )

"""Domain -> proto."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from chassis.mapping import ToProto
from services.pcp.domain.assignment import Assignment
from services.pcp.domain.provider import NearbyProvider, NewPatients, Office, Provider
from services.pcp.usecases.check_providers import CheckedProviders
from services.pcp.usecases.get_provider import ProviderDetails
from services.pcp.usecases.search_providers import ProviderPage

_location = ToProto(Office, pcp_pb2.Location)
provider = ToProto(
    Provider,
    pcp_pb2.Provider,
    address="office.address",
    city="office.city",
    state="office.state",
    zip="office.zip",
    phone="office.phone",
    medical_group_id=lambda found: found.group.group_id if found.group else "",
    medical_group_name=lambda found: found.group.name if found.group else "",
    accepting_in_some_locations=lambda found: found.new_patients is NewPatients.SOME_LOCATIONS,
    unset=("distance_miles", "reported_on"),  # of a search, from a ZIP code; of its reports
    unsent=("group", "new_patients"),
)
provider_details = ToProto(
    ProviderDetails,
    pcp_service_pb2.GetProviderResponse,
    provider=lambda found: _reported(provider(found.provider), found.reported_on),
    locations=lambda found: map(_location, found.offices),
    unsent=("offices", "reported_on"),
)
assignment = ToProto(
    Assignment,
    pcp_pb2.Assignment,
    medical_group_id="group_id",
    medical_group_name="group_name",
    unsent=("office",),
)
checked_providers = ToProto(
    CheckedProviders,
    pcp_service_pb2.CheckProvidersResponse,
    assignments=lambda checked: map(assignment, checked.assignments),
)


def assigned_providers(found: Sequence[Assignment]) -> pcp_service_pb2.AssignProvidersResponse:
    offices = [
        pcp_service_pb2.AssignedOffice(member_index=one.member_index, location=_location(one.office))
        for one in found
        if one.office
    ]
    return pcp_service_pb2.AssignProvidersResponse(assignments=map(assignment, found), offices=offices)


def _miles(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _nearby_provider(found: NearbyProvider) -> pcp_pb2.Provider:
    message = provider(found.provider)
    message.distance_miles = _miles(found.tenth_miles)
    return _reported(message, found.reported_on)


def _reported(message: pcp_pb2.Provider, reported_on: date | None) -> pcp_pb2.Provider:
    message.reported_on = reported_on.isoformat() if reported_on else ""
    return message


provider_page = ToProto(
    ProviderPage,
    pcp_service_pb2.SearchProvidersResponse,
    providers=lambda page: map(_nearby_provider, page.providers),
    nearest_miles=lambda page: "" if page.nearest_tenth_miles is None else _miles(page.nearest_tenth_miles),
    specialties=lambda page: page.options.specialties,
    languages=lambda page: page.options.languages,
    at_call=("next_page_token",),
    unsent=("following", "nearest_tenth_miles", "options"),
)

"""Domain -> proto."""

from __future__ import annotations

from suite.pcp.v1 import pcp_pb2

from services.pcp.domain.assignment import Assignment
from services.pcp.domain.provider import NearbyProvider, Provider


def provider(provider: Provider) -> pcp_pb2.Provider:
    office, group = provider.office, provider.group
    return pcp_pb2.Provider(
        pcp_id=provider.pcp_id,
        npi=provider.npi,
        name=provider.name,
        specialty=provider.specialty,
        address=office.address,
        city=office.city,
        state=office.state,
        zip=office.zip,
        phone=office.phone,
        accepting=provider.accepting,
        panel=provider.panel.value,
        medical_group_id=group.group_id if group else "",
        medical_group_name=group.name if group else "",
        illustrative=provider.illustrative,
    )


def nearby(found: NearbyProvider) -> pcp_pb2.Provider:
    message = provider(found.provider)
    message.distance_tenth_miles = found.tenth_miles
    return message


def assignment(assignment: Assignment) -> pcp_pb2.Assignment:
    return pcp_pb2.Assignment(
        member_index=assignment.member_index,
        pcp_id=assignment.pcp_id,
        medical_group_id=assignment.group_id,
        provider_name=assignment.provider_name,
        auto_assigned=assignment.auto_assigned,
    )

"""Proto -> domain."""

from __future__ import annotations

from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.kernel import InvalidInput
from services.pcp.domain.assignment import PcpSelection
from services.pcp.usecases.assign_providers import AssignmentRequest


def assignment_request(request: pb.AssignProvidersRequest) -> AssignmentRequest:
    places = [member.member_index for member in request.members]
    if len(set(places)) < len(places):
        raise InvalidInput.at("members", "List each member only once.")
    selections = tuple(
        PcpSelection(m.member_index, m.age, m.pcp_id.strip(), m.medical_group_id.strip()) for m in request.members
    )
    return AssignmentRequest(request.record_number, request.plan_id, request.plan_year, request.zip, selections)

"""Proto -> domain."""

from __future__ import annotations

from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.kernel import InvalidInput
from chassis.mapping import FromProto
from services.pcp.domain.assignment import PcpSelection
from services.pcp.usecases.assign_providers import AssignmentRequest

_selection = FromProto(pb.MemberChoice, PcpSelection, group_id="medical_group_id")
_request = FromProto(
    pb.AssignProvidersRequest,
    AssignmentRequest,
    zip_code="zip",
    selections="members",
)


def assignment_request(request: pb.AssignProvidersRequest) -> AssignmentRequest:
    places = [member.member_index for member in request.members]
    if len(set(places)) < len(places):
        raise InvalidInput.at("members", "List each member only once.")
    return _request(request)

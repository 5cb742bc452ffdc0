"""Proto -> domain."""

from __future__ import annotations

from collections.abc import Iterable

from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.kernel import InvalidInput
from chassis.mapping import FromProto
from services.pcp.domain.assignment import PcpSelection
from services.pcp.domain.provider import Panel
from services.pcp.usecases.assign_providers import AssignmentRequest
from services.pcp.usecases.check_providers import ProviderCheck

_selection = FromProto(pb.MemberChoice, PcpSelection, group_id="medical_group_id")
_request = FromProto(
    pb.AssignProvidersRequest,
    AssignmentRequest,
    zip_code="zip",
    selections="members",
)
_check = FromProto(pb.CheckProvidersRequest, ProviderCheck, zip_code="zip", selections="members")


def assignment_request(request: pb.AssignProvidersRequest) -> AssignmentRequest:
    _must_list_each_once(request.members)
    return _request(request)


def provider_check(request: pb.CheckProvidersRequest) -> ProviderCheck:
    _must_list_each_once(request.members)
    return _check(request)


def _must_list_each_once(members: Iterable[pb.MemberChoice]) -> None:
    places = [member.member_index for member in members]
    if len(set(places)) < len(places):
        raise InvalidInput.at("members", "List each member only once.")


def panel(word: str) -> Panel | None:
    """None for every panel."""
    if word and word not in list(Panel):
        raise InvalidInput.at("panel", f"Choose one of: {', '.join(Panel)}.", rule="R71")
    return Panel(word) if word else None

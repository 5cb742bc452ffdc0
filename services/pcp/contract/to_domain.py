"""Proto -> domain."""

from __future__ import annotations

from collections.abc import Iterable

from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.kernel import InvalidInput
from chassis.mapping import FromProto, Problems
from services.pcp.domain.assignment import PcpSelection
from services.pcp.domain.provider import PRIMARY_CARE, Panel, find_specialty, name_language
from services.pcp.usecases.assign_providers import AssignmentRequest
from services.pcp.usecases.check_providers import ProviderCheck
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.report_provider import EntryRemark

# Beyond it somebody asks for more: in cities it holds more providers than anybody reads through.
DEFAULT_RADIUS_MILES = 25

_selection = FromProto(pb.MemberChoice, PcpSelection, group_id="medical_group_id")
_request = FromProto(
    pb.AssignProvidersRequest,
    AssignmentRequest,
    zip_code="zip",
    selections="members",
)
_check = FromProto(pb.CheckProvidersRequest, ProviderCheck, zip_code="zip", selections="members")
_remark = FromProto(pb.ReportProviderRequest, EntryRemark)
_filter = FromProto(
    pb.SearchProvidersRequest,
    ProviderFilter,
    language=lambda request: name_language(request.language.strip()),
    radius_miles=lambda request: request.radius_miles if request.HasField("radius_miles") else DEFAULT_RADIUS_MILES,
    at_call=("panel", "specialty"),
    unread=("plan_id", "plan_year", "zip", "place", "page"),
    left=("group_id", "open_here", "similar_names"),
)


class _FilterProblems(Problems):
    summary = "Some filters need to be corrected."


class _ReportProblems(Problems):
    summary = "The report needs to be corrected."


def assignment_request(request: pb.AssignProvidersRequest) -> AssignmentRequest:
    _must_list_each_once(request.members)
    return _request(request)


def entry_remark(request: pb.ReportProviderRequest) -> EntryRemark:
    problems = _ReportProblems()
    remark = _remark(request, problems)
    problems.close()
    return remark


def provider_check(request: pb.CheckProvidersRequest) -> ProviderCheck:
    _must_list_each_once(request.members)
    return _check(request)


def _must_list_each_once(members: Iterable[pb.MemberChoice]) -> None:
    places = [member.member_index for member in members]
    if len(set(places)) < len(places):
        raise InvalidInput.at("members", "List each member only once.")


def provider_filter(request: pb.SearchProvidersRequest) -> ProviderFilter:
    """Raises InvalidInput that names every filter whose word nobody has."""
    problems = _FilterProblems()
    panel, specialty = request.panel.strip(), request.specialty.strip()
    if not request.zip and not request.place:
        problems.refuse("zip", "Enter a ZIP code or a place.", "R71")
    if panel and panel not in list(Panel):
        problems.refuse("panel", f"Choose one of: {', '.join(Panel)}.", "R71")
    if specialty and not find_specialty(specialty):
        problems.refuse("specialty", f"Choose one of: {', '.join(PRIMARY_CARE)}.", "R71")
    criteria = _filter(
        request,
        problems,
        panel=Panel(panel) if panel in list(Panel) else None,
        specialty=find_specialty(specialty) or "",
    )
    problems.close()
    return criteria

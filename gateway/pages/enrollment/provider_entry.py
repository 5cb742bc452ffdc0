"""What the directory says of one provider, with all offices (R71), and how to report an error in it.

It comes from Provider Finder and leads back to the same search.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from chassis.kernel import InvalidInput
from gateway.edge.context import require_session
from gateway.edge.enum_names import enum_word, enum_words
from gateway.edge.problems import status_of
from gateway.edge.rpcs import PCP
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment.provider_filters import ProviderFilters
from gateway.pages.enrollment.provider_finder import LONGEST_TOKEN, find_place
from gateway.pages.render import form_of, read_text, redirect_to, render_page

# The ids of carriers have some ten characters; what is longer is none.
_LONGEST_ID = 100


_FAULT = pcp_pb2.EntryFault.DESCRIPTOR
_FAULTS = {
    pcp_pb2.ENTRY_FAULT_PHONE: "The phone number is wrong",
    pcp_pb2.ENTRY_FAULT_MOVED: "The office has moved",
    pcp_pb2.ENTRY_FAULT_NEW_PATIENTS: "Whether new patients are taken is wrong",
    pcp_pb2.ENTRY_FAULT_NOT_AT_OFFICE: "The provider does not work at this office",
    pcp_pb2.ENTRY_FAULT_OTHER: "Something else",
}


async def show(request: Request) -> Response:
    return await _page(request)


async def report(request: Request) -> Response:
    """Report an error in the entry; leads back to it."""
    session = await require_session(request)
    fields = await form_of(request, session)
    fault, note = read_text(fields, "fault"), read_text(fields, "note")
    asked = pcp_service_pb2.ReportProviderRequest(pcp_id=_pcp_id(request), note=note)
    asked.fault = enum_words(_FAULT).get(fault, 0)  # type: ignore[assignment]  # a number of this enum
    try:
        if not asked.fault:
            raise InvalidInput.at("fault", "Choose what is wrong.")
        await ask_service(request, PCP["ReportProvider"], asked, pcp_service_pb2.ReportProviderResponse)
    except InvalidInput as refusal:
        return await _page(request, refusal, fault, note)
    return redirect_to(f"{request.url.path}?{urlencode({**request.query_params, 'reported': 'yes'})}")


def _pcp_id(request: Request) -> str:
    return request.query_params.get("pcp_id", "")[:_LONGEST_ID]


async def _page(request: Request, refusal: InvalidInput | None = None, fault: str = "", note: str = "") -> Response:
    application = await read_application(request)
    index = find_place(application, request.path_params["person_id"])
    query = request.query_params
    asked = pcp_service_pb2.GetProviderRequest(pcp_id=_pcp_id(request))
    found = await ask_service(request, PCP["GetProvider"], asked, pcp_service_pb2.GetProviderResponse)
    context = {
        "application": application,
        "person": application.household.people[index],
        "index": index,
        "plan_id": query.get("plan", "")[:50],
        "page_token": query.get("page", "")[:LONGEST_TOKEN],
        "filters": ProviderFilters.from_query(query),
        "provider": found.provider,
        "gender": enum_word(pcp_pb2.Gender.DESCRIPTOR, found.provider.gender),
        "locations": found.locations,
        "was_reported": bool(query.get("reported")) and bool(found.provider.reported_on),
        "refusal": refusal,
        "errors": {one.field: one.message for one in refusal.problems} if refusal else {},
        "fault": fault,
        "faults": [(enum_word(_FAULT, number), text) for number, text in _FAULTS.items()],
        "note": note,
    }
    # over the plan step the answer takes the place of what is shown, which an error page must never do (requests.js)
    status = status_of(refusal) if refusal and "HX-Request" not in request.headers else 200
    return await render_page(request, "enrollment/provider_entry.html", context, status)

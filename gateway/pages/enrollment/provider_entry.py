"""What the directory says of one provider, with all offices (R71); leads back to the same search."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from gateway.edge.enum_names import enum_word
from gateway.edge.rpcs import PCP
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment.provider_filters import ProviderFilters
from gateway.pages.enrollment.provider_finder import LONGEST_TOKEN, find_place
from gateway.pages.render import render_page

# The ids of carriers have some ten characters; what is longer is none.
_LONGEST_ID = 100


async def show(request: Request) -> Response:
    application = await read_application(request)
    index = find_place(application, request.path_params["person_id"])
    query = request.query_params
    asked = pcp_service_pb2.GetProviderRequest(pcp_id=query.get("pcp_id", "")[:_LONGEST_ID])
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
    }
    return await render_page(request, "enrollment/provider_entry.html", context)

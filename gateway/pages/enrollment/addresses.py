"""Address Search and the counties of a ZIP code, while a person types (R47, R52).

What is typed comes in the body of a POST, so that no address of a client is in an address of ours.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2

from chassis.kernel import InvalidInput
from gateway.edge.context import require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment.form import StepForm
from gateway.pages.enrollment.household import list_counties
from gateway.pages.render import form_of, read_text, render_page


async def suggest(request: Request) -> Response:
    session = await require_session(request)
    text = read_text(await form_of(request, session), "text")
    application = await read_application(request)
    asked = enrollment_service_pb2.SearchAddressesRequest(text=text, state=application.state)
    suggestions: list[clients_pb2.AddressSuggestion] = []
    if len(text) > 2:
        try:
            answer = await ask_service(
                request, ENROLLMENT["SearchAddresses"], asked, enrollment_service_pb2.SearchAddressesResponse
            )
            suggestions = list(answer.suggestions)
        except InvalidInput:  # not enough to search for yet
            suggestions = []
    return await render_page(
        request, "enrollment/suggestions.html", {"suggestions": suggestions, "asked": len(text) > 2}
    )


async def show_counties(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    values = {"home_address.county_fips": read_text(fields, "county_fips")}
    counties = await list_counties(request, read_text(fields, "zip"))
    if len(counties.found) == 1:
        values = {"home_address.county_fips": counties.found[0].fips}
    return await render_page(request, "enrollment/county.html", {"counties": counties, "form": StepForm(values, {}, 0)})

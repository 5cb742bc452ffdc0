"""Provider Finder: the providers of the chosen plan's network, nearest first (R71).

A dialog over the plan step, whose filters answer as they are moved; without JavaScript a page of its own, whose Search
shows what they leave, and whose Choose saves the choice and leads back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2
from suite.pcp.v1 import pcp_service_pb2

from chassis.kernel import Conflict, DomainError, InvalidInput, NotFound
from gateway.edge.context import require_session
from gateway.edge.rpcs import PCP
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment import drafts, plans
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.plan_providers import check_plan_change
from gateway.pages.enrollment.provider_filters import FILTERS, GENDERS, ProviderFilters, choose_radius, list_radii
from gateway.pages.enrollment.repeats import move_sent
from gateway.pages.enrollment.saving import save_step
from gateway.pages.enrollment.step import Application
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page

# As many as a person reads through; "More providers" shows the next ones.
_PAGE_SIZE = 20
# A sealed token has some 100 characters; what is longer is none.
LONGEST_TOKEN = 500


async def show(request: Request) -> Response:
    application = await read_application(request)
    index = find_place(application, request.path_params["person_id"])
    plan_id = request.query_params.get("plan", "")[:50] or application.plans.medical_plan_id
    change = await check_plan_change(request, application, {"medical_plan_id": plan_id})
    line = next((one for one in change.plan_lines if one.plan_id == plan_id), None) if change else None
    ages = {one.member_index: one.age for one in line.members} if line else {}
    context: dict[str, Any] = {
        "application": application,
        "person": application.household.people[index],
        "index": index,
        "plan_id": plan_id,
        "plan_name": line.name if line else "",
        "age": ages.get(index),
        "filters": ProviderFilters.from_query(request.query_params),
        "genders": GENDERS,
        "radii": list_radii,
        "radius_reaching": choose_radius,
        "page_token": request.query_params.get("page", "")[:LONGEST_TOKEN],
        "found": None,
        "errors": {},
        "refusal": "",
    }
    if change and not change.uses_pcp:
        context["refusal"] = "This plan does not ask for a primary care provider."
    else:
        try:
            context["found"] = await _search(request, application, context)
        except (InvalidInput, NotFound, Conflict) as refusal:
            context |= _explain(refusal)
    return await render_page(request, "enrollment/provider_finder.html", context)


async def choose(request: Request) -> Response:
    """Save the provider for the person, as the step would; what cannot be saved is kept and shown with its reason."""
    session = await require_session(request)
    fields = await form_of(request, session)
    application = await read_application(request)
    index = find_place(application, request.path_params["person_id"])
    pcp_id, group = plans.pcp_names(index)
    page = plans.PAGE
    base = page.read(application)
    typed = base | {pcp_id: read_text(fields, "pcp_id"), group: read_text(fields, "medical_group_id")}
    sent = SubmittedForm(typed, base, application.version, "choose", {}, [])
    saved = await save_step(request, page, application, sent)
    if not saved.done:
        sent = move_sent(page, saved.application, replace(sent, typed=saved.values))
        form = drafts.form_name(application.record_number, page)
        await drafts.keep_typed(
            request, form, sent.typed, sent.base, sent.version, saved.problems, saved.message, saved.conflicts
        )
    return redirect_to(f"{page.path(application.record_number)}#pcp_choices-{index}-pcp_id")


def find_place(application: Application, person_id: str) -> int:
    for index, person in enumerate(application.household.people):
        if person.person_id == person_id:
            return index
    raise NotFound("This person was removed from the application. Open the application again.")


def _explain(refusal: DomainError) -> dict[str, Any]:
    """``errors`` beside their fields; what has no field on the page stands in place of the providers."""
    errors = {one.field: one.message for one in refusal.problems if one.field in FILTERS}
    others = [one.message for one in refusal.problems if one.field not in errors]
    told = " ".join(others) if others or errors else refusal.message
    return {"errors": errors, "refusal": told or "Correct the search above."}


async def _search(
    request: Request, application: application_pb2.Application, context: dict[str, Any]
) -> pcp_service_pb2.SearchProvidersResponse:
    asked = pcp_service_pb2.SearchProvidersRequest(
        plan_id=context["plan_id"],
        plan_year=parse_number(application.effective_date[:4]),  # 0 before there is a date: the contract takes a year
        zip=application.household.home_address.zip,
        age=context["age"],
        page=common_pb2.Page(size=_PAGE_SIZE, token=context["page_token"]),
    )
    context["filters"].narrow(asked)
    return await ask_service(request, PCP["SearchProviders"], asked, pcp_service_pb2.SearchProvidersResponse)

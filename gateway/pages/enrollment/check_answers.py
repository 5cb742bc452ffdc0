"""Check your answers, then Submit Application (R85, R100)."""

from __future__ import annotations

import asyncio
import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2, steps_pb2

from chassis.kernel import Conflict, Stale
from gateway.edge.context import require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_fields.labels import label_of_field
from gateway.pages.application_fields.links import link_to_field
from gateway.pages.application_fields.names import full_name, name_of
from gateway.pages.application_fields.providers import CARRIER_ASSIGNS, describe_choice, find_choice
from gateway.pages.application_reads import EDITABLE, read_application, read_readiness, read_rules
from gateway.pages.enrollment.identity_answers import describe_identity
from gateway.pages.enrollment.plan_providers import find_providers
from gateway.pages.enrollment.premium_change import take_premium_change
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page


async def show(request: Request) -> Response:
    await require_session(request)  # once, and not by each of those who ask at the same time
    application, readiness = await asyncio.gather(
        read_application(request), read_readiness(request, request.path_params["record_number"])
    )
    if application.status not in EDITABLE:
        return redirect_to(f"/applications/{application.record_number}")
    rules, pcps = await asyncio.gather(read_rules(request, application), _list_pcps(request, application))
    context = {
        "application": application,
        "readiness": readiness,
        "premium_change": await take_premium_change(request, application),
        "labels": {one.kind: one.label for one in rules.life_events},
        "names": {one.person_id: full_name(one) for one in application.household.people},
        "pcps": pcps,
        "identity_of": lambda person: describe_identity(person, rules),
        "link_to_field": link_to_field,
        "label_of": lambda field: label_of_field(field, application.household, application.plans),
        "key": secrets.token_urlsafe(16),
        "changed": request.query_params.get("changed") == "1",
        "Sex": common_pb2.Sex,
        "Relationship": common_pb2.Relationship,
        "FormType": steps_pb2.FormType,
        "Authorization": steps_pb2.Authorization,
        "PaymentChoice": steps_pb2.PaymentChoice,
        "Step": application_pb2.Step,
    }
    return await render_page(request, "enrollment/check_answers.html", context)


async def _list_pcps(request: Request, application: application_pb2.Application) -> list[tuple[str, str]]:
    """Whose provider, and who that is: one line for everybody where one choice goes for all (R70)."""
    plans, household = application.plans, application.household
    several = len(household.people) > 1
    places = range(1 if plans.pcp_same_for_all else len(household.people))
    choices = [find_choice(plans, place) for place in places]
    providers = await find_providers(request, (one.pcp_id for one in choices if one))
    names = {
        pcp_id: f"{one.name} (illustrative)" if one.illustrative else one.name
        for pcp_id, one in providers.items()
        if one
    }
    nobody = CARRIER_ASSIGNS if any(line.uses_pcp for line in application.plan_lines) else ""
    found = [
        (
            "Same PCP for everyone" if plans.pcp_same_for_all and several else f"PCP of {name_of(household, place)}",
            describe_choice(choice, names) or nobody,
        )
        for place, choice in zip(places, choices, strict=True)
    ]
    return [(whose, who) for whose, who in found if who]


async def submit(request: Request) -> Response:
    """Submit what the page showed; a change that nobody saw there leads back to the page."""
    session = await require_session(request)
    fields = await form_of(request, session)
    number, version = request.path_params["record_number"], read_text(fields, "version")
    asked = enrollment_service_pb2.SubmitApplicationRequest(
        idempotency_key=read_text(fields, "key"),
        record_number=number,
        version=parse_number(version),
    )
    try:
        answer = await ask_service(
            request, ENROLLMENT["SubmitApplication"], asked, enrollment_service_pb2.SubmitApplicationResponse
        )
    except Stale:
        return redirect_to(f"/applications/{number}/check-answers?changed=1")
    except Conflict:  # something is missing, which the page lists; or it was submitted already, which Details shows
        return redirect_to(f"/applications/{number}/check-answers")
    failed = answer.application.status == application_pb2.APPLICATION_STATUS_FAILED
    return redirect_to(f"/applications/{number}/submission-failed" if failed else f"/applications/{number}")

"""Step 1: producer, special enrollment period, life events and the effective date (R22-R33a)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2

from chassis.kernel import DomainError, Problem
from gateway.edge.context import require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import EDITABLE, read_application, read_rules
from gateway.pages.enrollment.items import ItemList
from gateway.pages.enrollment.premium_change import keep_premium_change
from gateway.pages.enrollment.saving import send_step
from gateway.pages.enrollment.step import Application, page_of_step
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page

_OWN = ("special_enrollment", "producer.writing_number")


def _read(application: Application) -> Values:
    values = read_values(application.general)
    return {"special_enrollment": "no", "producer.writing_number": ""} | {k: v for k, v in values.items() if k in _OWN}


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    locked = {"special_enrollment": "special_enrollment", "producer": "producer.writing_number"}
    shut = {locked[part] for part in application.locked if part in locked}
    typed = {name: value for name, value in values.items() if name in _OWN and name not in shut}
    if number := typed.get("producer.writing_number", ""):
        # a delegate's suggestion reads "220002580 - FRITZ, CALVIN C - IL": the number comes first
        typed["producer.writing_number"] = number.partition(" ")[0]
    return put_values(message, typed)


async def _context(request: Request, application: Application, _values: Values) -> Mapping[str, Any]:
    rules = await read_rules(request, application)
    return {"rules": rules, "labels": {one.kind: one.label for one in rules.life_events}}


PAGE = page_of_step(application_pb2.STEP_GENERAL, "general", _read, _put, _context)


async def follow(request: Request, application: Application, action: str) -> Response | None:
    """Where the buttons of this step's own lead to, after what was typed is saved."""
    verb, _, place = action.partition(".")
    if verb == "add_event":
        return redirect_to(f"{PAGE.path(application.record_number)}/life-events/new")
    index = parse_number(place, otherwise=-1)
    if verb == "edit_event" and index >= 0:
        return redirect_to(f"{PAGE.path(application.record_number)}/life-events/{index}")
    if verb == "remove_event" and index >= 0:
        return await _remove_event(request, application, index)
    if verb == "calculate":
        return await _calculate(request, application)
    return None


async def _remove_event(request: Request, application: Application, place: int) -> Response:
    message = PAGE.message(application)
    if len(message.life_events) > 1 and place < len(message.life_events):  # the last one stays (R30)
        del message.life_events[place]
        await send_step(request, PAGE, application, message)
    return redirect_to(PAGE.path(application.record_number) + "#life_events")


async def _calculate(request: Request, application: Application) -> Response:
    """At once where there is one date; a question where there are several, or none (R28)."""
    dates = await _list_dates(request, application.record_number)
    if len(dates.options) == 1 and not dates.refused:
        await _set_date(request, application, "")
        return redirect_to(PAGE.path(application.record_number) + "#effective_date")
    return redirect_to(f"{PAGE.path(application.record_number)}/effective-date")


async def _list_dates(request: Request, record_number: str) -> enrollment_service_pb2.ListEffectiveDatesResponse:
    return await ask_service(
        request,
        ENROLLMENT["ListEffectiveDates"],
        enrollment_service_pb2.ListEffectiveDatesRequest(record_number=record_number),
        enrollment_service_pb2.ListEffectiveDatesResponse,
    )


async def _set_date(request: Request, application: Application, choice: str) -> Application:
    """``choice`` is an option as the page names it: date, kind of the life event, its day; empty for the default."""
    day, kind, event_day = [*choice.split("|"), "", "", ""][:3]
    answer = await ask_service(
        request,
        ENROLLMENT["SetEffectiveDate"],
        enrollment_service_pb2.SetEffectiveDateRequest(
            record_number=application.record_number,
            version=application.version,
            effective_date=day,
            life_event=kind,
            life_event_date=event_day,
        ),
        enrollment_service_pb2.SetEffectiveDateResponse,
    )
    await keep_premium_change(request, answer.application)
    return answer.application


async def show_dates(request: Request) -> Response:
    """Every date that the rules give, with its reason; and why others are not given."""
    return await _dates_page(request)


async def choose_date(request: Request) -> Response:
    session = await require_session(request)
    choice = read_text(await form_of(request, session), "effective_date")
    application = await read_application(request)
    if not choice:
        return redirect_to(f"{PAGE.path(application.record_number)}/effective-date?none=1")
    try:
        await _set_date(request, application, choice)
    except DomainError as refusal:
        return await _dates_page(request, refusal)
    return redirect_to(PAGE.path(application.record_number) + "#effective_date")


async def _dates_page(request: Request, refusal: DomainError | None = None) -> Response:
    application = await read_application(request)
    if application.status not in EDITABLE:
        unsaved = "?unsaved=general" if refusal else ""
        return redirect_to(f"/applications/{application.record_number}{unsaved}")
    dates, rules = await _list_dates(request, application.record_number), await read_rules(request, application)
    message = refusal.message if refusal else ""
    if request.query_params.get("none"):
        message = "Choose an effective date."
    context = {
        "application": application,
        "page": PAGE,
        "dates": dates,
        "labels": {one.kind: one.label for one in rules.life_events},
        "refusal": FormRefusal(message, [Problem("effective_date", message)]) if message else None,
    }
    return await render_page(request, "enrollment/effective_date.html", context)


async def _event_context(request: Request, application: Application, _values: Values) -> Mapping[str, Any]:
    return {"rules": await read_rules(request, application)}


EVENTS = ItemList(
    "general",
    "life_events",
    ("kind", "date", "prior_coverage_attested"),
    "general/life-events",
    "Life Event",
    "enrollment/life_event.html",
    "special_enrollment",  # a life event is what opens a special enrollment period
    _event_context,
)

"""Deadlines in one list, and the calendar addresses that show the same elsewhere (docs/adr/0018)."""

from __future__ import annotations

import secrets
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, Problem, business_date, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.edge.enum_names import enum_words
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.notifications.calendar_feed import TITLES
from gateway.notifications.deadline_feeds import DeadlineFeeds
from gateway.pages.deadline_text import describe_deadline
from gateway.pages.forms.form_values import explain_dates
from gateway.pages.forms.typed_values import read_date, write_date
from gateway.pages.page_message import keep_once, take_once
from gateway.pages.render import form_of, read_text, redirect_to, render_page

_KINDS = enum_words(pb.DeadlineKind.DESCRIPTOR)
_DAYS = ("first", "last")


async def show(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    given = {name: request.query_params.get(name, "") for name in ("kind", "first", "last")}
    asked = pb.ListDeadlinesRequest(
        kind=pb.DeadlineKind.ValueType(_KINDS.get(given["kind"], 0)),
        due_from=read_date(given["first"]),
        due_to=read_date(given["last"]),
        page=common_pb2.Page(token=request.query_params.get("page", "")),
    )
    answer, refusal = pb.ListDeadlinesResponse(), None
    try:
        answer = await ask_service(request, ENROLLMENT["ListDeadlines"], asked, pb.ListDeadlinesResponse)
    except InvalidInput as wrong:
        refusal = wrong
    context = {
        "given": given | {name: write_date(given[name]) for name in _DAYS},
        "kinds": [(word, TITLES[pb.DeadlineKind.ValueType(number)]) for word, number in _KINDS.items()],
        "rows": [describe_deadline(one, _today(request), session.user) for one in answer.deadlines],
        "found": answer,
        "following": _address(given, answer.next_page_token) if answer.next_page_token else "",
        "first_page": _address(given) if asked.page.token else "",
        "refusal": refusal,
        "errors": _errors(refusal, given),
        "feeds": await DeadlineFeeds(gateway.database, gateway.clock).of(session.user),
        "calendar": await _take_once(request),
    }
    return await render_page(request, "deadlines/deadlines.html", context, status_of(refusal) if refusal else 200)


async def create_calendar(request: Request) -> Response:
    """The address opens the deadlines to whoever has it, so it is shown once, on the page that follows."""
    session, gateway = await require_session(request), get_gateway(request)
    await form_of(request, session)
    _, secret = await DeadlineFeeds(gateway.database, gateway.clock).create(session.user)
    url, place = f"{gateway.settings.origin}/api/v1/deadline-feeds/{secret}.ics", secrets.token_urlsafe(12)
    await keep_once(request, place, url)
    return redirect_to(f"/deadlines?calendar={place}#calendar")


async def revoke_calendar(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    fields = await form_of(request, session)
    await DeadlineFeeds(gateway.database, gateway.clock).revoke(session.user, read_text(fields, "feed_id"))
    return redirect_to("/deadlines#calendar")


async def _take_once(request: Request) -> str:
    """The calendar address that was just made; forgotten with this answer."""
    place = request.query_params.get("calendar", "")
    if not place or len(place) > 64 or "\x00" in place:
        return ""
    return await take_once(request, place)


def _today(request: Request) -> date:
    return business_date(get_gateway(request).clock.now(), get_markets().home.state)


def _address(given: dict[str, str], page: str = "") -> str:
    return f"/deadlines?{urlencode({name: value for name, value in {**given, 'page': page}.items() if value})}"


def _errors(refusal: DomainError | None, given: dict[str, str]) -> dict[str, str]:
    names = {"due_from": "first", "due_to": "last"}
    problems = [Problem(names.get(p.field, p.field), p.message) for p in refusal.problems] if refusal else []
    return {problem.field: problem.message for problem in explain_dates(problems, given, _DAYS)}

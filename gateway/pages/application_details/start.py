"""Start New Application: under which writing number, found by state or by typing (R23-R25)."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import enrollment_service_pb2

from chassis.kernel import DomainError, InvalidInput
from gateway.edge.context import require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.render import form_of, read_text, redirect_to, render_page
from gateway.user import DelegatedAction, User

# So many numbers are shown at once; a producer with more, and every delegate, types to find one (R25).
MOST_SHOWN = 12
# A writing number has nine digits, a producer's name some twenty letters.
LONGEST_SEARCH = 100


async def show(request: Request) -> Response:
    await require_session(request)
    return await _page(request, secrets.token_urlsafe(16), request.query_params.get("q", ""))


async def find_numbers(request: Request) -> Response:
    """The numbers alone that fit what was typed, for a page that is open."""
    session = await require_session(request)
    context = _numbers(session.user, request.query_params.get("q", ""))
    return await render_page(request, "application_details/start_numbers.html", context)


async def start(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    asked = enrollment_service_pb2.StartApplicationRequest(
        idempotency_key=read_text(fields, "key"), writing_number=read_text(fields, "writing_number")
    )
    try:
        if not asked.writing_number:
            raise InvalidInput.at("writing_number", "Choose the Writing Producer Number.", rule="R23")
        answer = await ask_service(
            request, ENROLLMENT["StartApplication"], asked, enrollment_service_pb2.StartApplicationResponse
        )
    except DomainError as refusal:
        return await _page(request, asked.idempotency_key, read_text(fields, "q"), refusal, asked.writing_number)
    return redirect_to(f"/applications/{answer.application.record_number}/resume")


def _numbers(user: User, typed: str, chosen: str = "") -> dict[str, object]:
    sought = typed.strip()[:LONGEST_SEARCH]
    usable = user.numbers_for(DelegatedAction.ENROLL)
    searched = bool(usable) and (user.is_delegate or len(usable) > MOST_SHOWN)
    wanted = sought or not searched
    found = user.find_numbers(sought, limit=MOST_SHOWN + 1, action=DelegatedAction.ENROLL) if wanted else []
    return {
        "searched": searched,
        "sought": sought,
        "numbers": sorted(found[:MOST_SHOWN], key=lambda one: (one.state, one.number)),
        "more": len(found) > MOST_SHOWN,
        "chosen": found[0].number if len(found) == 1 else chosen,
    }


async def _page(
    request: Request, key: str, typed: str, refusal: DomainError | None = None, chosen: str = ""
) -> Response:
    session = await require_session(request)
    context = {"key": key, "refusal": refusal, **_numbers(session.user, typed or chosen, chosen)}
    status = status_of(refusal) if refusal else 200
    return await render_page(request, "application_details/start.html", context, status)

"""Resources: help, and the legal texts of a state in their current versions, as the documents service has them."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from suite.documents.v1 import texts_pb2

from chassis.kernel import NotFound, Unavailable, get_markets
from gateway.edge.context import require_session
from gateway.edge.rpcs import DOCUMENTS
from gateway.edge.service_calls import ask_service
from gateway.identity.sessions import Session
from gateway.pages import guides
from gateway.pages.formatting import state_name
from gateway.pages.render import render_page

# In the order in which an application meets them.
TEXTS = (
    "terms",
    "text-messages",
    "electronic-delivery",
    "pediatric-dental",
    "replacement-rights",
    "proxy",
    "consumer-choice",
)


async def show(request: Request) -> Response:
    session = await require_session(request)
    state = _state(request, session)
    found = await asyncio.gather(*(_text(request, kind, state) for kind in TEXTS))
    states = [(one, state_name(one)) for one in get_markets().states]
    context = {
        "state": state,
        "states": states,
        "texts": [text for text in found if text],
        "guides": guides.read_guides().values(),
    }
    return await render_page(request, "resources/resources.html", context)


async def show_guide(request: Request) -> Response:
    await require_session(request)
    known = guides.read_guides()
    guide = known.get(request.path_params["slug"])
    if guide is None:
        raise NotFound("There is no such guide. Resources lists them all.")
    others = [one for one in known.values() if one is not guide]
    return await render_page(request, "resources/guide.html", {"guide": guide, "others": others})


async def show_text(request: Request) -> Response:
    session, kind = await require_session(request), request.path_params["kind"]
    found = await _text(request, kind, _state(request, session)) if kind in TEXTS else None
    if found is None:
        raise NotFound("There is no such text for this state.")
    return await render_page(request, "resources/text.html", {"text": found})


def _state(request: Request, session: Session) -> str:
    """The one that was asked for, or else that of the person's first number."""
    asked = request.query_params.get("state", "")
    if asked in get_markets():
        return asked
    return session.user.numbers[0].state if session.user.numbers else get_markets().home.state


async def _text(request: Request, kind: str, state: str) -> texts_pb2.LegalText | None:
    """None for a text that the state does not have, or while the service is away."""
    asked = texts_pb2.GetTextRequest(kind=kind, state=state)
    try:
        answer = await ask_service(request, DOCUMENTS["GetText"], asked, texts_pb2.GetTextResponse)
    except (NotFound, Unavailable):
        return None
    return answer.text

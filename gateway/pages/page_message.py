"""What a page that answers a POST says on the page that follows, and nowhere again: kept among the person's drafts."""

from __future__ import annotations

from starlette.requests import Request

from gateway.edge.context import get_gateway, require_session

_PREFIX = "shown-once/"


async def keep_once(request: Request, place: str, text: str) -> None:
    session = await require_session(request)
    await get_gateway(request).drafts.save(session.user, _PREFIX + place, {"text": [text]})


async def take_once(request: Request, place: str) -> str:
    """What was kept there, forgotten with this answer; empty when there is nothing."""
    session, drafts = await require_session(request), get_gateway(request).drafts
    found = await drafts.load(session.user, _PREFIX + place)
    if found is None:
        return ""
    await drafts.delete(session.user, _PREFIX + place)
    return found.text("text")

"""What somebody searched for by name: kept encrypted under an id, since nothing personal may be in an address.

A search is a POST that leads to a page with the id; the page can be reloaded, turned and gone back to.
"""

from __future__ import annotations

import hmac

from starlette.requests import Request

from gateway.edge.context import get_gateway
from gateway.identity.sessions import Session

# As many as somebody goes back to; older ones are dropped with the next search.
SEARCHES_KEPT = 20
_PREFIX = "search/"


async def keep_search(request: Request, session: Session, text: str = "", **more: str) -> str:
    """The id under which the person's own search is found again; empty for an empty search."""
    fields = {name: [value] for name, value in {"text": text, **more}.items() if value}
    if not fields:
        return ""
    drafts = get_gateway(request).drafts
    # the same search has the same id, which says nothing about it to anyone without the session
    found = hmac.new(session.secret.encode(), b"search" + repr(sorted(fields.items())).encode(), "sha256").hexdigest()[
        :24
    ]
    await drafts.save(session.user, _PREFIX + found, fields)
    await drafts.keep_newest(session.user, _PREFIX, SEARCHES_KEPT)
    return found


async def read_search(request: Request, session: Session, search_id: str) -> str:
    """The text of the person's own search; empty when it is not kept any more."""
    return (await read_search_fields(request, session, search_id)).get("text", "")


async def read_search_fields(request: Request, session: Session, search_id: str) -> dict[str, str]:
    if not (search_id.isalnum() and len(search_id) <= 64):
        return {}
    draft = await get_gateway(request).drafts.load(session.user, _PREFIX + search_id)
    return {name: texts[0] for name, texts in draft.fields.items() if texts} if draft else {}

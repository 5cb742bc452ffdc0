"""Review Selected Plans (R10, R11)."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.plan_changes import load_changes
from gateway.pages.quotes.rpc import load_quote
from gateway.pages.render import render_page


async def review(request: Request) -> Response:
    quote = await load_quote(request)
    context = {
        "quote": quote,
        "changes": await load_changes(request, quote.quote_id),
        "key": secrets.token_urlsafe(16),
    }
    return await render_page(request, "quotes/review.html", context | ENUMS)

"""Review Selected Plans (R10, R11), and what can be done with a quote from there."""

from __future__ import annotations

import asyncio
import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_offers_pb2, quote_pb2

from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.forms.drafts import FormDraft
from gateway.pages.application_fields.another_application import REASON_TEXTS
from gateway.pages.forms.typed_values import write_date
from gateway.pages.quotes.application_choice import load_application_choice
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.plan_changes import load_changes
from gateway.pages.quotes.proposed_dates import read_date_notice
from gateway.pages.quotes.rpc import act_draft, load_quote
from gateway.pages.render import render_page

# Said once after an act, by the word that the address then has.
_DONE = {
    "copied": "This is a copy of the quote, with today's premiums.",
    "requoted": "This is a new quote for the new effective date. The other one stays as it was.",
    "updated": "The quote is saved.",
    "shared": "The share link is ready. Anyone who has it can see this quote without signing in.",
    "revoked": "The share link is closed and shows nothing any more.",
    "sent": "The proposal is on its way by email.",
    "archived": "The quote is archived. It is left out of the list of quotes.",
    "restored": "The quote is back in the list of quotes.",
}


async def review(request: Request) -> Response:
    session = await require_session(request)
    quote, links = await asyncio.gather(load_quote(request), _links(request))
    refused = await _refused(request)
    context = {
        "quote": quote,
        "date_notice": await read_date_notice(request, quote),
        "links": links,
        "changes": await load_changes(request, quote.quote_id),
        "done": _DONE.get(request.query_params.get("done", ""), ""),
        "refusal": refused,
        "typed_email": _typed(refused, "email", ""),
        "typed_language": _typed(refused, "language", ""),
        "typed_date": _typed(refused, "effective_date", write_date(quote.effective_date)),
        "errors": {problem.field: problem.message for problem in refused.problems} if refused else {},
        "reasons": REASON_TEXTS,
        "choice": await load_application_choice(request, quote.quote_id),
        "key": secrets.token_urlsafe(16),
        "may_enroll": not (session.user.is_delegate and quote.exchange == common_pb2.EXCHANGE_ON),
        "expired": quote.status == quote_pb2.QUOTE_STATUS_EXPIRED,
    }
    return await render_page(request, "quotes/review.html", context | ENUMS)


def _typed(refused: FormDraft | None, name: str, otherwise: str) -> str:
    """What the person sent in a field of the act that was refused, emptied ones too."""
    return refused.text(name) if refused and name in refused.fields else otherwise


async def _links(request: Request) -> list[quote_offers_pb2.ShareLink]:
    """Those that still show the quote."""
    asked = quote_offers_pb2.ListShareLinksRequest(quote_id=request.path_params["quote_id"])
    answer = await ask_service(request, QUOTE["ListShareLinks"], asked, quote_offers_pb2.ListShareLinksResponse)
    now = get_gateway(request).clock.now().timestamp()
    return [link for link in answer.links if not link.revoked and link.expires_at.seconds > now]


async def _refused(request: Request) -> FormDraft | None:
    """What an act was refused for, with what was typed."""
    if "refused" not in request.query_params:
        return None
    session = await require_session(request)
    return await get_gateway(request).drafts.load(session.user, act_draft(request.path_params["quote_id"]))

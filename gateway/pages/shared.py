"""What a share link shows without a sign-in, in English or Spanish. The address holds the token: it is never logged."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_offers_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, NotFound, put_first_name_first
from gateway.edge.context import get_gateway
from gateway.edge.middleware import UNLISTED
from gateway.edge.problems import status_of
from gateway.edge.rpcs import QUOTE
from gateway.pages.render import render_page
from gateway.pages.shared_texts import choose_language, metal_of, texts_of, write_day, write_moment
from gateway.user import GATEWAY


async def show(request: Request) -> Response:
    request.state.session = None  # the same page for everybody, signed in or not
    language = choose_language(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))
    texts = texts_of(language)
    words = {"t": texts, "lang": language, "metal": lambda level: metal_of(language, level)}
    headers = {**UNLISTED, "Content-Language": language, "Vary": "Accept-Language"}
    try:
        answer = await get_gateway(request).services.ask(
            QUOTE["OpenSharedQuote"],
            pb.OpenSharedQuoteRequest(token=request.path_params["token"]),
            pb.OpenSharedQuoteResponse,
            GATEWAY,
        )
    except (NotFound, InvalidInput):  # nothing but the token can be invalid
        return await render_page(request, "shared_closed.html", {"detail": texts["closed_text"]} | words, 404, headers)
    except DomainError as refusal:
        detail = refusal.message
        return await render_page(request, "shared_closed.html", {"detail": detail} | words, status_of(refusal), headers)
    context = {
        "quote": answer.quote,
        "producer_name": put_first_name_first(answer.quote.producer_name),
        "family": len(answer.quote.people) > 1,
        "day": partial(write_day, language),
        "moment": partial(write_moment, language),
    }
    context |= _compared(answer.quote) | words
    return await render_page(request, "shared.html", context, 200, headers)


def _compared(quote: pb.SharedQuote) -> dict[str, Any]:
    """The selected plan that has alternatives and those, each with its share of the highest premium."""
    selected = [plan for plan in quote.plans if plan.selected]
    compared = [*selected[:1], *(plan for plan in quote.plans if not plan.selected)]
    most = max((plan.monthly_premium.cents for plan in compared), default=0) or 1
    return {
        "selected": selected,
        "compared": [(plan, plan.monthly_premium.cents * 100 // most) for plan in compared],
        "made_up": any(plan.plan.catalogue == "illustrative" for plan in quote.plans),
        "Coverage": common_pb2.Coverage,
    }

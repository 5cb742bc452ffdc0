"""Saved quotes: filtered, sorted, searched by client and turned page by page (R8, R18)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import DomainError
from gateway.edge.context import require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.formatting import state_name
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.forms.form_values import explain_dates
from gateway.pages.forms.typed_values import read_date, write_date
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page
from gateway.pages.saved_searches import keep_search, read_search

# As many rows as a screen is scrolled for.
PAGE_SIZE = 25
_ORDERS = {
    "newest": pb.QUOTE_ORDER_NEWEST,
    "oldest": pb.QUOTE_ORDER_OLDEST,
    "effective": pb.QUOTE_ORDER_EARLIEST_EFFECTIVE,
    "effective_last": pb.QUOTE_ORDER_LATEST_EFFECTIVE,
    "client": pb.QUOTE_ORDER_CLIENT_NAME,
    "client_last": pb.QUOTE_ORDER_CLIENT_NAME_DESCENDING,
}
_STATUSES = {
    "open": quote_pb2.QUOTE_STATUS_OPEN,
    "selected": quote_pb2.QUOTE_STATUS_SELECTED,
    "expired": quote_pb2.QUOTE_STATUS_EXPIRED,
}
# In the address; the client's name is not, since nothing about people may be there.
_DATES = frozenset({"effective_from", "effective_to"})
_NAMES = ("state", "status", "effective_from", "effective_to", "sort", "archived", "search")


@dataclass(frozen=True, slots=True)
class QuoteFilters:
    """As they stand in the address; ``client`` is what ``search`` stands for there."""

    values: dict[str, str]
    client: str = ""

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def narrows(self) -> bool:
        return self.narrows_further or bool(self.get("search"))

    @property
    def narrows_further(self) -> bool:
        """By more than the client's name."""
        return any(self.get(name) for name in _NAMES if name not in ("sort", "search"))

    def query(self, **changes: str) -> str:
        """The address of the same list with something changed, and from its first page on."""
        return urlencode({name: value for name, value in {**self.values, **changes}.items() if value})

    def _day(self, name: str) -> str:
        return read_date(self.get(name))

    def to_request(self, token: str) -> pb.ListQuotesRequest:
        return pb.ListQuotesRequest(
            page=common_pb2.Page(token=token, size=PAGE_SIZE),
            client_name=self.client,
            state=self.get("state"),
            effective_from=self._day("effective_from"),
            effective_to=self._day("effective_to"),
            status=_STATUSES.get(self.get("status"), quote_pb2.QUOTE_STATUS_UNSPECIFIED),
            order=_ORDERS.get(self.get("sort"), pb.QUOTE_ORDER_UNSPECIFIED),
            archived=bool(self.get("archived")),
        )


async def listing(request: Request) -> Response:
    filters, refusal = await _filters(request), None
    query = request.query_params
    answer = pb.ListQuotesResponse()
    try:
        answer = await ask_service(
            request, QUOTE["ListQuotes"], filters.to_request(query.get("page", "")), pb.ListQuotesResponse
        )
    except DomainError as wrong:
        refusal = wrong
    at = query.get("at", "")
    first = parse_number(at, otherwise=1)
    session = await require_session(request)
    problems = explain_dates(refusal.problems, filters.values, _DATES) if refusal else []
    context = {
        "quotes": answer.quotes,
        "total": answer.total_count,
        "first": first,
        "next": filters.query(page=answer.next_page_token, at=str(first + PAGE_SIZE)) if answer.next_page_token else "",
        "filters": filters,
        "refusal": FormRefusal(refusal.message, problems) if refusal else None,
        "errors": {problem.field: problem.message for problem in problems},
        "states": [(state, state_name(state)) for state in sorted({one.state for one in session.user.numbers})],
    }
    return await render_page(request, "quotes/list.html", context | ENUMS, 422 if refusal else 200)


async def search(request: Request) -> Response:
    """What is searched for is kept under an id, which the address has in its place."""
    session = await require_session(request)
    fields = await form_of(request, session)
    values = {name: read_text(fields, name) for name in _NAMES}
    client = read_text(fields, "client_name")
    found = await keep_search(request, session, client)
    return redirect_to("/quotes?" + QuoteFilters(values).query(search=found))


async def _filters(request: Request) -> QuoteFilters:
    session = await require_session(request)
    values = {name: request.query_params.get(name, "") for name in _NAMES}
    values |= {name: write_date(values[name]) for name in _DATES}
    return QuoteFilters(values, await read_search(request, session, values["search"]))

"""Contract: searches of saved quotes."""

from __future__ import annotations

from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import InvalidInput
from chassis.mapping import ToProto
from services.quote.contract.to_domain import optional_date
from services.quote.domain.quote import QuoteStatus
from services.quote.domain.quote_search import QuoteOrder, QuoteSearch
from services.quote.usecases.ports import QuoteFigures

figures = ToProto(QuoteFigures, pb.QuoteFigures)


def search_to_domain(request: pb.ListQuotesRequest) -> QuoteSearch:
    return QuoteSearch(
        client_name=request.client_name.strip(),
        state=request.state,
        effective_from=optional_date(request.effective_from, "effective_from"),
        effective_to=optional_date(request.effective_to, "effective_to"),
        status=_status(request.status),
        order=_order(request.order),
        archived=request.archived,
    )


def _status(value: quote_pb2.QuoteStatus.ValueType) -> QuoteStatus | None:
    if not value:
        return None
    try:
        return QuoteStatus(quote_pb2.QuoteStatus.Name(value).removeprefix("QUOTE_STATUS_").lower())
    except ValueError:
        raise InvalidInput.at("status", "Choose open, selected or expired.") from None


def _order(value: pb.QuoteOrder.ValueType) -> QuoteOrder:
    if not value:
        return QuoteOrder.NEWEST
    try:
        return QuoteOrder(pb.QuoteOrder.Name(value).removeprefix("QUOTE_ORDER_").lower())
    except ValueError:
        raise InvalidInput.at("order", "Choose a sort order from the list.") from None

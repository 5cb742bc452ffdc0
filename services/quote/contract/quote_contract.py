"""Contract: one method for each rpc of QuoteService."""

from __future__ import annotations

from suite.quote.v1 import quote_service_pb2 as pb

from chassis.contract import Contract, command_of
from chassis.identity import Caller
from chassis.kernel import Clock, Transactions
from services.quote.contract import paging, plans, quote_lists, to_domain, to_proto
from services.quote.contract.quote_census import QuoteCensus
from services.quote.contract.quote_offers import Outside, QuoteOffers
from services.quote.domain.exchange import ExchangeLinks
from services.quote.usecases import create_quote
from services.quote.usecases.compare_plans import ComparePlans
from services.quote.usecases.create_quote import CreateQuote, NewQuote
from services.quote.usecases.find_counties import FindCounties
from services.quote.usecases.find_plan import FindPlan
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.price_selection import PriceSelection
from services.quote.usecases.read_quotes import ListQuotes, ReadQuote
from services.quote.usecases.recent_searches import RecentSearches
from services.quote.usecases.search_plans import SearchPlans
from services.quote.usecases.select_plans import PlanChoice, SelectPlans


class QuoteContract(QuoteOffers, QuoteCensus, Contract):
    """Catalogue and prices are open to every signed-in caller; quotes to their producers, delegates and services."""

    descriptor = pb.DESCRIPTOR.services_by_name["QuoteService"]

    def __init__(
        self,
        catalogues: Catalogues,
        transactions: Transactions[QuoteUnitOfWork],
        clock: Clock,
        links: ExchangeLinks,
        outside: Outside,
    ) -> None:
        Contract.__init__(self)
        QuoteCensus.__init__(self, catalogues, clock)
        QuoteOffers.__init__(self, catalogues, transactions, clock, links, outside)
        self._find_counties = FindCounties(catalogues, clock)
        self._find_plan = FindPlan(catalogues)
        self._search = RecentSearches(SearchPlans(catalogues, clock), plans.found)
        self._compare = ComparePlans(catalogues, clock)
        self._price = PriceSelection(catalogues, clock)
        self._create = CreateQuote(catalogues, transactions, clock)
        self._read = ReadQuote(catalogues, transactions, clock)
        self._list = ListQuotes(catalogues, transactions, clock)
        self._select = SelectPlans(catalogues, transactions, clock)

    def list_counties(self, request: pb.ListCountiesRequest, caller: Caller) -> pb.ListCountiesResponse:
        found = self._find_counties(request.zip, request.plan_year)
        counties = [to_proto.county(location) for location in found.locations]
        return pb.ListCountiesResponse(counties=counties, zip_not_listed=not found.listed)

    def search_plans(self, request: pb.SearchPlansRequest, caller: Caller) -> pb.SearchPlansResponse:
        return self._search(to_domain.rating_request(request), plans.query(request))

    def get_plan(self, request: pb.GetPlanRequest, caller: Caller) -> pb.GetPlanResponse:
        return pb.GetPlanResponse(plan=plans.plan_page(self._find_plan(request.plan_year, request.plan_id)))

    def compare_plans(self, request: pb.ComparePlansRequest, caller: Caller) -> pb.ComparePlansResponse:
        return plans.comparison(self._compare(to_domain.rating_request(request), request.plan_ids))

    def price_selection(self, request: pb.PriceSelectionRequest, caller: Caller) -> pb.PriceSelectionResponse:
        rating_request = to_domain.rating_request(request)
        choice, location = self._price(rating_request, request.medical_plan_id, request.dental_plan_id)
        return pb.PriceSelectionResponse(
            medical=to_proto.priced_plan(choice.medical) if choice.medical else None,
            dental=to_proto.priced_plan(choice.dental) if choice.dental else None,
            monthly_premium=to_proto.money(choice.total),
            county=to_proto.county(location),
        )

    def create_quote(self, request: pb.CreateQuoteRequest, caller: Caller) -> pb.CreateQuoteResponse:
        new = NewQuote(
            command=command_of(caller, create_quote.OPERATION, request.idempotency_key, request),
            producer=to_domain.producer(caller.writing_number(request.writing_number)),
            rating_request=to_domain.rating_request(request),
        )
        return pb.CreateQuoteResponse(quote=to_proto.quote(self._create(new), self._links))

    def list_quotes(self, request: pb.ListQuotesRequest, caller: Caller) -> pb.ListQuotesResponse:
        after, size = quote_lists.last_quote(request.page), paging.size(request.page)
        views, last = self._list(caller, quote_lists.search(request), after, size)
        quotes = [to_proto.quote(view, self._links) for view in views]
        return pb.ListQuotesResponse(quotes=quotes, next_page_token=quote_lists.token(last))

    def get_quote(self, request: pb.GetQuoteRequest, caller: Caller) -> pb.GetQuoteResponse:
        view = self._read(request.quote_id, caller)
        return pb.GetQuoteResponse(quote=to_proto.quote(view, self._links))

    def select_plans(self, request: pb.SelectPlansRequest, caller: Caller) -> pb.SelectPlansResponse:
        wanted = PlanChoice(request.quote_id, request.medical_plan_id, request.dental_plan_id, request.version)
        view = self._select(wanted, caller)
        return pb.SelectPlansResponse(quote=to_proto.quote(view, self._links))

"""``suite.quote.v1.QuoteService``, for gRPC and bus alike: one method for each rpc."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from suite.quote.v1 import quote_census_pb2 as census_pb
from suite.quote.v1 import quote_offers_pb2 as offers
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.contract import Contract, command_of
from chassis.identity import Caller, CallerKind
from chassis.mapping import Problems
from chassis.paging import PageTokens, list_id_of, page_size
from services.quote.contract import census, plans, quote_lists, sharing, to_domain, to_proto
from services.quote.contract.search_cache import SearchAnswers
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.proposal_message import ENGLISH
from services.quote.domain.sharing import ShareLink
from services.quote.usecases import copy_quote, create_quote, create_share_link, deliver_quote, requote
from services.quote.usecases.archive_quote import ArchiveQuote
from services.quote.usecases.check_rating_request import CheckRatingRequest
from services.quote.usecases.compare_plans import ComparePlans
from services.quote.usecases.copy_quote import CopyQuote
from services.quote.usecases.create_quote import CreateQuote, NewQuote
from services.quote.usecases.create_share_link import CreateShareLink
from services.quote.usecases.deliver_quote import DeliverQuote, QuoteDelivery
from services.quote.usecases.find_counties import FindCounties
from services.quote.usecases.find_plan import FindPlan
from services.quote.usecases.get_proposal import GetProposal
from services.quote.usecases.get_quote import GetQuote
from services.quote.usecases.get_quote_report import GetQuoteReport
from services.quote.usecases.list_quotes import ListQuotes
from services.quote.usecases.list_share_links import ListShareLinks
from services.quote.usecases.open_shared_quote import OpenSharedQuote
from services.quote.usecases.price_census import PriceCensus
from services.quote.usecases.price_selection import PriceSelection
from services.quote.usecases.requote import Requote, RequoteRequest
from services.quote.usecases.restore_quote import RestoreQuote
from services.quote.usecases.revoke_share_link import RevokeShareLink
from services.quote.usecases.search_plans import SearchPlans
from services.quote.usecases.select_plans import PlanChoice, SelectPlans
from services.quote.usecases.update_quote import UpdateQuote, rating_request_of

# One answer serves everybody who searches for the same, so the token of a plan list is bound to no person or request:
# it holds a plan's id, which is no secret, and a list without that plan refuses it.
PLAN_LIST = "SearchPlans"
# For whom such an answer is worked out.
ANYBODY = Caller(CallerKind.SERVICE, "quote")
# Requests with a place, a date and people.
_RATED = (pb.SearchPlansRequest, pb.ComparePlansRequest, pb.PriceSelectionRequest, pb.CreateQuoteRequest)


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the methods call."""

    find_counties: FindCounties
    find_plan: FindPlan
    search_plans: SearchPlans
    compare_plans: ComparePlans
    price_selection: PriceSelection
    check_rating_request: CheckRatingRequest
    price_census: PriceCensus
    create_quote: CreateQuote
    get_quote: GetQuote
    list_quotes: ListQuotes
    get_quote_report: GetQuoteReport
    select_plans: SelectPlans
    update_quote: UpdateQuote
    archive_quote: ArchiveQuote
    restore_quote: RestoreQuote
    copy_quote: CopyQuote
    requote: Requote
    create_share_link: CreateShareLink
    list_share_links: ListShareLinks
    revoke_share_link: RevokeShareLink
    open_shared_quote: OpenSharedQuote
    get_proposal: GetProposal
    deliver_quote: DeliverQuote


class QuoteContract(Contract):
    """Catalogue and prices are open to every signed-in caller; quotes to their producers, delegates and services."""

    descriptor = pb.DESCRIPTOR.services_by_name["QuoteService"]

    def __init__(
        self,
        use_cases: UseCases,
        links: ExchangeLinks,
        make_share_url: Callable[[ShareLink], str],
        page_tokens: PageTokens,
    ) -> None:
        """``make_share_url`` gives the web address at which people open a share link."""
        super().__init__()
        self._use_cases, self._links, self._make_share_url = use_cases, links, make_share_url
        self._page_tokens = page_tokens

    @cached_property
    def _search_answers(self) -> SearchAnswers:
        search = self._use_cases.search_plans
        return SearchAnswers(search.catalogues, search.clock, self._answer_search)

    def handle_bytes(self, method: MethodDescriptor, request: bytes, caller: Caller) -> bytes:
        if method.name == PLAN_LIST:
            return self._search_answers(request)
        return super().handle_bytes(method, request, caller)

    def _answer_search(self, request: bytes) -> bytes:
        return super().handle_bytes(self.descriptor.methods_by_name[PLAN_LIST], request, ANYBODY)

    def validate(self, request: Message, caller: Caller) -> None:
        if isinstance(request, _RATED):
            self._use_cases.check_rating_request(to_domain.rating_request(request))
        elif isinstance(request, pb.UpdateQuoteRequest):
            state = self._use_cases.get_quote(request.quote_id, caller).quote.state
            self._use_cases.check_rating_request(rating_request_of(to_domain.quote_update(request), state))

    def list_counties(self, request: pb.ListCountiesRequest, caller: Caller) -> pb.ListCountiesResponse:
        found = self._use_cases.find_counties(request.zip, request.plan_year)
        counties = [to_proto.county_to_proto(location) for location in found.locations]
        return pb.ListCountiesResponse(counties=counties, zip_not_listed=not found.listed)

    def search_plans(self, request: pb.SearchPlansRequest, caller: Caller) -> pb.SearchPlansResponse:
        last_plan = self._page_tokens.read(request.page, PLAN_LIST, str)
        found = self._use_cases.search_plans(to_domain.rating_request(request), plans.read_query(request, last_plan))
        following = [found.following] if found.following else None
        return plans.write_results(found, self._page_tokens.make(following, PLAN_LIST))

    def get_plan(self, request: pb.GetPlanRequest, caller: Caller) -> pb.GetPlanResponse:
        return pb.GetPlanResponse(
            plan=plans.write_plan_page(self._use_cases.find_plan(request.plan_year, request.plan_id))
        )

    def compare_plans(self, request: pb.ComparePlansRequest, caller: Caller) -> pb.ComparePlansResponse:
        return plans.write_comparison(
            self._use_cases.compare_plans(to_domain.rating_request(request), request.plan_ids)
        )

    def price_selection(self, request: pb.PriceSelectionRequest, caller: Caller) -> pb.PriceSelectionResponse:
        rating_request = to_domain.rating_request(request)
        choice, location = self._use_cases.price_selection(
            rating_request, request.medical_plan_id, request.dental_plan_id
        )
        return pb.PriceSelectionResponse(
            medical=to_proto.priced_plan(choice.medical) if choice.medical else None,
            dental=to_proto.priced_plan(choice.dental) if choice.dental else None,
            monthly_premium=to_proto.money_to_proto(choice.total),
            county=to_proto.county_to_proto(location),
        )

    def create_quote(self, request: pb.CreateQuoteRequest, caller: Caller) -> pb.CreateQuoteResponse:
        if request.validate_only:
            self._use_cases.check_rating_request(to_domain.rating_request(request))
            return pb.CreateQuoteResponse()
        new = NewQuote(
            command=command_of(caller, create_quote.OPERATION, request.idempotency_key, request),
            producer=to_domain.producer_to_domain(caller.writing_number(request.writing_number)),
            rating_request=to_domain.rating_request(request),
        )
        return pb.CreateQuoteResponse(quote=to_proto.quote_to_proto(self._use_cases.create_quote(new), self._links))

    def get_quote_report(self, request: pb.GetQuoteReportRequest, caller: Caller) -> pb.GetQuoteReportResponse:
        form = Problems()
        first, last = (form.month(name, getattr(request, name)) for name in ("first_month", "last_month"))
        form.close()
        found = self._use_cases.get_quote_report(caller, first, last, request.state, request.writing_number)
        return pb.GetQuoteReportResponse(figures=map(quote_lists.figures, found))

    def list_quotes(self, request: pb.ListQuotesRequest, caller: Caller) -> pb.ListQuotesResponse:
        list_id, size = list_id_of(request, caller), page_size(request.page)
        after = self._page_tokens.read(request.page, list_id, str)
        page = self._use_cases.list_quotes(caller, quote_lists.search_to_domain(request), after, size)
        return pb.ListQuotesResponse(
            quotes=[to_proto.quote_to_proto(view, self._links) for view in page.views],
            next_page_token=self._page_tokens.make([page.last] if page.last else None, list_id),
            total_count=page.total,
        )

    def get_quote(self, request: pb.GetQuoteRequest, caller: Caller) -> pb.GetQuoteResponse:
        view = self._use_cases.get_quote(request.quote_id, caller)
        return pb.GetQuoteResponse(quote=to_proto.quote_to_proto(view, self._links))

    def select_plans(self, request: pb.SelectPlansRequest, caller: Caller) -> pb.SelectPlansResponse:
        wanted = PlanChoice(request.quote_id, request.medical_plan_id, request.dental_plan_id, request.version)
        view = self._use_cases.select_plans(wanted, caller)
        return pb.SelectPlansResponse(quote=to_proto.quote_to_proto(view, self._links))

    def update_quote(self, request: pb.UpdateQuoteRequest, caller: Caller) -> pb.UpdateQuoteResponse:
        view, changes = self._use_cases.update_quote(to_domain.quote_update(request), caller)
        return pb.UpdateQuoteResponse(
            quote=to_proto.quote_to_proto(view, self._links),
            changes=[sharing.write_change(change) for change in changes],
        )

    def archive_quote(self, request: pb.ArchiveQuoteRequest, caller: Caller) -> pb.ArchiveQuoteResponse:
        view = self._use_cases.archive_quote(request.quote_id, caller)
        return pb.ArchiveQuoteResponse(quote=to_proto.quote_to_proto(view, self._links))

    def restore_quote(self, request: pb.RestoreQuoteRequest, caller: Caller) -> pb.RestoreQuoteResponse:
        view = self._use_cases.restore_quote(request.quote_id, caller)
        return pb.RestoreQuoteResponse(quote=to_proto.quote_to_proto(view, self._links))

    def copy_quote(self, request: offers.CopyQuoteRequest, caller: Caller) -> offers.CopyQuoteResponse:
        view = self._use_cases.copy_quote(
            request.quote_id, command_of(caller, copy_quote.OPERATION, request.idempotency_key, request)
        )
        return offers.CopyQuoteResponse(quote=to_proto.quote_to_proto(view, self._links))

    def requote(self, request: offers.RequoteRequest, caller: Caller) -> offers.RequoteResponse:
        day = to_domain.required_date(request.effective_date, "effective_date")
        command = command_of(caller, requote.OPERATION, request.idempotency_key, request)
        view, changes = self._use_cases.requote(RequoteRequest(command, request.quote_id, day))
        return offers.RequoteResponse(
            quote=to_proto.quote_to_proto(view, self._links),
            changes=[sharing.write_change(change) for change in changes],
        )

    def create_share_link(
        self, request: offers.CreateShareLinkRequest, caller: Caller
    ) -> offers.CreateShareLinkResponse:
        command = command_of(caller, create_share_link.OPERATION, request.idempotency_key, request)
        link = self._use_cases.create_share_link(request.quote_id, request.days, command)
        return offers.CreateShareLinkResponse(link=self._write_link(link))

    def list_share_links(self, request: offers.ListShareLinksRequest, caller: Caller) -> offers.ListShareLinksResponse:
        found = self._use_cases.list_share_links(request.quote_id, caller)
        return offers.ListShareLinksResponse(links=[self._write_link(link) for link in found])

    def revoke_share_link(
        self, request: offers.RevokeShareLinkRequest, caller: Caller
    ) -> offers.RevokeShareLinkResponse:
        self._use_cases.revoke_share_link(request.quote_id, request.link_id, caller)
        return offers.RevokeShareLinkResponse()

    def open_shared_quote(
        self, request: offers.OpenSharedQuoteRequest, caller: Caller
    ) -> offers.OpenSharedQuoteResponse:
        proposal, link = self._use_cases.open_shared_quote(request.token)
        return offers.OpenSharedQuoteResponse(quote=sharing.write_shared_quote(proposal, link))

    def get_proposal(self, request: offers.GetProposalRequest, caller: Caller) -> offers.GetProposalResponse:
        found = self._use_cases.get_proposal(request.quote_id, caller)
        return sharing.write_proposal(found, to_proto.quote_to_proto(found.view, self._links))

    def deliver_quote(self, request: offers.DeliverQuoteRequest, caller: Caller) -> offers.DeliverQuoteResponse:
        command = command_of(caller, deliver_quote.OPERATION, request.idempotency_key, request)
        link = self._use_cases.deliver_quote(
            QuoteDelivery(request.quote_id, command, request.email, request.language or ENGLISH)
        )
        return offers.DeliverQuoteResponse(link=self._write_link(link))

    def price_census(
        self, requests: Iterable[census_pb.PriceCensusRequest], caller: Caller
    ) -> Iterator[census_pb.PriceCensusResponse]:
        for answers in self._use_cases.price_census(census.read_batches(requests)):
            yield census_pb.PriceCensusResponse(lines=map(census.write_line, answers))

    def _write_link(self, link: ShareLink) -> offers.ShareLink:
        return sharing.write_link(link, self._make_share_url(link))

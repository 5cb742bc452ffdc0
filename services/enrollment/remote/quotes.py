"""Remote: the quote service."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money
from chassis.mapping import REST, FromProto, ToProto
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.usecases.dtos import QuotedMember, SavedQuote

_SERVICE = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"]

# A premium does not depend on names.
_member = ToProto(RatedMember, quote_pb2.Member, unset=("first_name", "last_name"))
_selection = ToProto(PricingBasis, quote_service_pb2.PriceSelectionRequest)
_premium_line = FromProto(
    quote_pb2.MemberPremium,
    PremiumLine,
    # in words in the explanation; the rating area is the plan's
    unread=("relationship", "rate_source", "tobacco_rated", "rating_area"),
)
_plan_line = FromProto(
    quote_pb2.Plan, PlanLine, at_call=("monthly_premium", "members", "rating_area"), left=("renewals",), unread=REST
)
_rated_member = FromProto(quote_pb2.Member, RatedMember, unread=("first_name", "last_name"))
_saved_quote = FromProto(
    quote_pb2.Quote,
    SavedQuote,
    county_fips="county.fips",
    county_name="county.name",
    members=lambda quote: tuple(
        QuotedMember(_rated_member(member), member.first_name, member.last_name) for member in quote.members
    ),
    medical_plan_id="medical.plan.plan_id",
    dental_plan_id="dental.plan.plan_id",
    on_exchange=lambda quote: quote.exchange == common_pb2.EXCHANGE_ON,
    expired=lambda quote: quote.status == quote_pb2.QUOTE_STATUS_EXPIRED,
    unread=REST,
)


class RemoteQuotes:
    """The port ``usecases.ports.QuoteService`` over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def quote(self, quote_id: str) -> SavedQuote:
        request = quote_service_pb2.GetQuoteRequest(quote_id=quote_id)
        answer = self._bus.call(_SERVICE, "GetQuote", request, quote_service_pb2.GetQuoteResponse)
        return _saved_quote(answer.quote)

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        request = _selection(basis)
        answer = self._bus.call(_SERVICE, "PriceSelection", request, quote_service_pb2.PriceSelectionResponse)
        priced = [getattr(answer, name) for name in ("medical", "dental") if answer.HasField(name)]
        return tuple(_priced_line(plan) for plan in priced)


def _priced_line(priced: quote_pb2.PricedPlan) -> PlanLine:
    premium = Money(priced.monthly_premium.cents)
    members = tuple(map(_premium_line, priced.members))
    area = max((one.rating_area for one in priced.members), default=0)  # everybody's is the same
    return _plan_line(priced.plan, monthly_premium=premium, members=members, rating_area=area)

"""Contract: from the domain's values to response messages."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2 as pb

from chassis.kernel import Money
from chassis.mapping import ToProto
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.geography import RatingLocation
from services.quote.domain.household import Member
from services.quote.domain.plan import Exchange, Plan
from services.quote.domain.premium import MemberPremium
from services.quote.domain.quote import Producer, Quote, QuoteStatus
from services.quote.domain.quote_notices import QuoteNotice
from services.quote.domain.quoted_premium import PremiumChanged
from services.quote.domain.rating import LINES_KEPT
from services.quote.domain.rating_context import PricedPlan
from services.quote.usecases.quote_view import QuoteView

PLANS_KEPT = 4_096

_EXCHANGES = {Exchange.ON: common.EXCHANGE_ON, Exchange.OFF: common.EXCHANGE_OFF}
_STATUSES = {
    QuoteStatus.OPEN: pb.QUOTE_STATUS_OPEN,
    QuoteStatus.SELECTED: pb.QUOTE_STATUS_SELECTED,
    QuoteStatus.EXPIRED: pb.QUOTE_STATUS_EXPIRED,
}


def money_to_proto(amount: Money) -> common.Money:
    return common.Money(cents=amount.cents)


def county_to_proto(location: RatingLocation) -> pb.County:
    found = location.county
    return pb.County(fips=found.fips, name=found.name, state=found.state, rating_area=location.rating_area)


def _amount(filed: Money | None) -> common.Money | None:
    return None if filed is None else money_to_proto(filed)


# What a plan is rated by is not told; its detail is, where one plan is read (``plans.write_plan_page``).
plan = ToProto(
    Plan,
    pb.Plan,
    family_deductible=lambda plan: _amount(plan.detail.family_deductible),
    family_out_of_pocket_maximum=lambda plan: _amount(plan.detail.family_out_of_pocket_maximum),
    unset=("detail",),
    unsent=("component_id", "service_area_id", "child_only_offering"),
)
premium_line = ToProto(
    MemberPremium,
    pb.MemberPremium,
    member_index="index",
    monthly_premium="amount",
    rate_source="source.value",
)
premium_changed = ToProto(
    PremiumChanged,
    pb.PremiumChanged,
    old_monthly_premium="old",
    new_monthly_premium="new",
)
_producer = ToProto(Producer, common.Producer)
_member = ToProto(Member, pb.Member)
_notice = ToProto(QuoteNotice, pb.QuoteNotice)
_quote = ToProto(
    Quote,
    pb.Quote,
    at_call=("status", "county", "medical", "dental", "premium_changed", "notices", "duplicate_count"),
    unset=("monthly_premium", "exchange", "exchange_target", "exchange_url"),
    members=lambda quote: [_member(member) for member in quote.household],
    unsent=("county_fips", "household", "selection", "expired_at", "archived_at", "quoted_premiums"),
    archived=lambda quote: quote.archived_at is not None,
    source_quote_id=lambda quote: quote.source_quote_id or "",
)


class PricedPlanFields(TypedDict):
    plan: pb.Plan
    monthly_premium: common.Money
    members: list[pb.MemberPremium]


# The same plans and lines are in search after search. A message of a plan has 2 kB, all are 8 MB; nobody changes them.
_kept_plan = lru_cache(PLANS_KEPT)(plan)
_kept_line = lru_cache(LINES_KEPT)(premium_line)


def priced_plan(priced: PricedPlan) -> pb.PricedPlan:
    return pb.PricedPlan(**priced_plan_fields(priced))


def priced_plan_fields(priced: PricedPlan) -> PricedPlanFields:
    premium = priced.premium
    return {
        "plan": _kept_plan(priced.plan),
        "monthly_premium": money_to_proto(premium.total),
        "members": [_kept_line(line) for line in premium.lines],
    }


def quote_to_proto(view: QuoteView, links: ExchangeLinks) -> pb.Quote:
    """Plans, premium and exchange stay absent until plans are chosen."""
    quote, choice = view.quote, view.choice
    message = _quote(
        quote,
        status=_STATUSES[view.status],
        county=county_to_proto(view.context.location),
        medical=priced_plan(choice.medical) if choice.medical else None,
        dental=priced_plan(choice.dental) if choice.dental else None,
        premium_changed=premium_changed(view.changed) if view.changed else None,
        notices=[_notice(notice) for notice in view.notices],
        duplicate_count=view.duplicate_count,
    )
    if quote.selection:
        message.monthly_premium.CopyFrom(money_to_proto(choice.total))
        message.exchange = _EXCHANGES[quote.selection.exchange]
    if target := quote.exchange_target:
        message.exchange_target = target.value
        message.exchange_url = links.url(quote.state, quote.effective_date.year)
    return message

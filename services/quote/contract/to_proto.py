"""Contract: from the domain's values to response messages."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2 as pb

from chassis.kernel import Money
from services.quote.contract.to_domain import COVERAGES, RELATIONSHIPS, SEXES
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.geography import Place
from services.quote.domain.household import Member
from services.quote.domain.plan import Exchange, Plan
from services.quote.domain.premium import MemberPremium
from services.quote.domain.promise import PremiumChanged
from services.quote.domain.quote import Producer, QuoteStatus
from services.quote.domain.situation import PricedPlan
from services.quote.usecases.quote_view import QuoteView

_RELATIONSHIPS = {value: number for number, value in RELATIONSHIPS.items()}
_SEXES = {value: number for number, value in SEXES.items()}
_COVERAGES = {value: number for number, value in COVERAGES.items()}
_EXCHANGES = {Exchange.ON: common.EXCHANGE_ON, Exchange.OFF: common.EXCHANGE_OFF}
_STATUSES = {
    QuoteStatus.OPEN: pb.QUOTE_STATUS_OPEN,
    QuoteStatus.SELECTED: pb.QUOTE_STATUS_SELECTED,
    QuoteStatus.EXPIRED: pb.QUOTE_STATUS_EXPIRED,
}


def money(amount: Money) -> common.Money:
    return common.Money(cents=amount.cents)


def county(place: Place) -> pb.County:
    found = place.county
    return pb.County(fips=found.fips, name=found.name, state=found.state, rating_area=place.rating_area)


def plan(plan: Plan) -> pb.Plan:
    return pb.Plan(
        plan_id=plan.plan_id,
        name=plan.name,
        coverage=_COVERAGES[plan.coverage],
        metal_level=plan.metal_level,
        plan_type=plan.plan_type,
        exchange=_EXCHANGES[plan.exchange],
        plan_year=plan.plan_year,
        state=plan.state,
        issuer_name=plan.issuer_name,
        issuer_id=plan.issuer_id,
        network_id=plan.network_id,
        network_name=plan.network_name,
        uses_pcp=plan.uses_pcp,
        consumer_choice_disclosure=plan.consumer_choice_disclosure,
        includes_pediatric_dental=plan.includes_pediatric_dental,
        deductible=money(plan.deductible) if plan.deductible else None,
        out_of_pocket_maximum=money(plan.out_of_pocket_maximum) if plan.out_of_pocket_maximum else None,
        catalogue=plan.catalogue.value,
        hsa_eligible=plan.hsa_eligible,
        charged_children_cap=plan.charged_children_cap,
    )


def priced_plan(priced: PricedPlan) -> pb.PricedPlan:
    premium = priced.premium
    lines = [_line(line) for line in premium.lines]
    return pb.PricedPlan(plan=plan(priced.plan), monthly_premium=money(premium.total), members=lines)


def quote(view: QuoteView, links: ExchangeLinks) -> pb.Quote:
    """Plans, premium and exchange stay absent until plans are chosen."""
    quote, choice = view.quote, view.choice
    message = pb.Quote(
        quote_id=quote.quote_id,
        status=_STATUSES[view.status],
        producer=_producer(quote.producer),
        state=quote.state,
        zip=quote.zip,
        county=county(view.situation.place),
        effective_date=quote.effective_date.isoformat(),
        members=[_member(member) for member in quote.household],
        medical=priced_plan(choice.medical) if choice.medical else None,
        dental=priced_plan(choice.dental) if choice.dental else None,
        created_at=instant(quote.created_at),
        updated_at=instant(quote.updated_at),
        version=quote.version,
    )
    if quote.selection:
        message.monthly_premium.CopyFrom(money(choice.total))
        message.exchange = _EXCHANGES[quote.selection.exchange]
    if view.changed:
        message.premium_changed.CopyFrom(premium_changed(view.changed))
    if target := quote.exchange_target:
        message.exchange_target = target.value
        message.exchange_url = links.url(quote.state, quote.effective_date.year)
    return message


def premium_changed(change: PremiumChanged) -> pb.PremiumChanged:
    new = None if change.new is None else money(change.new)
    return pb.PremiumChanged(old_monthly_premium=money(change.old), new_monthly_premium=new, reason=change.reason)


def instant(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def _line(line: MemberPremium) -> pb.MemberPremium:
    return pb.MemberPremium(
        member_index=line.index,
        relationship=_RELATIONSHIPS[line.relationship],
        age=line.age,
        monthly_premium=money(line.amount),
        rate_source=line.source.value,
        tobacco_rated=line.tobacco_rated,
        explanation=line.explanation,
        rating_area=line.rating_area,
    )


def _member(member: Member) -> pb.Member:
    return pb.Member(
        relationship=_RELATIONSHIPS[member.relationship],
        date_of_birth=member.date_of_birth.isoformat(),
        sex=_SEXES[member.sex],
        tobacco_use=member.tobacco_use,
        first_name=member.first_name,
        last_name=member.last_name,
        disabled_dependent=member.disabled_dependent,
    )


def _producer(producer: Producer) -> common.Producer:
    return common.Producer(
        writing_number=producer.writing_number,
        name=producer.name,
        company_name=producer.company_name,
        state=producer.state,
    )

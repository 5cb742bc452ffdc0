"""Contract: the messages of requotes, share links and shared quotes."""

from __future__ import annotations

from suite.quote.v1 import quote_offers_pb2 as pb
from suite.quote.v1 import quote_pb2

from chassis.mapping import timestamp_to_proto
from services.quote.contract import to_proto
from services.quote.contract.plans import write_plan_page
from services.quote.domain.rating_context import PricedPlan
from services.quote.domain.sharing import ShareLink
from services.quote.usecases.get_proposal import ProposalView
from services.quote.usecases.plan_changes import PlanChange


def write_link(link: ShareLink, url: str) -> pb.ShareLink:
    return pb.ShareLink(
        link_id=link.link_id,
        quote_id=link.quote_id,
        url=url,
        created_at=timestamp_to_proto(link.created_at),
        expires_at=timestamp_to_proto(link.expires_at),
        revoked=link.revoked_at is not None,
        delivered_at=timestamp_to_proto(link.delivered_at) if link.delivered_at else None,
    )


def write_change(change: PlanChange) -> pb.PlanChange:
    plan = to_proto.plan(change.plan)
    return pb.PlanChange(
        plan_id=plan.plan_id,
        name=plan.name,
        coverage=plan.coverage,
        old_monthly_premium=to_proto.money_to_proto(change.old),
        new_monthly_premium=to_proto.money_to_proto(change.new) if change.new is not None else None,
        reason=change.reason,
    )


def write_shared_quote(proposal: ProposalView, link: ShareLink) -> pb.SharedQuote:
    """First names and ages are all that is said of the people; tobacco use stays out with the explanations."""
    quote, choice, changed = proposal.view.quote, proposal.view.choice, proposal.view.changed
    return pb.SharedQuote(
        state=quote.state,
        effective_date=quote.effective_date.isoformat(),
        producer_name=quote.producer.name,
        company_name=quote.producer.company_name,
        producer_phone=quote.producer.phone,
        producer_npn=quote.producer.npn,
        people=[
            pb.SharedPerson(first_name=member.first_name, age=member.age_on(quote.effective_date))
            for member in quote.household
        ],
        plans=[
            *(_shared_plan(priced, selected=True) for priced in choice.priced),
            *(_shared_plan(priced, selected=False) for priced in proposal.alternatives),
        ],
        monthly_premium=to_proto.money_to_proto(choice.total) if choice.plans else None,
        expires_at=timestamp_to_proto(link.expires_at),
        premium_changed=to_proto.premium_changed(changed) if changed else None,
    )


def write_proposal(proposal: ProposalView, quote: quote_pb2.Quote) -> pb.GetProposalResponse:
    """Each plan with what is on its own page: a proposal prints copays and the family's amounts."""
    for written, priced in ((quote.medical, proposal.view.choice.medical), (quote.dental, proposal.view.choice.dental)):
        if priced:
            written.plan.CopyFrom(write_plan_page(priced.plan))
    return pb.GetProposalResponse(
        quote=quote,
        alternatives=map(_with_detail, proposal.alternatives),
        dental_alternatives=map(_with_detail, proposal.dental_alternatives),
    )


def _with_detail(priced: PricedPlan) -> quote_pb2.PricedPlan:
    message = to_proto.priced_plan(priced)
    message.plan.CopyFrom(write_plan_page(priced.plan))
    return message


def _shared_plan(priced: PricedPlan, *, selected: bool) -> pb.SharedPlan:
    return pb.SharedPlan(
        plan=to_proto.plan(priced.plan),
        monthly_premium=to_proto.money_to_proto(priced.premium.total),
        selected=selected,
        member_premiums=[to_proto.money_to_proto(line.amount) for line in priced.premium.lines],
    )

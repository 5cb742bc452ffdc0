"""Quotes with plans to compare, fetched from quote over the bus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_offers_pb2, quote_pb2, quote_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money
from chassis.mapping import REST, FromProto
from services.documents.domain.proposal import InsuredMember, MemberShare, PlanOffer, Proposal, ProposalProducer

QUOTE = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"]
_ILLUSTRATIVE = "illustrative"


class QuoteProposals:
    """The port ``usecases.ports.Proposals``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_proposal(self, quote_id: str) -> Proposal:
        request = quote_offers_pb2.GetProposalRequest(quote_id=quote_id)
        return proposal(self._bus.call(QUOTE, "GetProposal", request, quote_offers_pb2.GetProposalResponse))


def proposal(message: quote_offers_pb2.GetProposalResponse) -> Proposal:
    quote, producer = message.quote, message.quote.producer
    selected = [getattr(quote, name) for name in ("medical", "dental") if quote.HasField(name)]
    ages = {line.member_index: line.age for line in selected[0].members}
    return Proposal(
        state=quote.state,
        county=quote.county.name,
        zip=quote.zip,
        effective_date=date.fromisoformat(quote.effective_date),
        producer=ProposalProducer(
            *(producer.name, producer.writing_number, producer.company_name), phone=producer.phone, npn=producer.npn
        ),
        people=tuple(_insured(member, ages.get(index, 0)) for index, member in enumerate(quote.members)),
        selected=tuple(map(_offer, selected)),
        alternatives=tuple(tuple(map(_offer, beside)) for beside in _beside(message, len(selected))),
    )


def _beside(message: quote_offers_pb2.GetProposalResponse, selected: int) -> Sequence[Iterable[quote_pb2.PricedPlan]]:
    return (message.alternatives, message.dental_alternatives)[:selected]


def _insured(member: quote_pb2.Member, age: int) -> InsuredMember:
    relationship = common_pb2.Relationship.Name(member.relationship).removeprefix("RELATIONSHIP_")
    return InsuredMember(f"{member.first_name} {member.last_name}".strip(), relationship.replace("_", " ").lower(), age)


_share = FromProto(
    quote_pb2.MemberPremium,
    MemberShare,
    index="member_index",
    premium="monthly_premium",
    unread=REST,
)
_plan_offer = FromProto(
    quote_pb2.Plan,
    PlanOffer,
    at_call=("premium", "members"),
    dental=lambda plan: plan.coverage == common_pb2.COVERAGE_DENTAL,
    network="network_name",
    on_exchange=lambda plan: plan.exchange == common_pb2.EXCHANGE_ON,
    illustrative=lambda plan: plan.catalogue == _ILLUSTRATIVE,
    benefits=lambda plan: {line.benefit: line.in_network for line in plan.detail.benefits},
    unread=REST,
)


def _offer(priced: quote_pb2.PricedPlan) -> PlanOffer:
    premium = Money(priced.monthly_premium.cents)
    return _plan_offer(priced.plan, premium=premium, members=tuple(map(_share, priced.members)))

"""Contract: copies, requotes, share links, proposals and deliveries; a part of QuoteService."""

from __future__ import annotations

from dataclasses import dataclass

from suite.quote.v1 import quote_offers_pb2 as pb

from chassis.contract import command_of
from chassis.identity import Caller
from chassis.kernel import Clock, Transactions
from chassis.mapping import timestamp
from services.quote.contract import to_domain, to_proto
from services.quote.domain.exchange import ExchangeLinks
from services.quote.domain.rating_context import PricedPlan
from services.quote.domain.sharing import LinkSigner, ShareLink
from services.quote.usecases import copy_quote, deliver_quote, requote, share_quote
from services.quote.usecases.copy_quote import CopyQuote
from services.quote.usecases.deliver_quote import DeliverQuote, Delivery
from services.quote.usecases.ports import Catalogues, Mail, ProposalPdfs, QuoteUnitOfWork
from services.quote.usecases.proposal import Proposal, ReadProposal
from services.quote.usecases.requote import Asked, PlanChange, Requote
from services.quote.usecases.share_quote import OpenSharedQuote, ShareLinks


@dataclass(frozen=True, slots=True)
class Outside:
    """What quotes need of the world to be shared and sent. ``portal_url``: where people open share links."""

    signer: LinkSigner
    mail: Mail
    proposals: ProposalPdfs
    portal_url: str


class QuoteOffers:
    """The methods of ``quote_offers.proto``."""

    def __init__(
        self,
        catalogues: Catalogues,
        transactions: Transactions[QuoteUnitOfWork],
        clock: Clock,
        links: ExchangeLinks,
        outside: Outside,
    ) -> None:
        self._links, self._outside = links, outside
        self._copy = CopyQuote(catalogues, transactions, clock)
        self._requote = Requote(catalogues, transactions, clock)
        self._share_links = ShareLinks(transactions, clock)
        self._propose = ReadProposal(catalogues, transactions, clock)
        self._open = OpenSharedQuote(transactions, outside.signer, self._propose, clock)
        signer, portal_url = outside.signer, outside.portal_url
        self._deliver = DeliverQuote(transactions, outside.proposals, outside.mail, signer, portal_url, clock)

    def copy_quote(self, request: pb.CopyQuoteRequest, caller: Caller) -> pb.CopyQuoteResponse:
        view = self._copy(request.quote_id, command_of(caller, copy_quote.OPERATION, request.idempotency_key, request))
        return pb.CopyQuoteResponse(quote=to_proto.quote(view, self._links))

    def requote(self, request: pb.RequoteRequest, caller: Caller) -> pb.RequoteResponse:
        day = to_domain.required_date(request.effective_date, "effective_date")
        command = command_of(caller, requote.OPERATION, request.idempotency_key, request)
        view, changes = self._requote(Asked(command, request.quote_id, day))
        return pb.RequoteResponse(
            quote=to_proto.quote(view, self._links), changes=[_change(change) for change in changes]
        )

    def create_share_link(self, request: pb.CreateShareLinkRequest, caller: Caller) -> pb.CreateShareLinkResponse:
        command = command_of(caller, share_quote.OPERATION, request.idempotency_key, request)
        link = self._share_links.create(request.quote_id, request.days, command)
        return pb.CreateShareLinkResponse(link=self._link(link))

    def list_share_links(self, request: pb.ListShareLinksRequest, caller: Caller) -> pb.ListShareLinksResponse:
        found = self._share_links.list(request.quote_id, caller)
        return pb.ListShareLinksResponse(links=[self._link(link) for link in found])

    def revoke_share_link(self, request: pb.RevokeShareLinkRequest, caller: Caller) -> pb.RevokeShareLinkResponse:
        self._share_links.revoke(request.quote_id, request.link_id, caller)
        return pb.RevokeShareLinkResponse()

    def open_shared_quote(self, request: pb.OpenSharedQuoteRequest, caller: Caller) -> pb.OpenSharedQuoteResponse:
        caller.must_be_service("gateway")
        proposal, link = self._open(request.token)
        return pb.OpenSharedQuoteResponse(quote=_shared(proposal, link))

    def get_proposal(self, request: pb.GetProposalRequest, caller: Caller) -> pb.GetProposalResponse:
        found = self._propose(request.quote_id, caller)
        return pb.GetProposalResponse(
            quote=to_proto.quote(found.view, self._links),
            alternatives=[to_proto.priced_plan(priced) for priced in found.alternatives],
        )

    def deliver_quote(self, request: pb.DeliverQuoteRequest, caller: Caller) -> pb.DeliverQuoteResponse:
        command = command_of(caller, deliver_quote.OPERATION, request.idempotency_key, request)
        link = self._deliver(Delivery(request.quote_id, command, request.email.strip()))
        return pb.DeliverQuoteResponse(link=self._link(link))

    def _link(self, link: ShareLink) -> pb.ShareLink:
        return pb.ShareLink(
            link_id=link.link_id,
            quote_id=link.quote_id,
            url=f"{self._outside.portal_url}/shared/{self._outside.signer.make_token(link)}",
            created_at=timestamp(link.created_at),
            expires_at=timestamp(link.expires_at),
            revoked=link.revoked_at is not None,
        )


def _change(change: PlanChange) -> pb.PlanChange:
    plan = to_proto.plan(change.plan)
    return pb.PlanChange(
        plan_id=plan.plan_id,
        name=plan.name,
        coverage=plan.coverage,
        old_monthly_premium=to_proto.money(change.old),
        new_monthly_premium=to_proto.money(change.new) if change.new is not None else None,
        reason=change.reason,
    )


def _shared(proposal: Proposal, link: ShareLink) -> pb.SharedQuote:
    """First names and ages are all that is said of the people; tobacco use stays out with the explanations."""
    quote, choice, changed = proposal.view.quote, proposal.view.choice, proposal.view.changed
    return pb.SharedQuote(
        state=quote.state,
        effective_date=quote.effective_date.isoformat(),
        producer_name=quote.producer.name,
        company_name=quote.producer.company_name,
        people=[
            pb.SharedPerson(first_name=member.first_name, age=member.age_on(quote.effective_date))
            for member in quote.household
        ],
        plans=[
            *(_shared_plan(priced, selected=True) for priced in choice.priced),
            *(_shared_plan(priced, selected=False) for priced in proposal.alternatives),
        ],
        monthly_premium=to_proto.money(choice.total) if choice.plans else None,
        expires_at=timestamp(link.expires_at),
        premium_changed=to_proto.premium_changed(changed) if changed else None,
    )


def _shared_plan(priced: PricedPlan, *, selected: bool) -> pb.SharedPlan:
    return pb.SharedPlan(
        plan=to_proto.plan(priced.plan),
        monthly_premium=to_proto.money(priced.premium.total),
        selected=selected,
        member_premiums=[to_proto.money(line.amount) for line in priced.premium.lines],
    )

"""Use case: the proposal PDF of a quote."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, CallerKind, Clock, NotFound, Transactions
from services.documents.domain.legal_text import ENGLISH
from services.documents.usecases.not_found import quote_not_found
from services.documents.usecases.ports import DocumentsUnitOfWork, Proposals, Typesetter


@dataclass(frozen=True, slots=True)
class GetProposalPdf:
    """For anyone who may act for the quote's writing number, and for other services. Every reading is recorded.

    Made afresh each time, since prices may have changed. NotReady while no plan is selected; NotFound for somebody
    else's quote as for an unknown one.
    """

    transactions: Transactions[DocumentsUnitOfWork]
    proposals: Proposals
    typesetter: Typesetter
    clock: Clock

    def __call__(self, caller: Caller, quote_id: str, contact_email: str = "", language: str = ENGLISH) -> bytes:
        """``contact_email``: what a service that calls for a producer says."""
        try:
            proposal = self.proposals.get_proposal(quote_id)
        except NotFound:
            raise quote_not_found() from None
        number = proposal.producer.writing_number
        if not caller.may_see(number):
            raise quote_not_found()
        contact = caller.subject if caller.kind is CallerKind.PRODUCER else contact_email
        proposal = replace(proposal, producer=replace(proposal.producer, email=contact))
        now = self.clock.now()
        content = self.typesetter.proposal(proposal, now, language)
        with self.transactions() as work:
            work.record_audit(now, caller.subject, quote_id, "proposal_pdf.made", "", on_behalf_of=number)
        return content

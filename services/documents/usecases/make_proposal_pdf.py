"""Use case: the proposal PDF of a quote."""

from __future__ import annotations

from chassis.kernel import Caller, Clock, NotFound, Transactions
from services.documents.usecases.ports import DocumentsUnitOfWork, Proposals, Typesetter


class MakeProposalPdf:
    """For whoever may act for the quote's writing number, and for other services. Every reading is recorded.

    Made afresh each time, since prices may have changed. NotReady while no plan is selected; NotFound for somebody
    else's quote as for an unknown one.
    """

    def __init__(
        self,
        transactions: Transactions[DocumentsUnitOfWork],
        proposals: Proposals,
        typesetter: Typesetter,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._proposals = proposals
        self._typesetter = typesetter
        self._clock = clock

    def __call__(self, quote_id: str, caller: Caller) -> bytes:
        try:
            proposal = self._proposals.get(quote_id)
        except NotFound:
            raise _unknown() from None
        number = proposal.producer.writing_number
        if not caller.may_see(number):
            raise _unknown()
        now = self._clock.now()
        content = self._typesetter.proposal(proposal, now)
        with self._transactions() as work:
            work.record_audit(now, caller.subject, quote_id, "proposal_pdf.made", "", on_behalf_of=number)
        return content


def _unknown() -> NotFound:
    return NotFound("There is no such quote among yours; open it from your list of quotes.")

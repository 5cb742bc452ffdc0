"""Use case: save what a payer chose, and what was wrong with it, until the form is shown again."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.ports import FormDraft, FormDraftEncryption, PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class SaveFormDraft:
    """In the place of the session's earlier one. Readable by who holds the session's secret, and by nobody else."""

    transactions: Transactions[PaymentUnitOfWork]
    encryption: FormDraftEncryption

    def __call__(self, visit: PageVisit, session_secret: str, draft: FormDraft) -> None:
        sealed = self.encryption.seal(draft, session_secret)
        with self.transactions() as work:
            work.page_sessions.set_form_draft(visit.session.digest, sealed)

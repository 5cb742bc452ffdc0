"""Use case: a one-time link to the hosted payment page (R113)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Clock, Transactions
from services.payment.usecases.ports import PaymentUnitOfWork
from services.payment.usecases.secrets import LinkSigner, digest, new_secret
from services.payment.usecases.see_payment import MaySee, SeePayment

# reliability.md "One-time redirect links": time to follow a redirect, too short to be passed around.
LINK_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CreateLink:
    """For who may see the payment; Conflict once it is paid, and while money is on its way.

    The link opens this payment's page, once. ``moments`` is the real time: a link's life does not depend on the
    business date.
    """

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    signer: LinkSigner
    page_url: str

    def __call__(self, record_number: str, may_see: MaySee, caller: str) -> str:
        SeePayment(self.transactions)(record_number, may_see).must_be_payable()
        secret, now = new_secret(), self.moments.now()
        with self.transactions() as work:
            work.doors.add_link(digest(secret), record_number, now + LINK_LIFE)
            work.record_audit(now, caller, record_number, "payment.link_created", "one-time link to the payment page")
        return f"{self.page_url.rstrip('/')}/pay/{self.signer.sign(secret)}"

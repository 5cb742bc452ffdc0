"""A payer's short stay on the payment page: what a session may show, and the error when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from chassis.kernel import NotFound
from services.payment.domain.attempt import Attempt
from services.payment.domain.payment import Payment
from services.payment.usecases.ports import FormDraft, PageSession

# Long enough to fetch a checkbook, short enough for a screen left open (OWASP: idle 15-30 min).
SESSION_LIFE = timedelta(minutes=20)


SESSION_ENDED = (
    "Your payment session has ended, or payment was opened again elsewhere. Choose Pay Now in the application again."
)


class PageExpired(NotFound):
    """The link was good once, or the session has ended."""

    code = "gone"


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What the page may show to who holds a session."""

    session: PageSession
    payment: Payment
    attempt: Attempt | None
    draft: FormDraft = field(default_factory=FormDraft)
    # The payer was handed over to another's page, by this session or an earlier one, and nothing came back.
    begun_elsewhere: bool = False

    @property
    def handed_over(self) -> Attempt | None:
        """The attempt by which this session handed the payer over."""
        return self.attempt if self.payment.is_handed_over_by(self.attempt) else None

    @property
    def may_pay(self) -> bool:
        return self.payment.is_payable or self.begun_elsewhere

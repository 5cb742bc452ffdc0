"""A payer's short stay on the payment page: what a session may show, and the error when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import NotFound
from services.payment.domain.attempt import Attempt
from services.payment.domain.payment import Payment
from services.payment.usecases.ports import PageSession

# Long enough to fetch a checkbook, short enough for a screen left open (OWASP: idle 15-30 min).
SESSION_LIFE = timedelta(minutes=20)


class PageExpired(NotFound):
    """The link was good once, or the session has ended."""

    code = "gone"


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What the page may show to who holds a session."""

    session: PageSession
    payment: Payment
    attempt: Attempt | None

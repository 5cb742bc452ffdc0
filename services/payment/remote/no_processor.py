"""Remote: in the place of a processor, where every payment is made at another's page."""

from __future__ import annotations

from typing import NoReturn

from chassis.kernel import Unavailable
from services.payment.domain.attempt import Attempt, PaymentMethod
from services.payment.usecases.ports import BankDetails, CardDetails, ChargeReport


class NoProcessor:
    """The port ``Processor``. What an earlier one was asked to charge waits for its callback, and the sweep says so."""

    def tokenize(self, details: CardDetails | BankDetails) -> PaymentMethod:
        self._refuse()

    def charge(self, attempt: Attempt) -> None:
        self._refuse()

    def get_charge(self, attempt_id: str) -> ChargeReport:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise Unavailable(
            "Cards and bank accounts cannot be taken on this page. Choose Pay Now in the application again."
        )

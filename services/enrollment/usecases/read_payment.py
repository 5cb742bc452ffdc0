"""Use cases: asks payment how the first premium stands, for whoever reads an application (R93).

Events keep the stored status, which lists and deadlines go by; they come a moment later, and none tells of a payment
that is on its way. Always outside a transaction: no lock is held while another service is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import NotFound, Unavailable
from services.enrollment.domain.enums import Status
from services.enrollment.domain.payment_details import status_under
from services.enrollment.usecases.application_service import ApplicationView
from services.enrollment.usecases.ports import PaymentService


@dataclass(frozen=True, slots=True)
class ReadPayment:
    payments: PaymentService

    def add_to(self, view: ApplicationView) -> ApplicationView:
        """The view with the payment as it is now; as it was told last where payment does not answer."""
        app = view.application
        if app.status not in (Status.SUBMITTED, Status.CANCELLED):
            return view
        try:
            told = self.payments.find(app.record_number)
        except (NotFound, Unavailable):
            return view
        status = status_under(app.status, told.status) or told.status
        return replace(view, application=replace(app, payment_status=status), payment=replace(told, status=status))

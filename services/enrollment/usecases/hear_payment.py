"""Use case: payment tells how the first premium stands (R93, R94, R111)."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.vocabulary import PaymentStatus
from services.enrollment.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class HearPayment:
    desk: Desk

    def __call__(self, queue: str, message_id: str, record_number: str, status: PaymentStatus) -> None:
        desk = self.desk.begin()
        with desk.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            app = work.applications.get(record_number, for_update=True)
            if app is None:
                return
            paid = app.paid(desk.now(), status)
            if paid is not app:
                desk.save(work, paid, read_version=app.version)
                desk.record(work, "payment", paid, f"payment.{status}", f"Payment status is now {status}.")

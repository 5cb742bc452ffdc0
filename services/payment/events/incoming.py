"""Events that payment subscribes to."""

from __future__ import annotations

from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from services.payment.usecases.close_payment import ClosePayment

APPLICATION_CANCELLED = "enrollment.application.cancelled.v1"

SUBSCRIBES_TO = (APPLICATION_CANCELLED,)


def make_subscriptions(close_payment: ClosePayment) -> list[Subscription]:
    def cancelled(delivery: Delivery, event: enrollment_events_pb2.ApplicationCancelled) -> None:
        close_payment(delivery.queue, delivery.message_id, event.record_number)

    return [Subscription(APPLICATION_CANCELLED, enrollment_events_pb2.ApplicationCancelled, cancelled)]

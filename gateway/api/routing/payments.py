"""Payment of an application."""

from __future__ import annotations

from gateway.api.routing.route import APPLICATION, Route
from gateway.edge.rpcs import ENROLLMENT, PAYMENT

ROUTES = (
    Route("GET", f"{APPLICATION}/payment", PAYMENT["GetPayment"], "Payment of an application"),
    Route(
        "POST",
        f"{APPLICATION}/payment",
        PAYMENT["CreatePaymentLink"],
        "One-time link to the payment page",
        precondition_rpc=ENROLLMENT["ConfirmPayable"],
    ),
    Route("POST", f"{APPLICATION}/payment/autopay-cancellation", PAYMENT["CancelAutopay"], "Cancel autopay"),
)

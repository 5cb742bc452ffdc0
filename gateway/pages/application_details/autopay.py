"""Cancel autopay: what ends, and a last question."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.payment.v1 import payment_service_pb2

from chassis.kernel import Conflict
from gateway.edge.context import require_session
from gateway.edge.rpcs import PAYMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import find_payment, read_application
from gateway.pages.render import form_of, redirect_to, render_page


async def show(request: Request) -> Response:
    application = await read_application(request)
    payment = await find_payment(request, application)
    if payment is None or not payment.HasField("autopay") or payment.autopay.HasField("cancelled_at"):
        return redirect_to(f"/applications/{application.record_number}")
    context = {"application": application, "autopay": payment.autopay}
    return await render_page(request, "application_details/autopay_cancellation.html", context)


async def cancel(request: Request) -> Response:
    await form_of(request, await require_session(request))
    asked = payment_service_pb2.CancelAutopayRequest(record_number=request.path_params["record_number"])
    try:
        await ask_service(request, PAYMENT["CancelAutopay"], asked, payment_service_pb2.CancelAutopayResponse)
    except Conflict as refusal:
        if refusal.code != "autopay_cancelled":  # as wanted: a double click, or somebody was quicker
            raise
    return redirect_to(f"/applications/{asked.record_number}#payment")

"""The payment of an application: what its panel says, the panel alone while it is waited for, and the way to pay."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from suite.enrollment.v1 import application_pb2, cancellation_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.kernel import Unavailable
from gateway.edge.context import find_session, get_gateway
from gateway.edge.csrf import is_from_own_page
from gateway.edge.enum_names import enum_word
from gateway.edge.rpcs import ENROLLMENT, PAYMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import find_payment, read_application
from gateway.pages.render import redirect_to, render_page

# The panel asks again, for a payment that was just made here or in another tab: every second for the first minute, as
# processors answer within a second or two, then every five. After some 20 minutes, the life of a payment page's
# session, it stops.
QUICK_SECONDS, SLOW_SECONDS = 1, 5
QUICK_POLLS, MOST_POLLS = 60, 300
_PAYABLE = ("not_started", "failed", "bill_later")
_SENTENCES = {
    "not_started": "The first payment has not been made.",
    "pending": "The payment was sent and is being processed. This page shows the result as soon as it is there.",
    "successful": "The first payment was received.",
    "failed": "The payment did not go through.",
    "bill_later": "The applicant will get a bill by mail. You can still pay online instead.",
    "cancelled": "The application was cancelled. No payment is due.",
    "refund_due": "The application was cancelled. The payment will be refunded.",
}
_SENT = ("pending", "successful", "refund_due")
_PAYERS: dict[int, str] = {
    payment_pb2.PAYER_FAMILY: "Applicant or family member",
    payment_pb2.PAYER_RYAN_WHITE: "Ryan White HIV/AIDS Program",
    payment_pb2.PAYER_TRIBE: "Indian tribe, tribal organization, or urban Indian organization",
    payment_pb2.PAYER_GOVERNMENT: "Government program or its grantee",
    payment_pb2.PAYER_FOUNDATION: "Private nonprofit foundation",
    payment_pb2.PAYER_TRUSTEE: "Trust, power of attorney, or legal guardian",
    payment_pb2.PAYER_EMPLOYER: "Employer",
    payment_pb2.PAYER_PAYMENT_SERVICE: "Third-party payment coordination service",
}
_WORDS = {"bill_later": "Bill later", "not_started": "Not started", "refund_due": "Refund due"}


@dataclass(frozen=True, slots=True)
class PaymentPanel:
    """Where the first payment stands; ``status`` is empty before submission."""

    status: str
    payment: payment_pb2.Payment | None
    # The client can be sent to the payment page now.
    payable: bool
    # How often the panel was asked for in a row.
    polls: int = 0

    @property
    def word(self) -> str:
        return _WORDS.get(self.status, self.status.capitalize())

    @property
    def reason(self) -> str:
        """Why it was refused, or why it stays pending; empty otherwise."""
        return self.payment.failure_reason if self.payment and self.status in ("failed", "pending") else ""

    @property
    def sentence(self) -> str:
        if self.status == "pending" and self.reason:
            return "The payment was sent and is not settled."
        if self.payment and self.payment.handed_over:
            return (
                f"The client was sent to the {self.payment.method} and no result has come back yet. This page shows "
                "the result as soon as it is there. If that page was closed before paying, start again."
            )
        return _SENTENCES.get(self.status, "")

    @property
    def overdue_since(self) -> str:
        """The day that is over, YYYY-MM-DD; empty when the payment is not overdue."""
        return self.payment.due_on if self.payment and self.payment.overdue else ""

    @property
    def payer(self) -> str:
        """Who paid; empty before, and of a payment of an earlier release."""
        return _PAYERS.get(self.payment.payer, "") if self.payment and self.status in _SENT else ""

    @property
    def autopay(self) -> payment_pb2.Autopay | None:
        """As it was agreed to; one that was cancelled says when."""
        return self.payment.autopay if self.payment and self.payment.HasField("autopay") else None

    @property
    def autopay_holds(self) -> bool:
        return self.autopay is not None and not self.autopay.HasField("cancelled_at")

    @property
    def pay_label(self) -> str:
        if self.payment and self.payment.handed_over:
            return "Start Again"
        return "Try Again" if self.status == "failed" else "Pay Now"

    @property
    def poll_seconds(self) -> int:
        """Until the panel asks again; 0 when it does not."""
        unsettled = self.status == "pending" or self.payable
        if not unsettled or self.polls >= MOST_POLLS:
            return 0
        return QUICK_SECONDS if self.polls < QUICK_POLLS else SLOW_SECONDS

    @property
    def next_poll(self) -> int:
        return self.polls + 1


def build_payment_panel(
    application: application_pb2.Application, payment: payment_pb2.Payment | None, polls: int = 0
) -> PaymentPanel:
    """The payment service's word goes before enrollment's, which receives it a moment later."""
    status = application.payment_status
    if payment is not None and payment.status:
        status = enum_word(payment_pb2.PaymentStatus.DESCRIPTOR, payment.status) or status
    submitted = application.status == application_pb2.APPLICATION_STATUS_SUBMITTED
    payable = status in _PAYABLE or (payment is not None and payment.handed_over)
    return PaymentPanel(status, payment, submitted and payable, polls)


async def payment_status(request: Request) -> Response:
    """The panel alone, for a page that is open; a session that ended stops the asking, a service that is away not."""
    if await find_session(request) is None:
        return await render_page(request, "application_details/signed_out.html")
    try:
        application = await read_application(request)
        payment = await find_payment(request, application)
    except Unavailable:
        return Response(status_code=204)  # nothing is swapped, and the page asks again
    typed = request.query_params.get("polls", "")
    polls = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 3 else MOST_POLLS
    context = {"application": application, "panel": build_payment_panel(application, payment, polls)}
    return await render_page(request, "application_details/payment.html", context)


async def pay(request: Request) -> Response:
    """To the hosted payment page by a one-time link; only ever to the origin that our own settings name (R86).

    A link of a page of ours, and no form: browsers would hold the way through other sites' payment pages against the
    portal's form-action. It ends the payment's older links, so no other site may make a browser follow it.
    """
    record_number, settings = request.path_params["record_number"], get_gateway(request).settings
    if not is_from_own_page(request, settings.origin):
        return redirect_to(f"/applications/{quote(record_number, safe='')}")
    await ask_service(
        request,
        ENROLLMENT["ConfirmPayable"],
        cancellation_pb2.ConfirmPayableRequest(record_number=record_number),
        cancellation_pb2.ConfirmPayableResponse,
    )
    answer = await ask_service(
        request,
        PAYMENT["CreatePaymentLink"],
        payment_service_pb2.CreatePaymentLinkRequest(record_number=record_number),
        payment_service_pb2.CreatePaymentLinkResponse,
    )
    origin = settings.payment_page_url.rstrip("/")
    if not origin or not answer.url.startswith(f"{origin}/"):
        raise Unavailable("The payment page is not available at the moment. Please try again later.")
    return RedirectResponse(answer.url, 303)

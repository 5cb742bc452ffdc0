"""``suite.payment.v1.PaymentService``, for gRPC and bus alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.contract import Contract
from chassis.identity import Caller
from chassis.kernel import InvalidInput, Money, get_markets
from chassis.mapping import ToProto
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import MonthDue, Payment, PaymentTerms
from services.payment.usecases.cancel_autopay import CancelAutopay
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.get_payment import GetPayment, PaymentView
from services.payment.usecases.open_payment import OpenPayment


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the methods call."""

    open_payment: OpenPayment
    get_payment: GetPayment
    create_payment_link: CreatePaymentLink
    cancel_autopay: CancelAutopay


class PaymentContract(Contract):
    """Opened by enrollment, seen by anyone who may act for the payment's writing number."""

    descriptor = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"]

    def __init__(self, use_cases: UseCases) -> None:
        super().__init__()
        self._use_cases = use_cases

    def open_payment(
        self, request: payment_service_pb2.OpenPaymentRequest, caller: Caller
    ) -> payment_service_pb2.OpenPaymentResponse:
        payment = self._use_cases.open_payment(caller, request.record_number, terms_to_domain(request))
        return payment_service_pb2.OpenPaymentResponse(payment=payment_to_proto(payment))

    def get_payment(
        self, request: payment_service_pb2.GetPaymentRequest, caller: Caller
    ) -> payment_service_pb2.GetPaymentResponse:
        found = self._use_cases.get_payment(caller, request.record_number)
        return payment_service_pb2.GetPaymentResponse(payment=view_to_proto(found))

    def create_payment_link(
        self, request: payment_service_pb2.CreatePaymentLinkRequest, caller: Caller
    ) -> payment_service_pb2.CreatePaymentLinkResponse:
        url = self._use_cases.create_payment_link(caller, request.record_number)
        return payment_service_pb2.CreatePaymentLinkResponse(url=url)

    def cancel_autopay(
        self, request: payment_service_pb2.CancelAutopayRequest, caller: Caller
    ) -> payment_service_pb2.CancelAutopayResponse:
        ended = self._use_cases.cancel_autopay(caller, request.record_number)
        return payment_service_pb2.CancelAutopayResponse(payment=view_to_proto(ended))


def terms_to_domain(request: payment_service_pb2.OpenPaymentRequest) -> PaymentTerms:
    if request.state not in get_markets():
        raise InvalidInput.at("state", f"Enter one of these states: {get_markets().list_of_states}.", rule="R22")
    months = tuple(_month(place, one) for place, one in enumerate(request.months))
    amount, due_on = Money(request.amount.cents), _due_on(request.due_on)
    return PaymentTerms(request.state, request.writing_number, amount, request.pay_now, months, due_on)


def _due_on(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput.at("due_on", "Enter the date as YYYY-MM-DD.") from None


def _month(place: int, message: common_pb2.MonthDue) -> MonthDue:
    try:
        month = datetime.strptime(message.month, "%Y-%m").date()  # noqa: DTZ007  # a month has no time zone
    except ValueError:
        raise InvalidInput.at(f"months[{place}].month", "Enter the month as YYYY-MM.", rule="R87") from None
    return MonthDue(month, Money(message.amount.cents))


_month_due = ToProto(MonthDue, common_pb2.MonthDue, month=lambda due: f"{due.month:%Y-%m}")
_autopay = ToProto(
    AutopayMandate,
    payment_pb2.Autopay,
    method=lambda mandate: mandate.bank.label,
    account_holder=lambda mandate: mandate.bank.holder,
    unsent=("record_number", "bank", "cancelled_by"),
)
payment_to_proto = ToProto(
    Payment,
    payment_pb2.Payment,
    amount=lambda payment: common_pb2.Money(cents=payment.terms.amount.cents),
    months=lambda payment: [_month_due(due) for due in payment.terms.months],
    due_on=lambda payment: payment.terms.due_on.isoformat() if payment.terms.due_on else "",
    overdue=lambda payment: payment.is_overdue,
    transaction_id=lambda payment: payment.transaction_id,
    unset=("autopay", "handed_over"),  # of a view
    unsent=("terms", "attempt_id", "closed"),
)


def view_to_proto(view: PaymentView) -> payment_pb2.Payment:
    message = payment_to_proto(view.payment)
    message.handed_over = view.handed_over
    if view.autopay:
        message.autopay.CopyFrom(_autopay(view.autopay))
    return message

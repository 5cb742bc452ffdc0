"""Who may open and see payments, and how they look on the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import Conflict, FixedClock, InvalidInput, NotFound
from services.payment.contract.service import PaymentContract, UseCases
from services.payment.domain.attempt import AccountType, MethodKind, PaymentMethod
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.events import AutopayCancelled
from services.payment.domain.payment import PaymentStatus
from services.payment.usecases.cancel_autopay import CancelAutopay
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.get_payment import GetPayment
from services.payment.usecases.one_time_secrets import PaymentLinkSigner
from services.payment.usecases.open_payment import OpenPayment
from tests.access_rules import may_call
from tests.unit.services.payment.fakes import FakeWork

CLOCK = FixedClock.at("2026-11-23")
ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
PRODUCER = Caller(
    CallerKind.PRODUCER, "producer@example.com", (WritingNumber("107864325", "TX", "CRAVEN, FAZILA", "CRAVEN"),)
)
STRANGER = Caller(
    CallerKind.PRODUCER, "other@example.com", (WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ"),)
)
METHODS = PaymentContract.descriptor.methods_by_name


@pytest.fixture
def contract() -> PaymentContract:
    work = FakeWork()
    link = CreatePaymentLink(work, CLOCK, PaymentLinkSigner(b"k" * 32), "https://pay.example/")
    return PaymentContract(UseCases(OpenPayment(work, CLOCK), GetPayment(work), link, CancelAutopay(work, CLOCK)))


def opening(**changes: Any) -> payment_service_pb2.OpenPaymentRequest:
    fields: dict[str, Any] = {"record_number": "A-0001", "state": "TX", "writing_number": "107864325", "pay_now": True}
    amount = common_pb2.Money(cents=209140)
    return payment_service_pb2.OpenPaymentRequest(**{"amount": amount, **fields, **changes})


def test_enrollment_opens_and_the_producer_sees(contract: PaymentContract) -> None:
    contract.handle(METHODS["OpenPayment"], opening(), ENROLLMENT)
    answer = contract.get_payment(payment_service_pb2.GetPaymentRequest(record_number="A-0001"), PRODUCER)

    assert answer.payment.status == payment_pb2.PAYMENT_STATUS_NOT_STARTED
    assert answer.payment.amount.cents == 209140
    assert answer.payment.updated_at.ToJsonString() == "2026-11-23T18:00:00Z"


def test_only_enrollment_may_open() -> None:
    for caller in (PRODUCER, Caller(CallerKind.SERVICE, "quote")):
        assert not may_call(METHODS["OpenPayment"], caller)
    assert may_call(METHODS["OpenPayment"], ENROLLMENT)


def test_a_payment_of_another_producer_is_not_found(contract: PaymentContract) -> None:
    contract.open_payment(opening(), ENROLLMENT)
    refusals = []
    for number in ("A-0001", "A-9999"):
        with pytest.raises(NotFound) as seen:
            contract.get_payment(payment_service_pb2.GetPaymentRequest(record_number=number), STRANGER)
        with pytest.raises(NotFound) as linked:
            contract.create_payment_link(payment_service_pb2.CreatePaymentLinkRequest(record_number=number), STRANGER)
        refusals += [seen.value.message, linked.value.message]

    assert len(set(refusals)) == 1


def test_a_link_leads_to_the_page_and_names_nobody(contract: PaymentContract) -> None:
    contract.open_payment(opening(), ENROLLMENT)
    request = payment_service_pb2.CreatePaymentLinkRequest(record_number="A-0001")
    url = contract.create_payment_link(request, PRODUCER).url

    assert url.startswith("https://pay.example/pay/")
    assert "A-0001" not in url


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": PaymentStatus.SUCCESSFUL}, "already_paid"),
        ({"status": PaymentStatus.PENDING}, "payment_pending"),
        ({"closed": True}, "application_cancelled"),
    ],
)
def test_payment_that_is_not_due_gives_no_link(changes: dict[str, Any], code: str) -> None:
    work = FakeWork()
    link = CreatePaymentLink(work, CLOCK, PaymentLinkSigner(b"k" * 32), "https://pay.example/")
    contract = PaymentContract(UseCases(OpenPayment(work, CLOCK), GetPayment(work), link, CancelAutopay(work, CLOCK)))
    contract.handle(METHODS["OpenPayment"], opening(), ENROLLMENT)
    work.payments.rows["A-0001"] = replace(work.payments.rows["A-0001"], **changes)
    with pytest.raises(Conflict) as refused:
        request = payment_service_pb2.CreatePaymentLinkRequest(record_number="A-0001")
        contract.handle(METHODS["CreatePaymentLink"], request, PRODUCER)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "changes",
    [{"state": "CA"}, {"amount": common_pb2.Money(cents=-1)}, {"amount": common_pb2.Money()}, {"record_number": ""}],
)
def test_an_invalid_payment_request_is_refused(contract: PaymentContract, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        contract.handle(METHODS["OpenPayment"], opening(**changes), ENROLLMENT)


DECEMBER, JANUARY = ("2026-12", 100000), ("2027-01", 109140)


def months(*due: tuple[str, int]) -> list[common_pb2.MonthDue]:
    return [common_pb2.MonthDue(month=month, amount=common_pb2.Money(cents=cents)) for month, cents in due]


def test_the_months_of_the_amount_are_kept_and_told(contract: PaymentContract) -> None:
    opened = contract.open_payment(opening(months=months(DECEMBER, JANUARY)), ENROLLMENT).payment
    seen = contract.get_payment(payment_service_pb2.GetPaymentRequest(record_number="A-0001"), PRODUCER).payment

    assert list(opened.months) == list(seen.months) == months(DECEMBER, JANUARY)


@pytest.mark.parametrize(
    "wrong",
    [
        (DECEMBER,),
        (JANUARY, DECEMBER),
        (("2026-12", 109140), ("2026-12", 100000)),
        (("2026-13", 209140),),
        (("12/2026", 209140),),
    ],
)
def test_months_that_do_not_make_up_the_amount_are_refused(
    contract: PaymentContract, wrong: tuple[tuple[str, int], ...]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        contract.open_payment(opening(months=months(*wrong)), ENROLLMENT)
    assert refused.value.problems[0].field.startswith("months")


SAVINGS = PaymentMethod(MethodKind.BANK, "tok_bank", "6789", account_type=AccountType.SAVINGS, holder="Ada Sample")
MANDATE = AutopayMandate("A-0001", SAVINGS, CLOCK.now(), date(2027, 1, 1))


@pytest.fixture
def autopay() -> tuple[PaymentContract, FakeWork]:
    work = FakeWork()
    link = CreatePaymentLink(work, CLOCK, PaymentLinkSigner(b"k" * 32), "https://pay.example/")
    contract = PaymentContract(UseCases(OpenPayment(work, CLOCK), GetPayment(work), link, CancelAutopay(work, CLOCK)))
    contract.open_payment(opening(), ENROLLMENT)
    return contract, work


def test_the_account_of_autopay_is_told_by_its_last_four_and_holder(autopay: tuple[PaymentContract, FakeWork]) -> None:
    contract, work = autopay
    asked = payment_service_pb2.GetPaymentRequest(record_number="A-0001")
    assert not contract.get_payment(asked, PRODUCER).payment.HasField("autopay")
    work.payments.save_mandate(MANDATE)
    told = contract.get_payment(asked, PRODUCER).payment.autopay
    assert (told.method, told.account_holder) == ("savings account ending 6789", "Ada Sample")
    assert (told.starts_on, told.HasField("cancelled_at")) == ("2027-01-01", False)


def test_autopay_is_cancelled_once_and_says_since_when(autopay: tuple[PaymentContract, FakeWork]) -> None:
    contract, work = autopay
    request = payment_service_pb2.CancelAutopayRequest(record_number="A-0001")
    with pytest.raises(Conflict) as none_yet:
        contract.handle(METHODS["CancelAutopay"], request, PRODUCER)
    assert none_yet.value.code == "no_autopay"
    work.payments.save_mandate(MANDATE)
    with pytest.raises(NotFound):
        contract.handle(METHODS["CancelAutopay"], request, STRANGER)
    assert work.events == []
    ended = contract.cancel_autopay(request, PRODUCER).payment.autopay
    assert ended.HasField("cancelled_at") and ended.method == "savings account ending 6789"
    assert work.payments.mandates["A-0001"].bank.token == ""
    with pytest.raises(Conflict) as again:
        contract.handle(METHODS["CancelAutopay"], request, PRODUCER)
    assert again.value.code == "autopay_cancelled"
    assert work.events == [AutopayCancelled("A-0001", "107864325")]

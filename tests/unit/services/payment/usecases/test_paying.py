"""From link to outcome, with the ports in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.kernel import Conflict, FixedClock, Money, NotFound
from services.payment.domain.attempt import Attempt
from services.payment.domain.changes import PaymentBillLater, PaymentFailed, PaymentSucceeded
from services.payment.domain.payment import Payment, PaymentStatus, Terms
from services.payment.usecases.callbacks import ReceiveCallback
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.create_link import CreateLink
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.page_session import Gone, PageDoor, Visit
from services.payment.usecases.ports import Answer, BankDetails, CardDetails, ChargeReport
from services.payment.usecases.review_payment import MAX_REVIEWS, Entry, ReviewPayment
from services.payment.usecases.secrets import LinkSigner
from services.payment.usecases.submit_payment import SubmitPayment
from services.payment.usecases.sweep import Sweep
from tests.unit.services.payment.fakes import FakeProcessor, FakeWork

CLOCK = FixedClock.at("2026-11-23")
START = datetime(2026, 11, 23, 18, tzinfo=UTC)
SIGNER = LinkSigner(b"k" * 32)
TERMS = Terms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD = CardDetails("4242424242424242", (2030, 12), "123")
BANK = BankDetails("110000000", "000123456789")


class Desk:
    """The use cases around one payment, A-0001."""

    def __init__(self) -> None:
        self.work, self.processor = FakeWork(), FakeProcessor()
        OpenPayment(self.work, CLOCK)("A-0001", TERMS, "enrollment")
        self.secret = self.door().enter(self.token())

    def door(self, after: timedelta = timedelta()) -> PageDoor:
        return PageDoor(self.work, FixedClock(START + after), SIGNER)

    def token(self) -> str:
        create = CreateLink(self.work, FixedClock(START), SIGNER, "https://pay.example")
        return create("A-0001", lambda _: True, "producer@example.com").rpartition("/")[2]

    def visit(self) -> Visit:
        return self.door().visit(self.secret)

    def review(self, entry: Entry | None = None) -> Attempt:
        return ReviewPayment(self.work, self.processor, CLOCK)(self.visit(), entry or Entry(CARD))

    def submit(self) -> None:
        SubmitPayment(self.work, self.processor, CLOCK, FixedClock(START))(self.visit())

    def answer(self, answer: Answer, callback_id: str = "msg_1", reason: str = "card_declined") -> None:
        receive = self.receive()
        receive.store(callback_id, ChargeReport(self.visit().session.attempt_id, answer, reason))
        receive.process(callback_id)

    def receive(self) -> ReceiveCallback:
        return ReceiveCallback(self.work, CLOCK, FixedClock(START))

    def sweep(self, after: timedelta) -> int:
        return Sweep(self.work, self.processor, self.receive(), CLOCK, FixedClock(START + after))()

    @property
    def payment(self) -> Payment:
        return self.work.payments.rows["A-0001"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_opening_twice_gives_one_payment_and_one_audit_row(desk: Desk) -> None:
    OpenPayment(desk.work, CLOCK)("A-0001", TERMS, "enrollment")

    actions = [action for _, action in desk.work.audited]
    assert actions.count("payment.opened") == 1
    assert "payment.reopened" not in actions


def test_pay_later_is_billed_by_mail(desk: Desk) -> None:
    OpenPayment(desk.work, CLOCK)("A-0002", replace(TERMS, pay_now=False), "enrollment")

    assert desk.work.events == [PaymentBillLater("A-0002", "107864325")]


def test_a_link_opens_the_page_once(desk: Desk) -> None:
    token = desk.token()
    desk.door().enter(token)

    with pytest.raises(Gone):
        desk.door().enter(token)


def test_a_link_is_good_for_ten_minutes(desk: Desk) -> None:
    assert desk.door(timedelta(minutes=9, seconds=59)).enter(desk.token())
    with pytest.raises(Gone):
        desk.door(timedelta(minutes=10)).enter(desk.token())


@pytest.mark.parametrize("change", ["x", "."])
def test_a_forged_link_is_not_found(desk: Desk, change: str) -> None:
    with pytest.raises(NotFound) as refused:
        desk.door().enter(desk.token() + change)
    assert not isinstance(refused.value, Gone)


def test_the_page_closes_after_twenty_minutes(desk: Desk) -> None:
    with pytest.raises(Gone):
        desk.door(timedelta(minutes=20)).visit(desk.secret)


def test_nothing_is_charged_before_the_payer_submits(desk: Desk) -> None:
    attempt = desk.review()

    assert desk.processor.charged == []
    assert len(attempt.confirmation_number) == 10
    assert desk.payment.status is PaymentStatus.NOT_STARTED


def test_submitting_twice_charges_once(desk: Desk) -> None:
    desk.review()
    desk.submit()
    desk.submit()

    assert len(desk.processor.charged) == 1
    assert desk.payment.status is PaymentStatus.PENDING


def test_submitting_without_details_is_refused(desk: Desk) -> None:
    with pytest.raises(Conflict):
        desk.submit()


def test_an_approval_is_told_once_however_often_it_comes(desk: Desk) -> None:
    desk.review()
    desk.submit()
    for repeat in range(50):
        desk.answer(Answer.APPROVED, f"msg_{repeat % 5}")

    assert [type(event) for event in desk.work.events] == [PaymentSucceeded]


def test_a_refusal_is_told_in_our_words(desk: Desk) -> None:
    desk.review()
    desk.submit()
    desk.answer(Answer.DECLINED, reason="insufficient_funds")

    assert isinstance(desk.work.events[0], PaymentFailed)
    assert "not enough money" in desk.payment.failure_reason


def test_an_unknown_reason_of_the_processor_is_not_repeated_to_people(desk: Desk) -> None:
    desk.review()
    desk.submit()
    desk.answer(Answer.DECLINED, reason="<b>x</b>")

    assert "<b>" not in desk.payment.failure_reason


def test_a_callback_about_nothing_of_ours_changes_nothing(desk: Desk) -> None:
    receive = desk.receive()
    receive.store("msg_9", ChargeReport("somebody-elses", Answer.APPROVED))
    receive.process("msg_9")

    assert desk.work.events == []
    assert "msg_9" in desk.work.callbacks.processed


def test_autopay_is_kept_when_the_payment_succeeds_and_not_before(desk: Desk) -> None:
    desk.review(Entry(CARD, BANK))
    desk.submit()
    assert desk.work.payments.mandates == {}
    desk.answer(Answer.APPROVED)

    assert desk.work.payments.mandates["A-0001"].token == "tok_bank"


def test_cancelling_bills_later_and_closes_the_page(desk: Desk) -> None:
    CancelPayment(desk.work, CLOCK)(desk.visit())

    assert desk.work.events == [PaymentBillLater("A-0001", "107864325")]
    with pytest.raises(Gone):
        desk.visit()


def test_a_paid_application_gets_no_link(desk: Desk) -> None:
    desk.review()
    desk.submit()
    desk.answer(Answer.APPROVED)

    with pytest.raises(Conflict) as refused:
        desk.token()
    assert refused.value.code == "already_paid"


def test_the_sweep_finds_the_outcome_of_a_lost_callback(desk: Desk) -> None:
    attempt = desk.review()
    desk.submit()
    desk.processor.answers[attempt.id] = ChargeReport(attempt.id, Answer.APPROVED)

    assert desk.sweep(timedelta(seconds=30)) == 0
    assert desk.sweep(timedelta(seconds=31)) == 1
    assert desk.payment.status is PaymentStatus.SUCCESSFUL


def test_the_sweep_sends_a_lost_charge_again_under_the_same_id(desk: Desk) -> None:
    attempt = desk.review()
    desk.processor.away = True
    desk.submit()
    desk.processor.away = False
    desk.sweep(timedelta(seconds=31))

    assert desk.processor.charged == [attempt.id, attempt.id]
    assert desk.payment.status is PaymentStatus.PENDING


def test_the_sweep_processes_a_callback_that_a_crash_left(desk: Desk) -> None:
    attempt = desk.review()
    desk.submit()
    desk.receive().store("msg_1", ChargeReport(attempt.id, Answer.APPROVED))
    desk.sweep(timedelta(seconds=6))

    assert desk.payment.status is PaymentStatus.SUCCESSFUL


def test_trying_card_after_card_ends(desk: Desk) -> None:
    for _ in range(MAX_REVIEWS):
        desk.review()

    with pytest.raises(Conflict) as refused:
        desk.review()
    assert refused.value.code == "too_many_tries"

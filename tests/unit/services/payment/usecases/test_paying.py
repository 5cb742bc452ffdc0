"""From link to outcome, with the ports in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import Caller, CallerKind, Conflict, FixedClock, Money, NotFound
from services.payment.domain.attempt import AccountType, Attempt, CardBrand, Payer
from services.payment.domain.events import AutopayAuthorized, PaymentBillLater, PaymentFailed, PaymentSucceeded
from services.payment.domain.outcome_sender import PROCESSOR
from services.payment.domain.payment import Payment, PaymentStatus, PaymentTerms
from services.payment.store.page_sessions import FormDraftCipher
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.one_time_secrets import PaymentLinkSigner
from services.payment.usecases.open_page_session import OpenPageSession
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.page_visits import PageExpired, PageVisit
from services.payment.usecases.ports import BankDetails, CardDetails, ChargeReport, ChargeStatus
from services.payment.usecases.process_webhook import ProcessWebhook
from services.payment.usecases.receive_webhook import ReceiveWebhook
from services.payment.usecases.resume_page_session import ResumePageSession
from services.payment.usecases.review_payment import MAX_REVIEWS, PaymentEntry, ReviewPayment
from services.payment.usecases.submit_payment import SubmitPayment
from services.payment.usecases.sweep_payments import SweepPayments, SweepReport
from tests.unit.services.payment.fakes import FakeProcessor, FakeWork

ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
CLOCK = FixedClock.at("2026-11-23")
START = datetime(2026, 11, 23, 18, tzinfo=UTC)
SIGNER = PaymentLinkSigner(b"k" * 32)
TERMS = PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD = CardDetails("4242424242424242", (2030, 12), "123", CardBrand.VISA)
BANK = BankDetails("110000000", "000123456789", AccountType.CHECKING, "Ada Sample")


class PaymentFixture:
    """The use cases around one payment, A-0001."""

    def __init__(self) -> None:
        self.work, self.processor = FakeWork(), FakeProcessor()
        OpenPayment(self.work, CLOCK)(ENROLLMENT, "A-0001", TERMS)
        self.secret = self.open_page(self.token())

    def open_page(self, token: str, after: timedelta = timedelta()) -> str:
        return OpenPageSession(self.work, FixedClock(START + after), SIGNER)(token)

    def token(self) -> str:
        create = CreatePaymentLink(self.work, FixedClock(START), SIGNER, "https://pay.example")
        return create(ENROLLMENT, "A-0001").rpartition("/")[2]

    def visit(self, after: timedelta = timedelta()) -> PageVisit:
        return ResumePageSession(self.work, FixedClock(START + after), FormDraftCipher())(self.secret)

    def review(self, entry: PaymentEntry | None = None) -> Attempt:
        return ReviewPayment(self.work, self.processor, CLOCK)(self.visit(), entry or PaymentEntry(CARD, Payer.FAMILY))

    def submit(self) -> None:
        SubmitPayment(self.work, self.processor, CLOCK, FixedClock(START))(self.visit())

    def answer(self, answer: ChargeStatus, webhook_id: str = "msg_1", **fields: Any) -> None:
        report = ChargeReport(self.visit().session.attempt_id, answer, "card_declined", TERMS.amount, "USD", "ch_1")
        self.receive(webhook_id, replace(report, **fields))
        self.process(webhook_id)

    def receive(self, webhook_id: str, report: ChargeReport) -> None:
        ReceiveWebhook(self.work, FixedClock(START))(PROCESSOR, webhook_id, report)

    @property
    def process(self) -> ProcessWebhook:
        return ProcessWebhook(self.work, CLOCK, FixedClock(START))

    def sweep(self, after: timedelta) -> SweepReport:
        return SweepPayments(self.work, self.processor, self.process, CLOCK, FixedClock(START + after))()

    @property
    def payment(self) -> Payment:
        return self.work.payments.rows["A-0001"]


@pytest.fixture
def fixture() -> PaymentFixture:
    return PaymentFixture()


def test_opening_twice_gives_one_payment_and_one_audit_row(fixture: PaymentFixture) -> None:
    OpenPayment(fixture.work, CLOCK)(ENROLLMENT, "A-0001", TERMS)

    actions = [action for _, action in fixture.work.audited]
    assert actions.count("payment.opened") == 1
    assert "payment.reopened" not in actions


def test_pay_later_is_billed_by_mail(fixture: PaymentFixture) -> None:
    OpenPayment(fixture.work, CLOCK)(ENROLLMENT, "A-0002", replace(TERMS, pay_now=False))

    assert fixture.work.events == [PaymentBillLater("A-0002", "107864325")]


def test_a_link_opens_the_page_once(fixture: PaymentFixture) -> None:
    token = fixture.token()
    fixture.open_page(token)

    with pytest.raises(PageExpired):
        fixture.open_page(token)


def test_a_link_is_good_for_ten_minutes(fixture: PaymentFixture) -> None:
    assert fixture.open_page(fixture.token(), timedelta(minutes=9, seconds=59))
    with pytest.raises(PageExpired):
        fixture.open_page(fixture.token(), timedelta(minutes=10))


def test_a_new_link_ends_older_links_and_the_session_on_the_page(fixture: PaymentFixture) -> None:
    fixture.review()
    older = fixture.token()
    newer = fixture.token()

    with pytest.raises(PageExpired):
        fixture.visit()
    with pytest.raises(PageExpired):
        fixture.open_page(older)
    assert fixture.open_page(newer)


@pytest.mark.parametrize("change", ["x", "."])
def test_a_forged_link_is_not_found(fixture: PaymentFixture, change: str) -> None:
    with pytest.raises(NotFound) as refused:
        fixture.open_page(fixture.token() + change)
    assert not isinstance(refused.value, PageExpired)


def test_the_page_closes_after_twenty_minutes(fixture: PaymentFixture) -> None:
    with pytest.raises(PageExpired):
        fixture.visit(timedelta(minutes=20))


def test_nothing_is_charged_before_the_payer_submits(fixture: PaymentFixture) -> None:
    attempt = fixture.review()

    assert fixture.processor.charged == []
    assert len(attempt.confirmation_number) == 10
    assert fixture.payment.status is PaymentStatus.NOT_STARTED


def test_submitting_twice_charges_once(fixture: PaymentFixture) -> None:
    fixture.review()
    fixture.submit()
    fixture.submit()

    assert len(fixture.processor.charged) == 1
    assert fixture.payment.status is PaymentStatus.PENDING


def test_submitting_without_details_is_refused(fixture: PaymentFixture) -> None:
    with pytest.raises(Conflict):
        fixture.submit()


def test_a_repeated_approval_publishes_one_event(fixture: PaymentFixture) -> None:
    fixture.review()
    fixture.submit()
    for repeat in range(50):
        fixture.answer(ChargeStatus.APPROVED, f"msg_{repeat % 5}")

    assert [type(event) for event in fixture.work.events] == [PaymentSucceeded]


@pytest.mark.parametrize("wrong", [{"amount": TERMS.amount + Money(1)}, {"currency": "CAD"}, {"amount": Money(0)}])
def test_a_charge_of_another_amount_stays_pending_and_stops_paying_again(
    fixture: PaymentFixture, wrong: dict[str, Any]
) -> None:
    fixture.review()
    fixture.submit()
    fixture.answer(ChargeStatus.APPROVED, **wrong)

    assert fixture.payment.status is PaymentStatus.PENDING
    assert fixture.work.events == []
    with pytest.raises(Conflict) as refused:
        fixture.token()
    assert refused.value.code == "payment_pending"
    assert "Do not pay again" in str(refused.value)
    assert fixture.sweep(timedelta(minutes=5)) == SweepReport(looked_at=0, mismatched=1)
    assert fixture.processor.charged == [fixture.payment.attempt_id]


def test_a_decline_is_told_in_a_sentence_for_the_payer(fixture: PaymentFixture) -> None:
    fixture.review()
    fixture.submit()
    fixture.answer(ChargeStatus.DECLINED, reason="insufficient_funds")

    assert isinstance(fixture.work.events[0], PaymentFailed)
    assert "insufficient funds" in fixture.payment.failure_reason


def test_an_unknown_reason_of_the_processor_is_not_repeated_to_people(fixture: PaymentFixture) -> None:
    fixture.review()
    fixture.submit()
    fixture.answer(ChargeStatus.DECLINED, reason="<b>x</b>")

    assert "<b>" not in fixture.payment.failure_reason


def test_a_webhook_about_an_unknown_attempt_changes_nothing(fixture: PaymentFixture) -> None:
    fixture.receive("msg_9", ChargeReport("somebody-elses", ChargeStatus.APPROVED))
    fixture.process("msg_9")

    assert fixture.work.events == []
    assert "msg_9" in fixture.work.webhooks.processed


def test_autopay_is_kept_when_the_payment_succeeds_and_not_before(fixture: PaymentFixture) -> None:
    fixture.review(PaymentEntry(CARD, Payer.FAMILY, BANK))
    fixture.submit()
    assert fixture.work.payments.mandates == {}
    fixture.answer(ChargeStatus.APPROVED)

    mandate = fixture.work.payments.mandates["A-0001"]
    assert (mandate.bank.token, mandate.starts_on, mandate.cancelled_at) == ("tok_bank", None, None)
    assert AutopayAuthorized("A-0001", "107864325", None) in fixture.work.events


def test_who_pays_is_kept_with_the_payment(fixture: PaymentFixture) -> None:
    fixture.review(PaymentEntry(CARD, Payer.RYAN_WHITE))
    assert fixture.work.payments.rows["A-0001"].payer is None
    fixture.submit()
    assert fixture.work.payments.rows["A-0001"].payer is Payer.RYAN_WHITE


def test_cancelling_bills_later_and_closes_the_page(fixture: PaymentFixture) -> None:
    CancelPayment(fixture.work, CLOCK)(fixture.visit())

    assert fixture.work.events == [PaymentBillLater("A-0001", "107864325")]
    with pytest.raises(PageExpired):
        fixture.visit()


def test_a_paid_application_gets_no_link(fixture: PaymentFixture) -> None:
    fixture.review()
    fixture.submit()
    fixture.answer(ChargeStatus.APPROVED)

    with pytest.raises(Conflict) as refused:
        fixture.token()
    assert refused.value.code == "already_paid"


def test_the_sweep_finds_the_outcome_of_a_lost_webhook(fixture: PaymentFixture) -> None:
    attempt = fixture.review()
    fixture.submit()
    fixture.processor.answers[attempt.id] = ChargeReport(attempt.id, ChargeStatus.APPROVED, amount=TERMS.amount)

    assert fixture.sweep(timedelta(seconds=30)).looked_at == 0
    assert fixture.sweep(timedelta(seconds=31)).looked_at == 1
    assert fixture.payment.status is PaymentStatus.SUCCESSFUL


def test_the_sweep_sends_a_lost_charge_again_under_the_same_id(fixture: PaymentFixture) -> None:
    attempt = fixture.review()
    fixture.processor.away = True
    fixture.submit()
    fixture.processor.away = False
    fixture.sweep(timedelta(seconds=31))

    assert fixture.processor.charged == [attempt.id, attempt.id]
    assert fixture.payment.status is PaymentStatus.PENDING


def test_the_sweep_processes_a_webhook_that_a_crash_left(fixture: PaymentFixture) -> None:
    attempt = fixture.review()
    fixture.submit()
    fixture.receive("msg_1", ChargeReport(attempt.id, ChargeStatus.APPROVED, amount=TERMS.amount))
    fixture.sweep(timedelta(seconds=6))

    assert fixture.payment.status is PaymentStatus.SUCCESSFUL


def test_card_testing_is_stopped_after_the_most_reviews(fixture: PaymentFixture) -> None:
    for _ in range(MAX_REVIEWS):
        fixture.review()

    with pytest.raises(Conflict) as refused:
        fixture.review()
    assert refused.value.code == "too_many_tries"

"""What a carrier's page is told about the subscriber is fetched with the link, sealed, and gone with the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.kernel import FixedClock, Unavailable
from services.payment.domain.subscriber import SubscriberDetails
from services.payment.store.subscribers import SubscriberCipher
from services.payment.usecases.create_payment_link import LINK_LIFE, CreatePaymentLink
from services.payment.usecases.fetch_subscriber import FetchSubscriber
from services.payment.usecases.find_subscriber import FindSubscriber
from services.payment.usecases.page_visits import SESSION_LIFE, PageExpired
from tests.unit.services.payment.pay_now_samples import ADA
from tests.unit.services.payment.usecases.test_paying import ENROLLMENT, SIGNER, START, PaymentFixture

ENCRYPTION = SubscriberCipher(b"s" * 32)
PAGE = "https://pay.example"


class Enrollment:
    """Stands for the service, which has the application."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False

    def get_subscriber(self, record_number: str) -> SubscriberDetails:
        self.asked.append(record_number)
        if self.away:
            raise Unavailable("away")
        return ADA


@pytest.fixture
def paying() -> PaymentFixture:
    return PaymentFixture()


def create_link(
    paying: PaymentFixture,
    enrollment: Enrollment,
    state: str = "TX",
    member_states: frozenset[str] = frozenset({"TX"}),
) -> str:
    fetch = FetchSubscriber(frozenset({state}), enrollment, ENCRYPTION, member_states)
    return CreatePaymentLink(paying.work, FixedClock(START), SIGNER, PAGE, fetch)(ENROLLMENT, "A-0001")


def find(paying: PaymentFixture, after: timedelta, encryption: SubscriberCipher = ENCRYPTION) -> SubscriberDetails:
    return FindSubscriber(paying.work, FixedClock(START + after), encryption)("A-0001")


def test_it_is_there_until_the_last_session_of_the_link_has_ended(paying: PaymentFixture) -> None:
    create_link(paying, Enrollment())
    longest = LINK_LIFE + SESSION_LIFE
    assert find(paying, longest - timedelta(seconds=1)) == ADA
    with pytest.raises(PageExpired):
        find(paying, longest)
    paying.sweep(longest - timedelta(seconds=1))
    assert list(paying.work.subscribers.rows) == ["A-0001"]
    paying.sweep(longest)
    assert paying.work.subscribers.rows == {}


def test_without_a_carrier_that_asks_nobody_is_named_but_the_subscriber(paying: PaymentFixture) -> None:
    create_link(paying, Enrollment(), member_states=frozenset({"IL"}))
    assert find(paying, timedelta()) == replace(ADA, members=())


def test_nobody_is_asked_where_the_carrier_has_no_page(paying: PaymentFixture) -> None:
    enrollment = Enrollment()
    create_link(paying, enrollment, state="IL")
    assert (enrollment.asked, paying.work.subscribers.rows) == ([], {})


def test_without_enrollment_there_is_no_link_and_the_old_one_stays_good(paying: PaymentFixture) -> None:
    token, enrollment = paying.token(), Enrollment()
    enrollment.away = True
    with pytest.raises(Unavailable):
        create_link(paying, enrollment)
    assert paying.open_page(token)


def test_it_is_sealed_for_its_own_application(paying: PaymentFixture) -> None:
    create_link(paying, Enrollment())
    sealed, _ = paying.work.subscribers.rows["A-0001"]
    assert not [told for told in (b"Ada", b"example.com", b"77002") if told in sealed]
    assert ENCRYPTION.open(sealed, "A-0002") is None
    assert ENCRYPTION.open(sealed, "A-0001") == ADA


def test_under_a_new_key_the_payer_opens_the_page_again(paying: PaymentFixture) -> None:
    create_link(paying, Enrollment())
    with pytest.raises(PageExpired):
        find(paying, timedelta(), SubscriberCipher(b"n" * 32))

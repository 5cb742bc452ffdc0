"""A made-up subscriber, a carrier's profile and a signing key for tests of pay-now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from chassis.kernel import FixedClock, Money
from services.payment.domain.attempt import Attempt, MethodKind, PaymentMethod
from services.payment.domain.payment import Payment, PaymentTerms
from services.payment.domain.subscriber import MemberName, SubscriberDetails
from services.payment.remote.pay_now.carrier_page import CarrierPage
from services.payment.remote.pay_now.profile import PayNowProfile
from services.payment.remote.pay_now.signing_key import SigningKey

START = datetime(2026, 11, 23, 18, tzinfo=UTC)
CARRIER = "Sample Carrier"
PROFILE = PayNowProfile(
    issuer_id="99999",
    pay_url="https://pay.sample-carrier.example/saml",
    audience="https://pay.sample-carrier.example",
    entity_id="https://portal.example",
)
ADA = SubscriberDetails(
    client_app_id=1243,
    plan_ids=("99999TX0760001" + "00", "99999TX0010001" + "00"),
    monthly_premium=Money.of("1045.70"),
    effective_date=date(2026, 12, 1),
    first_name="Ada",
    middle_name="M",
    last_name="O'Sample & Núñez",
    street="12 Example Street",
    unit="",
    city="Houston",
    state="TX",
    zip_code="77002",
    email="ada@example.com",
    members=(MemberName("Ada", "O'Sample & Núñez", ""), MemberName("Ben", "Sample", "Jr.")),
)
PAYMENT = Payment.open("A-0638", PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True), START)
METHOD = PaymentMethod(MethodKind.CARRIER_PAGE)
ATTEMPT = Attempt("attempt-1", "A-0638", Money.of("2091.40"), METHOD, "23456789AB", START)
RETURN = "https://portal.example/applications/A-0638"


@cache
def make_key(name: str = "portal.example") -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signed = x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
    valid = signed.not_valid_before(START - timedelta(days=1)).not_valid_after(START + timedelta(days=3650))
    certificate = valid.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    form = serialization.PrivateFormat.PKCS8
    pem = private.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return SigningKey(pem, certificate)


def make_page(now: datetime, profile: PayNowProfile = PROFILE, key: SigningKey | None = None) -> CarrierPage:
    return CarrierPage(CARRIER, profile, key or make_key(), lambda _: ADA, FixedClock(now))


def make_form(now: datetime, profile: PayNowProfile = PROFILE, key: SigningKey | None = None) -> dict[str, str]:
    return dict(make_page(now, profile, key).make_form(PAYMENT, ATTEMPT, RETURN).fields)

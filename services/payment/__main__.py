"""Composition of payment: ``python -m services.payment rpc|worker|relay|migrate|seed|page|sandbox``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

import json
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.db import PostgresTransactions
from chassis.kernel import SystemClock, Unavailable
from chassis.cli import main
from chassis.service import Parts, Runtime, Service
from chassis.settings import ServiceSettings
from services.payment import events
from services.payment.contract import PaymentContract, UseCases
from services.payment.remote.sandbox_processor import SandboxProcessor
from services.payment.remote.signature import secrets_of
from services.payment.settings import PageSettings, PaymentSettings, SandboxSettings
from services.payment.store import INFRASTRUCTURE, UnitOfWork
from services.payment.usecases.callbacks import ReceiveCallback
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.close_payment import ClosePayment
from services.payment.usecases.create_link import CreateLink
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.page_session import PageDoor
from services.payment.usecases.review_payment import ReviewPayment
from services.payment.usecases.secrets import LinkSigner
from services.payment.usecases.see_payment import SeePayment
from services.payment.usecases.submit_payment import SubmitPayment
from services.payment.usecases.sweep import Sweep

# With the 30 s after which a payment counts as unanswered, a lost callback is healed within 40 s.
SWEEP_SECONDS = 10.0
# Lives of links, sessions and waits are real time, also on a borrowed business day.
MOMENTS = SystemClock()


def build(runtime: Runtime) -> Parts:
    settings = runtime.settings(PaymentSettings)
    transactions = _transactions(runtime)
    usecases = UseCases(
        OpenPayment(transactions, runtime.clock),
        SeePayment(transactions),
        CreateLink(transactions, MOMENTS, _signer(runtime), settings.page_url),
    )
    receive = ReceiveCallback(transactions, runtime.clock, MOMENTS)
    sweep = Sweep(transactions, SandboxProcessor(settings.processor_url), receive, runtime.clock, MOMENTS)
    return Parts(
        PaymentContract(usecases),
        events.subscriptions(ClosePayment(transactions, runtime.clock)),
        [Timer("sweep_payments", SWEEP_SECONDS, lambda: _sweep(sweep))],
    )


def serve_page(runtime: Runtime) -> None:
    """The hosted payment page, until SIGTERM."""
    from services.payment.page.app import build_app
    from services.payment.page.callbacks import CallbackDoor
    from services.payment.page.http import SessionCookie
    from services.payment.page.payer import Payer
    from services.payment.page.views import Views
    from services.payment.web import serve

    settings = runtime.settings(PageSettings)
    https = urlsplit(settings.page_url).scheme == "https"
    if runtime.suite.suite_env == "production" and not https:
        raise SystemExit("PAYMENT_PAGE_URL has to be https in production: card numbers are typed there.")
    transactions, clock = _transactions(runtime), runtime.clock
    processor = SandboxProcessor(settings.processor_url)
    payer = Payer(
        PageDoor(transactions, MOMENTS, _signer(runtime)),
        ReviewPayment(transactions, processor, clock),
        SubmitPayment(transactions, processor, clock, MOMENTS),
        CancelPayment(transactions, clock),
        Views(settings.portal_url, settings.carriers),
        SessionCookie(https=https),
        clock,
    )
    secrets = secrets_of(settings.callback_secret.get_secret_value())
    callbacks = CallbackDoor(ReceiveCallback(transactions, clock, MOMENTS), secrets)
    telemetry.logger().info("payment page serves", port=settings.page_port)
    serve(build_app(payer, callbacks, runtime.database.check), runtime.suite.rpc_host, settings.page_port)


def serve_sandbox(runtime: Runtime) -> None:
    """The sandbox processor, until SIGTERM; refused in production, where a real processor stands outside."""
    from services.payment.sandbox.app import build_app
    from services.payment.sandbox.callbacks import CallbackSender
    from services.payment.web import serve

    if runtime.suite.suite_env == "production":
        raise SystemExit("The sandbox processor moves no money and is not for SUITE_ENV=production.")
    settings = runtime.settings(SandboxSettings)
    secret = secrets_of(settings.callback_secret.get_secret_value())[0]
    sender = CallbackSender(secret, f"{settings.page_url.rstrip('/')}/callbacks/sandbox")
    telemetry.logger().info("sandbox processor serves", port=settings.port)
    serve(build_app(sender), runtime.suite.rpc_host, settings.port)


def _transactions(runtime: Runtime) -> PostgresTransactions[UnitOfWork]:
    return PostgresTransactions(runtime.database, UnitOfWork, INFRASTRUCTURE, events.translate)


def _signer(runtime: Runtime) -> LinkSigner:
    """Links are signed with a key derived from the service's own: both processes have it, nobody else does."""
    jwk = runtime.settings(ServiceSettings).identity_key.get_secret_value()
    if not jwk:
        raise SystemExit("PAYMENT_IDENTITY_KEY is empty: payment links cannot be signed. Give it the private JWK.")
    seed = json.loads(jwk)["d"].encode()
    return LinkSigner(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"suite payment link").derive(seed))


def _sweep(sweep: Sweep) -> None:
    try:
        looked_at = sweep()
    except Unavailable as away:
        telemetry.logger().warning("sweep waits for the processor", code=away.code)
        return
    if looked_at:
        telemetry.logger().info("sweep looked at open payments", count=looked_at)


SERVICE = Service(
    name="payment",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    publishes=events.PUBLISHES,
    hears=events.HEARS,
    commands={"page": serve_page, "sandbox": serve_sandbox},
)

if __name__ == "__main__":
    main([SERVICE])

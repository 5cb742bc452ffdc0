"""The payment service on a real database: its use cases, its page and the sandbox processor on real ports."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from chassis.db import Database, PostgresTransactions
from chassis.kernel import Caller, CallerKind, FixedClock, Money, SystemClock
from services.payment.domain.outcome_sender import PROCESSOR, OutcomeSender
from services.payment.domain.payment import Payment, PaymentTerms
from services.payment.events import outgoing
from services.payment.page.app import build_app
from services.payment.page.endpoints import PaymentEndpoints
from services.payment.page.handoff_pages import HandoffPages
from services.payment.page.http import SessionCookie
from services.payment.page.views import Views
from services.payment.page.webhooks import WebhookReceiver
from services.payment.remote.sandbox_processor import SandboxProcessor
from services.payment.sandbox.app import build_app as build_sandbox
from services.payment.sandbox.webhooks import WebhookSender
from services.payment.store.page_sessions import FormDraftCipher
from services.payment.store.tables import INFRASTRUCTURE
from services.payment.store.work import UnitOfWork, make_transactions
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.get_payment import GetPayment
from services.payment.usecases.hand_over_payment import HandOverPayment
from services.payment.usecases.one_time_secrets import PaymentLinkSigner
from services.payment.usecases.open_page_session import OpenPageSession
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.process_webhook import ProcessWebhook
from services.payment.usecases.receive_webhook import ReceiveWebhook
from services.payment.usecases.resume_page_session import ResumePageSession
from services.payment.usecases.review_payment import ReviewPayment
from services.payment.usecases.save_form_draft import SaveFormDraft
from services.payment.usecases.submit_payment import SubmitPayment
from services.payment.usecases.sweep_payments import SweepPayments
from tests.integration.chassis.waiting import until

ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
PORTAL = "http://portal.test"
TEXAS = PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD = {
    "method": "card",
    "card_number": "4242 4242 4242 4242",
    "card_expires": "12/30",
    "card_security_code": "123",
    "payer": "family",
    "accept_terms": "yes",
}
BANK = {
    "method": "bank",
    "routing_number": "110000000",
    "account_number": "000123456789",
    "account_type": "checking",
    "account_holder": "Ada Sample",
    "payer": "family",
    "accept_terms": "yes",
}


@dataclass
class PaymentHarness:
    """Everything of payment that a test may reach for."""

    transactions: PostgresTransactions[UnitOfWork]
    clock: FixedClock
    moments: FixedClock
    secret: bytes
    page_url: str
    processor: SandboxProcessor
    # Those of the page, which serves what is added to them.
    routes: list[BaseRoute] = field(default_factory=list)

    @property
    def signer(self) -> PaymentLinkSigner:
        return PaymentLinkSigner(self.secret)

    def open(self, record_number: str, terms: PaymentTerms = TEXAS) -> Payment:
        return OpenPayment(self.transactions, self.clock)(ENROLLMENT, record_number, terms)

    def see(self, record_number: str) -> Payment:
        return GetPayment(self.transactions)(ENROLLMENT, record_number).payment

    def link(self, record_number: str) -> str:
        create = CreatePaymentLink(self.transactions, self.moments, self.signer, self.page_url)
        return create(ENROLLMENT, record_number)

    @property
    def process(self) -> ProcessWebhook:
        return ProcessWebhook(self.transactions, self.clock, self.moments)

    @property
    def sweep(self) -> SweepPayments:
        return SweepPayments(self.transactions, self.processor, self.process, self.clock, self.moments)

    def sent_events(self, record_number: str) -> list[tuple[str, dict[str, Any]]]:
        query = INFRASTRUCTURE.outbox.select().where(INFRASTRUCTURE.outbox.c.subject == record_number)
        with self.transactions() as work:
            rows = work.session.execute(query.order_by(INFRASTRUCTURE.outbox.c.id)).all()
        return [(row.type, json.loads(row.body)) for row in rows]


# Of two carriers with payment pages, by HIOS issuer id.
CARRIER_SECRETS = {"33602": b"t" * 32, "36096": b"i" * 32}


class Browser:
    """A payer's browser without JavaScript: cookies, redirects within the page, forms."""

    def __init__(self) -> None:
        self.http = httpx.Client(trust_env=False, timeout=30)
        self.page = ""

    def close(self) -> None:
        self.http.close()

    def go(self, url: str) -> httpx.Response:
        response = self.http.get(url)
        while response.is_redirect and not response.headers["location"].startswith(PORTAL):
            response = self.http.get(response.url.join(response.headers["location"]))
        self.page = str(response.url)
        self.text = response.text
        return response

    def post(self, path: str, fields: dict[str, str], token: str | None = None) -> httpx.Response:
        csrf = {"csrf_token": self.csrf_token if token is None else token}
        response = self.http.post(httpx.URL(self.page).join(path), data=csrf | fields)
        if response.is_redirect and response.headers["location"].startswith("/"):
            return self.go(str(response.url.join(response.headers["location"])))
        return response

    @property
    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.text)
        assert found, self.text
        return found[1]


@contextmanager
def serving(app: ASGIApp, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started, 20)
    yield
    server.should_exit = True
    thread.join()


@contextmanager
def run_payment(
    database: Database,
    page_port: int,
    sandbox_port: int,
    *,
    webhooks_arrive: bool,
    pages: HandoffPages = HandoffPages(),  # noqa: B008  # frozen
) -> Iterator[PaymentHarness]:
    """The page and the sandbox on their ports; without ``webhooks_arrive`` each webhook is lost on the way."""
    clock, moments, secret = FixedClock.at("2026-11-23"), FixedClock(SystemClock().now()), secrets.token_bytes(32)
    opened = make_transactions(database, outgoing.event_to_proto)
    page_url = f"http://127.0.0.1:{page_port}"
    processor = SandboxProcessor(f"http://127.0.0.1:{sandbox_port}")
    built = PaymentHarness(opened, clock, moments, secret, page_url, processor)
    endpoints = PaymentEndpoints(
        OpenPageSession(opened, moments, built.signer),
        ResumePageSession(opened, moments, FormDraftCipher()),
        SaveFormDraft(opened, FormDraftCipher()),
        ReviewPayment(opened, processor, clock),
        SubmitPayment(opened, processor, clock, moments),
        CancelPayment(opened, clock),
        HandOverPayment(opened, clock, moments),
        pages,
        Views(PORTAL, {"TX": "Blue Cross and Blue Shield of Texas"}, "866-446-4353", pages),
        SessionCookie(https=False),
        clock,
    )
    senders = {PROCESSOR: [secret]} | {
        OutcomeSender(issuer_id, frozenset({state})): [CARRIER_SECRETS[issuer_id]]
        for issuer_id, state in (("33602", "TX"), ("36096", "IL"))
    }
    receiver = WebhookReceiver(ReceiveWebhook(opened, moments), built.process, senders)
    page = build_app(endpoints, receiver, database.check)
    built.routes = page.routes
    signed_with = secret if webhooks_arrive else secrets.token_bytes(32)
    sandbox = build_sandbox(WebhookSender(signed_with, f"{page_url}/callbacks/sandbox"))
    with serving(page, page_port), serving(sandbox, sandbox_port):
        yield built
    processor.close()

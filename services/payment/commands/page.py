"""Command: serve the hosted payment page, until SIGTERM."""

from __future__ import annotations

from urllib.parse import urlsplit

from chassis import telemetry
from chassis.health import serve_health
from chassis.kernel import Clock, SystemClock, get_markets
from chassis.service import Runtime
from services.payment.events.outgoing import event_to_proto
from services.payment.page.app import build_app
from services.payment.page.endpoints import PaymentEndpoints
from services.payment.page.handoff_pages import HandoffPages
from services.payment.page.http import SessionCookie
from services.payment.page.views import Views
from services.payment.page.webhooks import WebhookReceiver
from services.payment.remote.hosted_page import HostedPage
from services.payment.remote.signature import secrets_of
from services.payment.settings import PageSettings
from services.payment.store.page_sessions import FormDraftCipher
from services.payment.store.subscribers import SUBSCRIBER_KEY_PURPOSE, SubscriberCipher
from services.payment.store.work import make_transactions
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.find_subscriber import FindSubscriber
from services.payment.usecases.hand_over_payment import HandOverPayment
from services.payment.usecases.one_time_secrets import LINK_KEY_PURPOSE, PaymentLinkSigner
from services.payment.usecases.open_page_session import OpenPageSession
from services.payment.usecases.process_webhook import ProcessWebhook
from services.payment.usecases.receive_webhook import ReceiveWebhook
from services.payment.usecases.resume_page_session import ResumePageSession
from services.payment.usecases.review_payment import ReviewPayment
from services.payment.usecases.save_form_draft import SaveFormDraft
from services.payment.usecases.submit_payment import SubmitPayment
from services.payment.web import run_server


def serve_page(runtime: Runtime) -> None:
    settings = runtime.settings(PageSettings)
    https = urlsplit(settings.page_url).scheme == "https"
    if runtime.suite.suite_env == "production" and not https:
        raise SystemExit("PAYMENT_PAGE_URL has to be https in production: card numbers are typed there.")
    if runtime.suite.suite_env == "production" and settings.hosted_page_url.startswith("http:"):
        raise SystemExit("PAYMENT_HOSTED_PAGE_URL has to be https in production: payments are made there.")
    opened, clock, moments = make_transactions(runtime.database, event_to_proto), runtime.clock, SystemClock()
    processor, pages = settings.processor, _handoff_pages(runtime, settings, moments)
    endpoints = PaymentEndpoints(
        open_session=OpenPageSession(opened, moments, PaymentLinkSigner(runtime.derive_key(LINK_KEY_PURPOSE))),
        resume_session=ResumePageSession(opened, moments, FormDraftCipher()),
        save_draft=SaveFormDraft(opened, FormDraftCipher()),
        review_payment=ReviewPayment(opened, processor, clock),
        submit_payment=SubmitPayment(opened, processor, clock, moments),
        cancel_payment=CancelPayment(opened, clock),
        hand_over=HandOverPayment(opened, clock, moments),
        pages=pages,
        views=Views(settings.portal_url, settings.carrier_names, get_markets().help_line, pages),
        cookie=SessionCookie(https=https),
        clock=clock,
    )
    webhooks = WebhookReceiver(
        ReceiveWebhook(opened, moments),
        ProcessWebhook(opened, clock, moments),
        settings.callback_secrets,
    )
    if runtime.suite.health_port:
        # metrics are nothing for the port that the world reaches
        serve_health(runtime.suite.rpc_host, runtime.suite.health_port, {"database": runtime.database.check})
    telemetry.get_logger().info("payment page serves", port=settings.page_port)
    run_server(build_app(endpoints, webhooks, runtime.database.check), runtime.suite.rpc_host, settings.page_port)


def _handoff_pages(runtime: Runtime, settings: PageSettings, moments: Clock) -> HandoffPages:
    profiles = settings.pay_now_profiles
    if not profiles:
        return HandoffPages(_hosted_page(settings, moments))
    from services.payment.remote.pay_now.carrier_page import CarrierPage  # brings lxml, which others do without

    opened = make_transactions(runtime.database, event_to_proto)
    encryption = SubscriberCipher(runtime.derive_key(SUBSCRIBER_KEY_PURPOSE))
    find, key, names = FindSubscriber(opened, moments, encryption), settings.pay_now_key, settings.carrier_names
    by_state = {state: CarrierPage(names[state], one, key, find, moments) for state, one in profiles.items()}
    return HandoffPages(_hosted_page(settings, moments), by_state)


def _hosted_page(settings: PageSettings, moments: Clock) -> HostedPage | None:
    if not settings.hosted_page_url:
        return None
    key = secrets_of(settings.hosted_page_key.get_secret_value())[0]
    return HostedPage(settings.hosted_page_name, settings.hosted_page_url, key, moments)

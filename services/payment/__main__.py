"""Composition of payment: ``python -m services.payment rpc|worker|migrate|seed|page|sandbox``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.cli import main
from chassis.kernel import SystemClock, Unavailable
from chassis.service import ServiceParts, Runtime, Service
from services.payment.contract.service import PaymentContract, UseCases
from services.payment.events.incoming import SUBSCRIBES_TO, make_subscriptions
from services.payment.events.outgoing import event_to_proto
from services.payment.remote.subscribers import EnrollmentSubscribers
from services.payment.settings import PaymentSettings
from services.payment.store.subscribers import SUBSCRIBER_KEY_PURPOSE, SubscriberCipher
from services.payment.store.tables import INFRASTRUCTURE
from services.payment.store.work import make_transactions
from services.payment.usecases.cancel_autopay import CancelAutopay
from services.payment.usecases.close_payment import ClosePayment
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.fetch_subscriber import FetchSubscriber
from services.payment.usecases.get_payment import GetPayment
from services.payment.usecases.one_time_secrets import LINK_KEY_PURPOSE, PaymentLinkSigner
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.process_webhook import ProcessWebhook
from services.payment.usecases.sweep_payments import SweepPayments
from services.payment.usecases.report_overdue_payments import ReportOverduePayments

# With the 30 s after which a payment counts as unanswered, a lost webhook is healed within 40 s.
SWEEP_SECONDS = 10.0
# A day is over at midnight in the state; nobody waits for the minute.
OVERDUE_SECONDS = 600.0


def build(runtime: Runtime) -> ServiceParts:
    settings, clock = runtime.settings(PaymentSettings), runtime.clock
    opened = make_transactions(runtime.database, event_to_proto)
    # lives of links, sessions and waits are real time, also on a simulated business day
    moments = SystemClock()
    use_cases = UseCases(
        open_payment=OpenPayment(opened, clock),
        get_payment=GetPayment(opened),
        create_payment_link=CreatePaymentLink(
            opened,
            moments,
            PaymentLinkSigner(runtime.derive_key(LINK_KEY_PURPOSE)),
            settings.page_url,
            _fetch_subscriber(runtime, settings),
        ),
        cancel_autopay=CancelAutopay(opened, clock),
    )
    process_webhook = ProcessWebhook(opened, clock, moments)
    sweep = SweepPayments(opened, settings.processor, process_webhook, clock, moments)
    report_overdue = ReportOverduePayments(opened, clock)
    return ServiceParts(
        PaymentContract(use_cases),
        make_subscriptions(ClosePayment(opened, clock)),
        [
            Timer("sweep_payments", SWEEP_SECONDS, lambda: _sweep(sweep)),
            Timer("report_overdue_payments", OVERDUE_SECONDS, lambda: _report_overdue(report_overdue)),
        ],
    )


def _fetch_subscriber(runtime: Runtime, settings: PaymentSettings) -> FetchSubscriber | None:
    """None where no carrier takes payments on a page of its own: then enrollment is never asked."""
    profiles = settings.pay_now_profiles
    if not profiles:
        return None
    asking = frozenset(state for state, profile in profiles.items() if profile.attributes.members)
    encryption = SubscriberCipher(runtime.derive_key(SUBSCRIBER_KEY_PURPOSE))
    return FetchSubscriber(frozenset(profiles), EnrollmentSubscribers(runtime.bus), encryption, asking)


def _sweep(sweep: SweepPayments) -> None:
    try:
        found = sweep()
    except Unavailable as away:
        telemetry.get_logger().warning("sweep waits for the processor", code=away.code)
        return
    telemetry.PAYMENT_MISMATCHES.set(found.mismatched)
    if found.looked_at:
        telemetry.get_logger().info("sweep looked at open payments", count=found.looked_at)


def _report_overdue(report_overdue: ReportOverduePayments) -> None:
    if found := report_overdue():
        telemetry.get_logger().info("payments are overdue", count=found)


def serve_page(runtime: Runtime) -> None:
    from services.payment.commands.page import serve_page as serve  # brings starlette, which a worker does without

    serve(runtime)


def serve_sandbox(runtime: Runtime) -> None:
    from services.payment.commands.sandbox import serve_sandbox as serve

    serve(runtime)


SERVICE = Service(
    name="payment",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    subscribes_to=SUBSCRIBES_TO,
    commands={"page": serve_page, "sandbox": serve_sandbox},
)

if __name__ == "__main__":
    main([SERVICE])

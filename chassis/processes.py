"""The kinds of process that every service can run as (docs/adr/0002)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from chassis import telemetry
from chassis.db import ForwardedMessages
from chassis.health import Check, serve_health
from chassis.identity import TokenVerifier
from chassis.service import Runtime, Service
from chassis.settings import SuiteSettings, load_suite

if TYPE_CHECKING:
    from chassis.bus.relay import Relay

# Sent rows and inbox rows are swept this often; they are kept for days, so the hour does not matter.
PRUNE_SECONDS = 3600.0


def run_rpc(services: Sequence[Service]) -> None:
    """gRPC of the services on one port: un-patched, plain threads."""
    from chassis.rpc.server import RpcServer

    suite = load_suite()
    runtimes = _runtimes(services, suite)
    contracts = [service.build(runtime).contract for service, runtime in zip(services, runtimes, strict=True)]
    server = RpcServer(contracts, _verifier(suite), reflection_on=suite.reflection)
    try:
        port = server.start(f"{suite.rpc_host}:{suite.rpc_port}")
    except RuntimeError:
        raise SystemExit(f"RPC_PORT {suite.rpc_port} is in use. Give this process another port.") from None
    _serve_health(suite, {runtime.name: runtime.database.check for runtime in runtimes})
    telemetry.get_logger().info("rpc serves", port=port, count=len(services))
    _until_told_to_stop()
    server.stop()


def run_worker(services: Sequence[Service]) -> None:
    """Bus RPC, event handlers and timers of the services: nameko on eventlet."""
    from chassis.bus import worker

    suite = load_suite()
    runtimes = _runtimes(services, suite)
    verifier = _verifier(suite)
    classes = []
    for service, runtime in zip(services, runtimes, strict=True):
        parts = service.build(runtime)
        subscribed = {subscription.event_type for subscription in parts.subscriptions}
        if subscribed != set(service.subscribes_to):
            raise SystemExit(
                f"{service.name} declares queues for {service.subscribes_to} and handles {sorted(subscribed)}."
            )
        forwarded = ForwardedMessages(runtime.database, service.infrastructure.forwarded)
        classes.append(worker.service_class(parts.contract, verifier, parts.subscriptions, parts.timers, forwarded))
    runner = worker.prepare_worker(classes, suite.amqp_url.get_secret_value())
    checks: dict[str, Check] = {runtime.name: runtime.database.check for runtime in runtimes}
    _serve_health(suite, {**checks, "broker": partial(worker.check_worker, runner)})
    worker.run_worker(runner)


def run_relay(services: Sequence[Service]) -> None:
    """Outbox -> RabbitMQ, one thread for each service: plain kombu."""
    from chassis.bus.relay import Relay

    suite = load_suite()
    runtimes = _runtimes(services, suite)
    stop = _stop_event()
    relays = [
        Relay(
            service.name,
            runtime.database,
            service.infrastructure,
            suite.amqp_url.get_secret_value(),
            {event: published.needs_subscriber for event, published in service.publishes.items()},
        )
        for service, runtime in zip(services, runtimes, strict=True)
    ]
    threads = [threading.Thread(target=relay.run, args=(stop,), name="relay") for relay in relays]
    checks: dict[str, Check] = {
        runtime.name: _raise_unless(relay.healthy) for relay, runtime in zip(relays, runtimes, strict=True)
    }
    _serve_health(suite, checks)
    for thread in threads:
        thread.start()
    telemetry.get_logger().info("relay runs", count=len(relays))
    while not stop.wait(PRUNE_SECONDS):
        for relay in relays:
            _prune(relay)
    for thread in threads:
        thread.join()


def run_migrate(services: Sequence[Service]) -> None:
    """Bring the databases to the newest schema and declare the queues."""
    from chassis.bus import publish, topology
    from chassis.db.migrate import upgrade_schema

    suite = load_suite()
    for service in services:
        upgrade_schema(Runtime(service.name, suite).database.engine, service.migrations)
    with publish.open_connection(suite.amqp_url.get_secret_value()) as connection:
        for service in services:
            topology.declare_exchange(connection, service.name)
        for service in services:
            topology.declare_queues(connection, service.queues)
    telemetry.get_logger().info("migrated", count=len(services))


def run_seed(services: Sequence[Service]) -> None:
    """Load the data that the services cannot work without."""
    suite = load_suite()
    for service in services:
        if service.seed:
            service.seed(Runtime(service.name, suite))
            telemetry.get_logger().info("seeded", service=service.name)


COMMANDS: Mapping[str, Callable[[Sequence[Service]], None]] = {
    "rpc": run_rpc,
    "worker": run_worker,
    "relay": run_relay,
    "migrate": run_migrate,
    "seed": run_seed,
}


def _runtimes(services: Sequence[Service], suite: SuiteSettings) -> list[Runtime]:
    return [Runtime(service.name, suite) for service in services]


def _verifier(suite: SuiteSettings) -> TokenVerifier:
    keys = suite.identity_trusted_keys.get_secret_value()
    if not keys:
        raise SystemExit(
            "IDENTITY_TRUSTED_KEYS is empty: this process could not verify any caller. Set it to the JWKS."
        )
    return TokenVerifier(keys)


def _serve_health(suite: SuiteSettings, checks: Mapping[str, Check]) -> None:
    if not suite.health_port:
        return
    try:
        serve_health(suite.rpc_host, suite.health_port, checks)
    except OSError:
        raise SystemExit(f"HEALTH_PORT {suite.health_port} is in use. Give this process another port.") from None


def _prune(relay: Relay) -> None:
    try:
        relay.prune()
    except SQLAlchemyError as error:
        telemetry.get_logger().warning("prune fails", exc_info=error)  # the next hour tries again


def _raise_unless(event: threading.Event) -> Check:
    def check() -> None:
        if not event.is_set():
            raise RuntimeError("not connected")

    return check


def _stop_event() -> threading.Event:
    stop = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: stop.set())
    return stop


def _until_told_to_stop() -> None:
    _stop_event().wait()

"""The kinds of process that every service can run as (docs/adr/0002); the relay is ``chassis.relay``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from chassis import telemetry
from chassis.db import ForwardedMessages
from chassis.health import Check, serve_health_port
from chassis.identity import TokenVerifier
from chassis.liveness import LoopLiveness
from chassis.service import Runtime, Service
from chassis.settings import SuiteSettings, load_suite
from chassis.signals import stop_event

# What a call may still wait for when its process was told to stop; supervisors grant some ten seconds or more.
CALLS_END_SECONDS = 4.0


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
    serve_health_port(suite, {runtime.name: runtime.database.check for runtime in runtimes})
    telemetry.get_logger().info("rpc serves", port=port, count=len(services))
    stop_event().wait()
    server.stop()


def run_worker(services: Sequence[Service]) -> None:
    """Bus RPC, event handlers and timers of the services: nameko on eventlet."""
    from chassis.bus import client, worker

    suite = load_suite()
    runtimes = [Runtime(service.name, suite, calls_wait=client.WORKER_DEADLINE_SECONDS) for service in services]
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
    liveness = LoopLiveness(worker.consumer_loops(runner))
    serve_health_port(suite, {**checks, "broker": partial(worker.check_worker, runner)}, liveness.checks)
    worker.run_worker(runner, liveness, lambda: _end_calls(runtimes))


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


def _end_calls(runtimes: Sequence[Runtime]) -> None:
    """The worker that a call waits for may be this one, which takes no calls any more."""
    for runtime in runtimes:
        runtime.end_calls(CALLS_END_SECONDS)

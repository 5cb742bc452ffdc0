"""The kinds of process that every service can run as (docs/adr/0002); the relay is ``chassis.relay``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from chassis import telemetry
from chassis.access import AccessControl
from chassis.bus.worker_spec import Timer
from chassis.contract import Contract, ServedContract
from chassis.db import ForwardedMessages
from chassis.db.access_log import AccessLog
from chassis.db.audit_seals import seal_rows
from chassis.health import Check, serve_health_port
from chassis.identity import TokenVerifier
from chassis.liveness import LoopLiveness
from chassis.recorded_contract import RecordedContract
from chassis.recorded_events import record_event
from chassis.service import Runtime, Service
from chassis.settings import ServiceSettings, SuiteSettings, load_suite
from chassis.signals import stop_event

# What a call may still wait for when its process was told to stop; supervisors grant some ten seconds or more.
CALLS_END_SECONDS = 4.0
# Until then a row of the audit can be changed unseen by whoever has the service's key; two small queries each time.
SEAL_SECONDS = 10.0


def run_rpc(services: Sequence[Service]) -> None:
    """gRPC of the services on one port: un-patched, plain threads."""
    from chassis.rpc.server import RpcServer
    from chassis.rpc.tls import load_rpc_tls

    suite = load_suite()
    tls = load_rpc_tls(suite)
    runtimes = _runtimes(services, suite)
    pairs = zip(services, runtimes, strict=True)
    contracts = [_recorded(service, runtime, service.build(runtime).contract) for service, runtime in pairs]
    server = RpcServer(contracts, _access_control(suite), reflection_on=suite.reflection, tls=tls)
    try:
        port = server.start(f"{suite.rpc_host}:{suite.rpc_port}")
    except RuntimeError:
        raise SystemExit(f"RPC_PORT {suite.rpc_port} is in use. Give this process another port.") from None
    serve_health_port(suite, {runtime.name: runtime.database.check for runtime in runtimes}, {"rpc": server.check})
    telemetry.get_logger().info("rpc serves", port=port, count=len(services))
    stop_event().wait()
    server.stop()


def run_worker(services: Sequence[Service]) -> None:
    """Bus RPC, event handlers and timers of the services: nameko on eventlet."""
    from chassis.bus import client, worker

    suite = load_suite()
    runtimes = [Runtime(service.name, suite, calls_wait=client.WORKER_DEADLINE_SECONDS) for service in services]
    access = _access_control(suite)
    classes = []
    for service, runtime in zip(services, runtimes, strict=True):
        parts = service.build(runtime)
        subscribed = {subscription.event_type for subscription in parts.subscriptions}
        if subscribed != set(service.subscribes_to):
            raise SystemExit(
                f"{service.name} declares queues for {service.subscribes_to} and handles {sorted(subscribed)}."
            )
        forwarded = ForwardedMessages(runtime.database, service.infrastructure.forwarded)
        contract = _recorded(service, runtime, parts.contract)
        subscriptions = [record_event(one, service.name, runtime.clock) for one in parts.subscriptions]
        timers = [*parts.timers, _sealing(service, runtime)]
        classes.append(worker.service_class(contract, access, subscriptions, timers, forwarded))
    runner = worker.prepare_worker(classes, suite.amqp_url.get_secret_value())
    checks: dict[str, Check] = {runtime.name: runtime.database.check for runtime in runtimes}
    liveness = LoopLiveness(worker.consumer_loops(runner))
    serve_health_port(suite, {**checks, "broker": partial(worker.check_worker, runner)}, liveness.checks)
    worker.run_worker(runner, liveness, lambda: _end_calls(runtimes))


def run_migrate(services: Sequence[Service]) -> None:
    """Bring the databases to the newest schema, give the processes' roles their rights, and declare the queues."""
    from chassis.bus import publish, topology
    from chassis.db.grants import grant_rights
    from chassis.db.migrate import upgrade_schema

    suite = load_suite()
    for service in services:
        runtime = Runtime(service.name, suite)
        upgrade_schema(runtime.database.engine, service.migrations)
        if role := runtime.settings(ServiceSettings).database_role:
            grant_rights(runtime.database.engine, role, service.grants)
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


def _recorded(service: Service, runtime: Runtime, contract: Contract) -> ServedContract:
    return RecordedContract(contract, AccessLog(runtime.database, service.infrastructure.access_log), runtime.clock)


def _sealing(service: Service, runtime: Runtime) -> Timer:
    def seal() -> None:
        seal_rows(runtime.database, service.infrastructure)

    return Timer("seal_audit", SEAL_SECONDS, seal)


def _access_control(suite: SuiteSettings) -> AccessControl:
    keys = suite.identity_trusted_keys.get_secret_value()
    if not keys:
        raise SystemExit(
            "IDENTITY_TRUSTED_KEYS is empty: this process could not verify any caller. Set it to the JWKS."
        )
    return AccessControl(TokenVerifier(keys), suite.clock())


def _end_calls(runtimes: Sequence[Runtime]) -> None:
    """The worker that a call waits for may be this one, which takes no calls any more."""
    for runtime in runtimes:
        runtime.end_calls(CALLS_END_SECONDS)

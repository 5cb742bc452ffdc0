"""A service's bus transport: a nameko service class derived from its contract, its subscriptions and its timers.

Only for the patched worker process. The class holds no logic: rpc methods go to the contract, events to the service's
handlers (docs/adr/0003 says why nameko stays behind this file). Streaming methods are left out: the bus has no streams.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from eventlet.patcher import original
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from nameko.timer import timer

from chassis import telemetry
from chassis.access import Admission, carry_person_token
from chassis.bus.answer import pack_answer
from chassis.bus.client import PERSON_TOKEN, bus_name
from chassis.bus.consumer_liveness import ConsumerLiveness, rpc
from chassis.bus.database_waits import bound_database_waits
from chassis.bus.delivery import ReceivedMessage, is_permanent
from chassis.bus.publish import HEARTBEAT_SECONDS, open_connection
from chassis.bus.rpc_error import RemoteFault
from chassis.bus.subscribe import Forwarded, Subscribe
from chassis.bus.topology import EventQueue, declare_call_queues
from chassis.bus.worker_spec import Subscription, Timer
from chassis.contract import ServedContract, is_client_streaming, request_class, snake_case
from chassis.error_mapping import mapping_of
from chassis.kernel import DomainError, InvalidInput, Unavailable
from chassis.liveness import Loop, LoopLiveness

# Greenlets of one service: more than all calls, events and timers that it can have at once, so that none waits for
# another to end: a handler whose call waits behind other handlers waits for itself. They are bounded by what each
# consumer takes ahead (CALLS_AT_ONCE, EVENTS_AT_ONCE). More workers scale further.
MAX_WORKERS = 100


class ContextData(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Hands the message's context headers to the method."""

    def get_dependency(self, worker_ctx: Any) -> dict[str, Any]:
        data: dict[str, Any] = worker_ctx.data
        return data


def service_class(
    contract: ServedContract,
    access: Admission,
    subscriptions: Sequence[Subscription],
    timers: Iterable[Timer],
    forwarded: Forwarded,
) -> type:
    """The nameko service of one contract."""
    name = bus_name(contract.descriptor)
    members: dict[str, Any] = {"name": name, "context": ContextData()}
    for method in contract.descriptor.methods:
        if is_client_streaming(method):
            continue
        members[snake_case(method.name)] = _rpc_method(contract, method, access)
    for subscription in subscriptions:
        handler = _event_handler(subscription, EventQueue(name, subscription.event_type), forwarded)
        members[handler.__name__] = handler
    for job in timers:
        members[job.name] = _timer_method(job)
    return type(f"{name.capitalize()}Worker", (), members)


def prepare_worker(services: Sequence[type], amqp_url: str) -> ServiceRunner:
    """A worker of these services that does not run yet."""
    config = {
        "AMQP_URI": amqp_url,
        "HEARTBEAT": HEARTBEAT_SECONDS,
        "max_workers": MAX_WORKERS,
        "ACCEPT": ["json"],
        "serializer": "json",
    }
    runner = ServiceRunner(config)
    for service in services:
        runner.add_service(service)
    return runner


def consumer_loops(runner: ServiceRunner) -> dict[str, Loop]:
    """The loops of a worker: for each service one that takes its calls, and one for its events."""
    return {
        f"{container.service_name} {consumer.takes}": consumer
        for container in runner.containers
        for consumer in container.extensions
        if isinstance(consumer, ConsumerLiveness)
    }


def check_worker(runner: ServiceRunner) -> None:
    """Raise unless every service takes calls and events from the broker; for readiness."""
    for container in runner.containers:
        if not all(consumer.consuming for consumer in container.extensions if isinstance(consumer, ConsumerLiveness)):
            raise RuntimeError(f"{container.service_name} does not consume")


def run_worker(runner: ServiceRunner, liveness: LoopLiveness, before_stop: Callable[[], None]) -> None:
    """Run the worker until SIGTERM or SIGINT; messages under way are finished first."""
    # a thread of the operating system: a greenlet that never yields holds up all others
    liveness.start(original("threading"), original("time"))
    bound_database_waits()
    stop = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: stop.set())
    _declare_call_queues(runner)
    runner.start()
    telemetry.get_logger().info("worker runs", count=len(runner.containers))
    waiter = threading.Thread(target=_end_when_dead, args=(runner,), daemon=True)
    waiter.start()
    stop.wait()
    before_stop()
    runner.stop()


def _declare_call_queues(runner: ServiceRunner) -> None:
    with open_connection(runner.config["AMQP_URI"]) as connection:
        declare_call_queues(connection, runner.service_names)


def _end_when_dead(runner: ServiceRunner) -> None:
    """A container that died takes the process with it, so that the supervisor starts a new one."""
    try:
        runner.wait()
    except Exception as error:
        telemetry.get_logger().error("worker died", exc_info=error)
        os._exit(1)


def _rpc_method(contract: ServedContract, method: MethodDescriptor, access: Admission) -> Any:
    def call(self: Any, payload: dict[str, Any]) -> dict[str, Any]:
        telemetry.start_trace(self.context.get("traceparent"))
        try:
            answer = _answer(contract, method, access, self.context, payload)
        except DomainError as refusal:
            telemetry.CALLS.labels("bus", method.full_name, mapping_of(refusal).grpc).inc()
            raise RemoteFault.of(refusal) from None
        except Exception as error:
            # the caller learns nothing of it: exception arguments may hold what a person typed
            telemetry.get_logger().error("call failed", method=method.full_name, exc_info=error)
            telemetry.CALLS.labels("bus", method.full_name, "INTERNAL").inc()
            raise RemoteFault.of(Unavailable("Something went wrong on our side. Please try again.")) from None
        telemetry.CALLS.labels("bus", method.full_name, "OK").inc()
        return answer

    call.__name__ = snake_case(method.name)
    return rpc(expected_exceptions=RemoteFault)(call)


def _answer(
    contract: ServedContract, method: MethodDescriptor, access: Admission, context: dict[str, Any], payload: Any
) -> dict[str, Any]:
    caller = access.admit(method, context.get("caller_token"), context.get(PERSON_TOKEN))
    if float(context.get("deadline") or "inf") < time.time():
        raise Unavailable("The call arrived after its deadline.")
    try:
        if not isinstance(payload, dict):  # protobuf would read a text or list as a message without fields
            raise TypeError
        request = json_format.ParseDict(payload, request_class(method)(), ignore_unknown_fields=True)
    except (json_format.ParseError, TypeError, AttributeError):
        raise InvalidInput("The request is not the message that this method takes.", code="malformed") from None
    with telemetry.CALL_SECONDS.labels("bus", method.full_name).time():
        response = contract.handle(method, request, caller)
    return pack_answer(response, context)


def _event_handler(subscription: Subscription, queue: EventQueue, forwarded: Forwarded) -> Any:
    def handle(self: Any, received: ReceivedMessage) -> None:
        telemetry.start_trace(received.headers.get("traceparent"))
        carry_person_token("")  # an event may be handled days after the person's token ended
        subscription.handler(*received.parse(subscription.message))

    handle.__name__ = "on_" + subscription.event_type.replace(".", "_")
    return Subscribe.decorator(queue, forwarded=forwarded)(handle)


def _timer_method(job: Timer) -> Any:
    def tick(self: Any) -> None:
        telemetry.start_trace(None)  # what it publishes belongs together, and to no call
        carry_person_token("")
        try:
            job.run()
        except Exception as error:
            # the next tick tries again; a timer must not take its worker down
            level = "warning" if not is_permanent(error) else "error"
            getattr(telemetry.get_logger(), level)("timer failed", step=job.name, exc_info=error)

    tick.__name__ = job.name
    return timer(interval=job.seconds, eager=job.at_start)(tick)

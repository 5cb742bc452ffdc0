"""Outbox -> RabbitMQ for one service or several, and their feeds: ``python -m chassis.relay quote enrollment``.

It knows no service. A service's database is in the settings under its name, the tables are those that every service
has, and what becomes of an event that finds no queue stands in the contract.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from chassis import telemetry
from chassis.bus.forward import FeedForwarders, FeedSource
from chassis.bus.relay import Relay
from chassis.contract_options import PublishedEvent, published_events
from chassis.db import Database, infrastructure_tables
from chassis.health import Check, serve_health_port
from chassis.liveness import LoopLiveness
from chassis.settings import ServiceSettings, load_service, load_suite
from chassis.signals import stop_event

# Sent rows and inbox rows are swept this often; they are kept for days, so the hour does not matter.
PRUNE_SECONDS = 3600.0


def main(services: Sequence[str]) -> None:
    if not services:
        raise SystemExit("Usage: python -m chassis.relay SERVICE...")
    run_relay({service: load_events(service) for service in services})


def load_events(service: str) -> dict[str, PublishedEvent]:
    """What a service publishes, as its contract says."""
    name = f"suite.{service}.v1.{service}_events_pb2"
    try:
        return published_events(importlib.import_module(name).DESCRIPTOR)
    except ModuleNotFoundError:
        raise SystemExit(f"No service named {service} publishes events.") from None


def run_relay(published: Mapping[str, Mapping[str, PublishedEvent]]) -> None:
    """Send the outboxes of these services, a thread for each, and forward their feeds, until told to stop.

    ``published``: events by service.
    """
    telemetry.configure_logging("relay" if len(published) > 1 else f"{next(iter(published))}-relay")
    suite = load_suite()
    amqp_url = suite.amqp_url.get_secret_value()
    stop = stop_event()
    feeds = FeedForwarders({service: _feed_source(service) for service in published}, amqp_url)
    relays = {service: _relay(service, amqp_url, events, feeds.wake) for service, events in published.items()}
    checks: dict[str, Check] = {service: _raise_unless(relay.healthy) for service, relay in relays.items()}
    liveness = LoopLiveness({**relays, "feeds": feeds})
    serve_health_port(suite, checks, liveness.checks)
    loops: list[Relay | FeedForwarders] = [*relays.values(), feeds]
    threads = [threading.Thread(target=loop.run, args=(stop,), name="relay") for loop in loops]
    for thread in threads:
        thread.start()
    liveness.start()
    telemetry.get_logger().info("relay runs", count=len(relays))
    while not stop.wait(PRUNE_SECONDS):
        for relay in relays.values():
            _prune(relay)
    for thread in threads:
        thread.join()


def _relay(service: str, amqp_url: str, events: Mapping[str, PublishedEvent], on_sent: Callable[[], None]) -> Relay:
    needs_subscriber = {wire_type: event.needs_subscriber for wire_type, event in events.items()}
    tables = infrastructure_tables(MetaData())
    return Relay(service, open_database(service), tables, amqp_url, needs_subscriber, on_sent)


def _feed_source(service: str) -> FeedSource:
    """With connections of its own: forwarders hold theirs while they wait for an outsider's queue."""
    return FeedSource(open_database(service), infrastructure_tables(MetaData()).feeds)


def open_database(service: str) -> Database:
    """The one that the settings name."""
    return Database(load_service(ServiceSettings, service).database_url.get_secret_value())


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


if __name__ == "__main__":
    main(sys.argv[1:])

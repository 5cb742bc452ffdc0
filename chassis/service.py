"""Composition: what a service is made of.

Each service's ``__main__`` describes itself as a :class:`Service` and builds its :class:`Parts` from a
:class:`Runtime`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.bus.topology import EventQueue
from chassis.bus.worker_spec import Subscription, Timer
from chassis.contract import Contract
from chassis.crypto import derive_key
from chassis.db import Database
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.signature import KEY_PURPOSE as AUDIT_KEY_PURPOSE
from chassis.identity import TokenIssuer
from chassis.kernel import Clock, Unavailable
from chassis.paging import KEY_PURPOSE, PageTokens
from chassis.settings import ServiceSettings, Settings, SettingsError, SuiteSettings, load_service

if TYPE_CHECKING:
    from chassis.bus.client import BusClient


class Runtime:
    """What the outside gives to one service in this process; parts are made when first asked for."""

    def __init__(self, name: str, suite: SuiteSettings, *, calls_wait: float | None = None) -> None:
        """``calls_wait``: seconds that a call over the bus waits where it says nothing else; a person's, without it."""
        self.name = name
        self.suite = suite
        self._calls_wait = calls_wait

    def settings(self, kind: type[Settings]) -> Settings:
        return load_service(kind, self.name)

    @cached_property
    def clock(self) -> Clock:
        return self.suite.clock()

    @cached_property
    def database(self) -> Database:
        url = self.settings(ServiceSettings).database_url.get_secret_value()
        return Database(url, lambda: self.derive_key(AUDIT_KEY_PURPOSE))

    @cached_property
    def issuer(self) -> TokenIssuer:
        return TokenIssuer(self.settings(ServiceSettings).identity_key.get_secret_value())

    def derive_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, from the service's identity key: all its processes have them, and nobody else."""
        jwk = self.settings(ServiceSettings).identity_key.get_secret_value()
        if not jwk:
            name = f"{self.name.upper()}_IDENTITY_KEY"
            raise SettingsError(f"{name} is empty, so links and page tokens cannot be protected. Set the private JWK.")
        return derive_key(jwk, purpose)

    @cached_property
    def page_tokens(self) -> PageTokens:
        return PageTokens.with_key(self.derive_key(KEY_PURPOSE))

    @cached_property
    def bus(self) -> BusClient:
        from chassis.bus import client  # brings nameko, which migrate does without

        seconds = client.DEADLINE_SECONDS if self._calls_wait is None else self._calls_wait
        return client.BusClient.of(self.suite.amqp_url.get_secret_value(), self.issuer, seconds)

    def count_unhandled(self, service: str, event_type: str) -> int:
        """How many events in that queue of a service no worker has handled yet; 0 when none waits."""
        from chassis.bus import publish, subscribe, topology  # bring nameko, as the client does

        try:
            with publish.open_connection(self.suite.amqp_url.get_secret_value()) as connection:
                return topology.count_unhandled(connection, EventQueue(service, event_type), subscribe.EVENTS_AT_ONCE)
        except publish.BROKER_ERRORS as lost:
            raise Unavailable("The message broker does not answer.") from lost

    def end_calls(self, seconds: float) -> None:
        """Calls that wait over the bus are answered within that time, or given up."""
        if "bus" in self.__dict__:
            self.bus.give_up_within(seconds)


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """A built service: its contract, its subscriptions and its timers."""

    contract: Contract
    subscriptions: Sequence[Subscription] = ()
    timers: Sequence[Timer] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its processes see it."""

    name: str
    # Folder with ``env.py``-less alembic revisions (``versions``).
    migrations: Path
    infrastructure: InfrastructureTables
    build: Callable[[Runtime], ServiceParts]
    # Event types that it subscribes to: known without building it, so that ``migrate`` can declare the queues.
    subscribes_to: Sequence[str] = ()
    # Loads what the service cannot work without (catalogue, directory); quick when nothing changed.
    seed: Callable[[Runtime], None] | None = None
    # Commands of its own, such as the hosted payment page.
    commands: Mapping[str, Callable[[Runtime], None]] = field(default_factory=dict)

    @property
    def grants(self) -> Path:
        """What its processes may do in its database: SQL beside the migrations."""
        return self.migrations.with_name("grants.sql")

    @property
    def queues(self) -> list[EventQueue]:
        return [EventQueue(self.name, event_type) for event_type in self.subscribes_to]

"""A gateway in this process: real database, real tokens, real gRPC; behind it services that answer as told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from starlette.testclient import TestClient
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import enrollment_service_pb2
from suite.payment.v1 import payment_service_pb2
from suite.pcp.v1 import pcp_service_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.contract import Contract, response_class, snake_case
from chassis.crypto import KEY_BYTES, LocalKey
from chassis.identity import Caller, TokenIssuer, generate_private_jwk
from chassis.rpc.server import RpcServer
from gateway.app import create_app
from gateway.edge.context import GatewayContext
from gateway.edge.service_clients import ServiceClients
from gateway.forms.drafts import FormDrafts
from gateway.identity.composition import compose_identity
from gateway.notifications.unread_streams import UnreadStreams
from gateway.settings import SERVICES, WebSettings
from gateway.store.database import GatewayDatabase
from tests.access_rules import access_of

ORIGIN = "http://testserver"
SERVICE_DESCRIPTORS = [
    file.services_by_name[name]
    for file, name in (
        (quote_service_pb2.DESCRIPTOR, "QuoteService"),
        (enrollment_service_pb2.DESCRIPTOR, "EnrollmentService"),
        (pcp_service_pb2.DESCRIPTOR, "PcpService"),
        (payment_service_pb2.DESCRIPTOR, "PaymentService"),
        (documents_service_pb2.DESCRIPTOR, "DocumentsService"),
    )
]

Answer = Message | Exception | Callable[[Any, Caller], Message]


class MovableClock:
    """A clock for sessions that tests push forward."""

    def __init__(self) -> None:
        self._now = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        self._now += step


class RealClock(MovableClock):
    """Goes with the time of the machine, as another process's does, and can be pushed forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, step: timedelta) -> None:
        self._ahead += step


@dataclass
class FakeServices:
    """The services behind the gateway: what each rpc answers, and what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Any, Caller]] = field(default_factory=list)

    def last(self, rpc: str) -> Any:
        return next(request for name, request, _ in reversed(self.asked) if name == rpc)

    def answer(self, name: str, empty: Message, request: Any, caller: Caller) -> Message:
        self.asked.append((name, request, caller))
        answer = self.answers.get(name, empty)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Message) else answer(request, caller)

    def contracts(self) -> list[Contract]:
        return [self._contract(descriptor) for descriptor in SERVICE_DESCRIPTORS]

    def _contract(self, descriptor: Any) -> Contract:
        members: dict[str, Any] = {"descriptor": descriptor}
        for method in descriptor.methods:
            members[snake_case(method.name)] = self._method(method)
        return type(f"Told{descriptor.name}", (Contract,), members)()  # type: ignore[no-any-return]  # a class made here

    def _method(self, method: Any) -> Callable[[Any, Any, Caller], Message]:
        def told(_self: Any, request: Any, caller: Caller) -> Message:
            return self.answer(method.name, response_class(method)(), request, caller)

        return told


@dataclass
class GatewayHarness:
    """One gateway and everything around it that a test may turn."""

    client: TestClient
    fake_services: FakeServices
    clock: MovableClock
    gateway: GatewayContext

    def sign_in(self, email: str = "producer@example.com") -> dict[str, str]:
        """Headers of a person who signed in as a front end does."""
        answer = self.client.post("/api/v1/sessions", json={"email": email, "password": "demo"})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}


def make_gateway(database_url: str, web: WebSettings, clock: MovableClock, key: str) -> GatewayContext:
    database = GatewayDatabase(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    identity = compose_identity(database, web, key, LocalKey(os.urandom(KEY_BYTES), "test"), clock)
    return GatewayContext(
        settings=web,
        database=database,
        services=ServiceClients(web.rpc_addresses, TokenIssuer(key), clock),
        sessions=identity.sessions,
        sign_in=identity.sign_in,
        password_changes=identity.password_changes,
        api_clients=identity.api_clients,
        clock=clock,
        drafts=FormDrafts.with_key(database, clock, key),
        unread_streams=UnreadStreams(database, clock, web.session_limits),
        organization_sign_in=identity.organization_sign_in,
    )


@contextmanager
def harness(database_url: str, clock: MovableClock | None = None, /, **settings: Any) -> Iterator[GatewayHarness]:
    key = generate_private_jwk("gateway")
    fake_services, clock = FakeServices(), clock or MovableClock()
    server = RpcServer(fake_services.contracts(), access_of(key, clock=clock), reflection_on=False)
    address = f"127.0.0.1:{server.start('127.0.0.1:0')}"
    addresses: dict[str, Any] = {f"{service}_rpc_address": address for service in SERVICES}
    web = WebSettings(suite_env="test", portal_url=ORIGIN, **addresses, **settings)
    gateway = make_gateway(database_url, web, clock, key)
    try:
        with TestClient(create_app(gateway), base_url=ORIGIN, raise_server_exceptions=False) as client:
            client.follow_redirects = False
            yield GatewayHarness(client, fake_services, clock, gateway)
    finally:
        server.stop()

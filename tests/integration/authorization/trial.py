"""Tries a case on the real suite, over gRPC, the bus or HTTP, and says what was decided and what was shown."""

from __future__ import annotations

import asyncio
import contextvars
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import grpc
import grpc.aio
import httpx
from google.protobuf import json_format

from chassis.access import carried_person_token, carry_person_token
from chassis.bus.client import BusClient
from chassis.contract import is_client_streaming, request_class, response_class
from chassis.identity import TokenIssuer, generate_private_jwk
from chassis.kernel import DomainError, Forbidden, NotFound, Unauthenticated, Unavailable
from chassis.rpc.client import RpcClient
from chassis.rpc.status import from_call
from gateway.api.route_table import PREFIX
from tests.integration.authorization.operations import STALE, Operation, fields_of, message_of
from tests.integration.authorization.reference_model import Caller, Decision, Target
from tests.integration.authorization.world import Records, World, caller_of

GRPC, BUS, HTTP = "gRPC", "bus", "HTTP"
# At once, of one transport: enough to keep two processors busy, and few enough for every call to end in time.
AT_ONCE = 6
DEADLINE_SECONDS = 60.0
TRIES = 4
_TRACE = re.compile(r"\b[0-9a-f]{32}\b")
_NAMES = re.compile(r"A-\d+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b7000000\d\d\b")
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One decision: who asks for what, over which transport, and what the model says."""

    transport: str
    caller: Caller
    operation: Operation
    target: Target
    records: Records
    expected: Decision

    def __str__(self) -> str:
        who = self.caller.service + " for " * bool(self.caller.service and self.caller.person)
        who += self.caller.person.email if self.caller.person else ""
        what = self.target.number if self.target.exists else "what there is not"
        return f"{self.transport} {self.operation.name}: {who or 'nobody'} asks for {what or 'nothing in particular'}"


@dataclass(frozen=True)
class Told:
    """``form``: of a refusal, everything of it but the names that were asked for; ``shown``: the names in an answer."""

    decision: Decision
    form: str = ""
    shown: frozenset[str] = frozenset()


class ServiceFault(Exception):
    """Something that is no decision: a fault, or no answer in time."""


@dataclass
class Trial:
    """``rpc_port``: of a process that serves the services over gRPC where it is not the suite's."""

    world: World
    rpc_port: int = 0
    _keys: dict[str, TokenIssuer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = self.world.suite.keys
        self._keys = {name: TokenIssuer(keys[f"identity.{name}"]) for name in ("gateway", *_services())}
        self._stranger = TokenIssuer(generate_private_jwk("gateway"))

    def try_all(self, cases: Sequence[Case]) -> list[Told | ServiceFault]:
        """In the order of the cases."""
        return asyncio.run(self._try_all(cases))

    async def _try_all(self, cases: Sequence[Case]) -> list[Told | ServiceFault]:
        room = {transport: asyncio.Semaphore(AT_ONCE) for transport in (GRPC, BUS, HTTP)}
        address = f"127.0.0.1:{self.rpc_port or self.world.suite.ports.rpc}"
        client, http = RpcClient(address), httpx.AsyncClient(base_url=self.world.suite.ports.portal_url, timeout=60)
        buses = {
            name: BusClient.of(self.world.suite.broker.url, issuer) for name, issuer in self._bus_issuers().items()
        }

        async def one(case: Case) -> Told | ServiceFault:
            async with room[case.transport]:
                for attempt in range(TRIES):
                    try:
                        if case.transport == HTTP:
                            return await self._over_http(http, case)
                        if case.transport == BUS:
                            return await asyncio.to_thread(self._over_the_bus, buses, case)
                        return await self._over_grpc(client, address, case)
                    except (Unavailable, httpx.TransportError) as error:
                        if attempt + 1 == TRIES:
                            return ServiceFault(f"{case}: {error}")
                        await asyncio.sleep(1)
                raise AssertionError("not reached")

        try:
            return list(await asyncio.gather(*map(one, cases)))
        finally:
            await client.close()
            await http.aclose()
            for bus in buses.values():
                bus.close()

    def _bus_issuers(self) -> dict[str, TokenIssuer]:
        """Of services, and of people who come without one."""
        strangers = {f"not {name}": TokenIssuer(generate_private_jwk(name)) for name in self._keys}
        return {**self._keys, **strangers, "": _PersonsOwn()}

    def token(self, caller: Caller) -> str:
        """Of the person alone."""
        if not caller.person:
            return ""
        issuer = self._keys["gateway"] if caller.believed else self._stranger
        return issuer.issue(caller_of(caller.person, datetime.now(UTC)))

    async def _over_grpc(self, client: RpcClient, address: str, case: Case) -> Told:
        token = self._keys[case.caller.service].issue_for_self() if case.caller.service else self.token(case.caller)
        if case.caller.service and not case.caller.believed:
            token = TokenIssuer(generate_private_jwk(case.caller.service)).issue_for_self()
        rpc = case.operation.rpc
        try:
            if is_client_streaming(rpc):
                await _stream(address, rpc, token)
                return Told(Decision.ADMITTED)
            answer = await client.call(rpc, self._message(case), token, DEADLINE_SECONDS)
        except DomainError as refusal:
            return told_of(refusal)
        return Told(Decision.ADMITTED, shown=names_in(json_format.MessageToJson(answer)))

    def _over_the_bus(self, buses: dict[str, BusClient], case: Case) -> Told:
        rpc = case.operation.rpc

        def call() -> Told:
            carry_person_token(self.token(case.caller))
            try:
                service = case.caller.service
                bus = buses[service if case.caller.believed or not service else f"not {service}"]
                answer = bus.call(
                    rpc.containing_service, rpc.name, self._message(case), response_class(rpc), DEADLINE_SECONDS
                )
            except DomainError as refusal:
                return told_of(refusal)
            return Told(Decision.ADMITTED, shown=names_in(json_format.MessageToJson(answer)))

        return contextvars.copy_context().run(call)

    async def _over_http(self, http: httpx.AsyncClient, case: Case) -> Told:
        route = case.operation.route
        assert route is not None
        fields = fields_of(case.operation, self.world, case.records)
        path = PREFIX + route.path.format_map(fields)
        params = {name: fields[part] for name, part in route.query.items() if part in fields}
        headers = {"Idempotency-Key": key_of(case), "If-Match": f'"{STALE}"'}
        if case.caller.person:
            secret = self.world.sessions[case.caller.person.email] if case.caller.believed else "x" * 43
            headers["Authorization"] = f"Bearer {secret}"
        body: dict[str, Any] = {}
        if route.consumes:
            body = {"content": b"%PDF-"}
            headers["Content-Type"] = "application/pdf"
        elif route.body:
            example = dict(case.operation.example)
            if "writing_number" in example:
                example["writing_number"] = case.records.number
            body = {"json": example}
        answer = await http.request(route.verb, path, params=params, headers=headers, **body)
        if answer.status_code in (500, 502, 503, 504):
            raise Unavailable(f"{answer.status_code} {answer.text[:200]}")
        decision = _STATUSES.get(answer.status_code, Decision.ADMITTED)
        if decision is Decision.ADMITTED:
            is_text = "json" in answer.headers.get("content-type", "")
            return Told(decision, shown=names_in(answer.text) if is_text else frozenset())
        kind = answer.headers.get("content-type", "")
        return Told(decision, without_names(f"{answer.status_code} {kind} {answer.text}"))

    def _message(self, case: Case) -> Any:
        return message_of(case.operation, self.world, case.records, key_of(case))


class _PersonsOwn(TokenIssuer):
    """Signs with the token of the person who is carried, as somebody would who reaches the broker."""

    def __init__(self) -> None:
        """Without a key."""

    def issue_for_self(self, audience: str = "") -> str:
        return carried_person_token()


_STATUSES = {401: Decision.UNAUTHENTICATED, 403: Decision.FORBIDDEN, 404: Decision.NOT_FOUND}


def told_of(refusal: DomainError) -> Told:
    """Raises what is no decision."""
    if isinstance(refusal, Unavailable):
        raise refusal
    form = without_names(f"{type(refusal).__name__} {refusal.code} {refusal.message} {refusal.problems}")
    if isinstance(refusal, Unauthenticated):
        return Told(Decision.UNAUTHENTICATED, form)
    if isinstance(refusal, Forbidden):
        return Told(Decision.FORBIDDEN, form)
    if isinstance(refusal, NotFound):
        return Told(Decision.NOT_FOUND, form)
    return Told(Decision.ADMITTED, shown=names_in(refusal.message))


def names_in(text: str) -> frozenset[str]:
    """Record numbers, ids and writing numbers."""
    return frozenset(_NAMES.findall(text))


def without_names(text: str) -> str:
    return _TRACE.sub("TRACE", _NAMES.sub("NAME", text))


def key_of(case: Case) -> str:
    """One for each operation and record, so that whoever asks again makes nothing new."""
    return f"model-{case.operation.rpc.name}-{case.records.number}"


def _services() -> Iterator[str]:
    yield from ("quote", "enrollment", "pcp", "payment", "documents")


async def _stream(address: str, rpc: Any, token: str) -> None:
    """Nothing in, nothing out."""
    service, _, name = rpc.full_name.rpartition(".")
    async with grpc.aio.insecure_channel(address) as channel:
        stub = channel.stream_stream(
            f"/{service}/{name}",
            request_serializer=request_class(rpc).SerializeToString,
            response_deserializer=response_class(rpc).FromString,
        )
        call = stub(iter(()), metadata=(("authorization", f"Bearer {token}"),), timeout=DEADLINE_SECONDS)
        try:
            async for _ in call:
                pass
        except grpc.aio.AioRpcError as failed:
            raise from_call(failed) from None

"""One contract, two transports: gRPC and the bus give the same answers, refusals and silences."""

from __future__ import annotations

import asyncio
import contextvars
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from nameko.standalone.rpc import ClusterRpcProxy

from chassis.access import carry_person_token
from chassis.bus import publish
from chassis.bus.client import BusClient
from chassis.identity import Caller, CallerKind, TokenIssuer, generate_private_jwk
from chassis.kernel import DomainError, InvalidInput, Problem, Unauthenticated, Unavailable, new_id
from chassis.rpc.client import RpcClient
from deploy.local.ports import free_port
from tests.integration.chassis.processes import Toy
from tests.integration.chassis.toy import messages
from tests.integration.chassis.toy.service import SECRET
from tests.integration.chassis.waiting import until

METHODS = messages.SERVICE.methods_by_name
FORGED = TokenIssuer(generate_private_jwk("toy"))
COMPRESSED_CALL = zlib.compress(b'{"args": [{}], "kwargs": {}}')


@dataclass
class Transports:
    """A toy that serves at both doors, and clients for them."""

    toy: Toy
    grpc_address: str

    def over_grpc(self, method: str, request: Any, issuer: TokenIssuer | None = None, deadline: float = 5.0) -> Any:
        async def call() -> Any:
            client = RpcClient(self.grpc_address)
            try:
                token = (issuer or self.toy.issuer).issue_for_self()
                return await client.call(METHODS[method], request, token, deadline)
            finally:
                await client.close()

        return asyncio.run(call())

    def over_the_bus(self, method: str, request: Any, issuer: TokenIssuer | None = None, deadline: float = 5.0) -> Any:
        client = BusClient.of(self.toy.amqp_url, issuer or self.toy.issuer)
        response = messages.message(METHODS[method].output_type.name)
        try:
            return client.call(messages.SERVICE, method, request, response, deadline)
        finally:
            client.close()


Call = Callable[..., Any]


@pytest.fixture(scope="module")
def transports(module_toy: Toy) -> Transports:
    port = free_port()
    module_toy.start("rpc", RPC_PORT=str(port))
    module_toy.start("worker")
    serving = Transports(module_toy, f"127.0.0.1:{port}")
    until(lambda: answers(serving.over_grpc))
    until(lambda: answers(serving.over_the_bus))
    return serving


@pytest.fixture(params=["over_grpc", "over_the_bus"])
def call(transports: Transports, request: pytest.FixtureRequest) -> Call:
    door: Call = getattr(transports, request.param)
    return door


def answers(door: Call) -> bool:
    try:
        door("WhoAmI", messages.Nothing())
    except Unavailable:
        return False
    return True


def refusal_of(door: Call, method: str) -> DomainError:
    with pytest.raises(DomainError) as raised:
        door(method, messages.Nothing())
    return raised.value


def test_a_call_is_answered_and_knows_its_caller(call: Call) -> None:
    answer = call("WhoAmI", messages.Nothing())
    assert (answer.kind, answer.subject) == ("service", "toy")


def test_a_person_whom_the_gateway_vouches_for_is_believed(transports: Transports) -> None:
    async def who_am_i() -> Any:
        client = RpcClient(transports.grpc_address)
        token = TokenIssuer(transports.toy.gateway_key).issue(Caller(CallerKind.PRODUCER, "producer@example.com"))
        answer = await client.call(METHODS["WhoAmI"], messages.Nothing(), token)
        await client.close()
        return answer

    assert asyncio.run(who_am_i()).subject == "producer@example.com"


def test_a_call_over_the_bus_is_made_for_the_person_whom_the_service_serves(transports: Transports) -> None:
    token = TokenIssuer(transports.toy.gateway_key).issue(Caller(CallerKind.PRODUCER, "producer@example.com"))

    def for_a_person() -> str:
        carry_person_token(token)
        answer = transports.over_the_bus("WhoAmI", messages.Nothing())
        return f"{answer.kind} {answer.subject}"

    assert contextvars.copy_context().run(for_a_person) == "producer producer@example.com"
    answer = transports.over_the_bus("WhoAmI", messages.Nothing())
    assert (answer.kind, answer.subject) == ("service", "toy"), "a call that nobody asked for is the service's own"


def test_a_required_field_that_is_not_given_is_named(call: Call) -> None:
    with pytest.raises(InvalidInput) as raised:
        call("Note", messages.NoteRequest())
    assert raised.value.code == "missing_field"
    assert [problem.field for problem in raised.value.problems] == ["text"]


def test_a_refusal_arrives_with_its_code_sentence_and_problems(call: Call) -> None:
    refusal = refusal_of(call, "Refuse")
    assert type(refusal) is InvalidInput
    assert (refusal.code, refusal.message) == ("two_things", "Two things are wrong.")
    assert refusal.problems == (
        Problem("members[2].age", "Please give an age.", "R26"),
        Problem("", "And correct the rest."),
    )


def test_an_unexpected_error_tells_the_caller_nothing(call: Call) -> None:
    refusal = refusal_of(call, "Fail")
    assert isinstance(refusal, Unavailable)
    assert SECRET not in f"{refusal} {refusal.__cause__!r} {refusal.__context__!r}"


def test_an_unexpected_error_leaves_its_kind_in_the_log_and_not_what_was_typed(
    transports: Transports, call: Call
) -> None:
    refusal_of(call, "Fail")
    name = "worker" if call.__name__ == "over_the_bus" else "rpc"
    until(lambda: '"error_type": "ValueError"' in transports.toy.log(name).read_text())
    log = transports.toy.log(name).read_text()
    assert not [word for word in SECRET.split() if word in log]


def test_a_token_signed_with_a_key_that_nobody_trusts_is_refused(call: Call) -> None:
    with pytest.raises(Unauthenticated):
        call("WhoAmI", messages.Nothing(), issuer=FORGED)


def test_a_caller_waits_no_longer_than_its_deadline(call: Call) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        call("Wait", messages.WaitRequest(seconds="3"), deadline=0.3)
    assert time.monotonic() - began < 30.0  # a loaded machine takes seconds; who waited for an answer took the deadline


def test_the_same_connection_goes_on_after_an_answer_that_came_too_late(transports: Transports) -> None:
    client = BusClient.of(transports.toy.amqp_url, transports.toy.issuer)
    with pytest.raises(Unavailable):
        client.call(messages.SERVICE, "Wait", messages.WaitRequest(seconds="0.6"), messages.Nothing, deadline=0.3)
    for _ in range(5):  # while the late answer arrives
        answer = client.call(messages.SERVICE, "WhoAmI", messages.Nothing(), messages.WhoAmIResponse)
        assert answer.subject == "toy"
    client.close()


def test_a_service_that_is_not_there_is_said_to_be_unavailable_at_once(transports: Transports) -> None:
    client = BusClient.of(transports.toy.amqp_url, transports.toy.issuer, deadline=60.0)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="absent"):
        client.call(messages.ABSENT_SERVICE, "Ask", messages.Nothing(), messages.Nothing)
    assert time.monotonic() - began < 30.0  # a loaded machine takes seconds; who waited for an answer took the deadline
    client.close()


def test_a_grpc_port_where_nobody_listens_is_unavailable(transports: Transports) -> None:
    away = Transports(transports.toy, f"127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable):
        away.over_grpc("WhoAmI", messages.Nothing())


def test_a_call_that_came_after_its_deadline_is_not_carried_out(
    transports: Transports, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, real_time = new_id(), time.time
    monkeypatch.setattr(time, "time", lambda: real_time() - 10)  # the request says that its time was over 5 s ago
    with pytest.raises(Unavailable, match="deadline"):
        transports.over_the_bus("Note", messages.NoteRequest(text="late", key=key))
    assert transports.toy.rows("select 1 from idempotency where key = :key", {"key": key}) == []


def test_a_nameko_service_of_somebody_else_calls_with_nameko_s_own_proxy(transports: Transports) -> None:
    context = {"caller_token": transports.toy.issuer.issue_for_self()}
    with ClusterRpcProxy({"AMQP_URI": transports.toy.amqp_url}, context_data=context, timeout=5) as proxy:
        assert proxy.toy.who_am_i({}) == {"kind": "service", "subject": "toy"}
        with pytest.raises(Exception, match="Two things are wrong"):
            proxy.toy.refuse({})


def send_raw_call(transports: Transports, body: bytes, **properties: Any) -> None:
    with publish.open_connection(transports.toy.amqp_url) as connection, connection.channel() as channel:
        headers = properties.pop("headers", {})
        call = channel.prepare_message(body, headers=headers, **properties)
        channel.basic_publish(call, exchange="nameko-rpc", routing_key="toy.who_am_i")


@pytest.mark.parametrize(
    "strange",
    [
        {"headers": {"compression": "snappy-of-mars"}, "content_type": "application/json"},
        {"headers": {"compression": "gzip"}, "content_type": "application/json", "body": COMPRESSED_CALL},
        {"content_type": "application/data", "content_encoding": "zlib", "body": COMPRESSED_CALL},
        {"content_encoding": "zlib", "body": COMPRESSED_CALL},
        {"content_type": "application/x-nobody"},
        {"content_type": "application/json", "body": b"[" * 100_000},
        {"content_type": "application/json", "content_encoding": "utf-8", "body": b"no json"},
        {"content_type": "application/json", "content_encoding": "utf-8", "body": b"[1]"},
    ],
)
def test_a_call_that_cannot_be_read_is_answered_with_a_refusal(transports: Transports, strange: dict[str, Any]) -> None:
    said = dict(strange)
    body = said.pop("body", b'{"args": [{}], "kwargs": {}}')
    with publish.open_connection(transports.toy.amqp_url) as connection, connection.channel() as channel:
        replies = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(replies, "nameko-rpc", routing_key=replies)
        send_raw_call(transports, body, properties={"reply_to": replies, "correlation_id": "c-1"}, **said)
        reply = until(lambda: channel.basic_get(replies, no_ack=True))
    assert json.loads(reply.body)["error"]["exc_type"] in ("MalformedRequest", "TypeError")
    assert reply.properties["correlation_id"] == "c-1"


@pytest.mark.parametrize(
    "strange", [{}, {"headers": {"compression": "snappy-of-mars"}}, {"headers": {"nameko.call_id_stack": 5}}]
)
def test_a_call_without_a_reply_address_neither_ends_the_worker_nor_comes_again(
    transports: Transports, strange: dict[str, Any]
) -> None:
    json_call = {"content_type": "application/json", "content_encoding": "utf-8"}
    send_raw_call(transports, b'{"args": [{}], "kwargs": {}}', **json_call, **strange)
    until(lambda: "call without a reply address" in transports.toy.log("worker").read_text())
    assert transports.over_the_bus("WhoAmI", messages.Nothing()).kind == "service"
    assert transports.toy.waiting("rpc-toy") == 0

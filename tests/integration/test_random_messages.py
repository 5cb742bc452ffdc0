"""Random messages to every method of every service, over gRPC and over the bus of the real suite, by all who may call.

No answer is INTERNAL, UNKNOWN or "something went wrong on our side", none repeats what was sent, each refusal of a
value names its field, and a refused request changes no row. `make fuzz` sends more of them.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.descriptor import MethodDescriptor
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from suite.payment.v1 import payment_service_pb2

from chassis.access import AccessControl
from chassis.contract import Contract
from chassis.identity import Caller, TokenVerifier, public_jwks
from chassis.kernel import NotFound, SystemClock
from chassis.rpc.server import RpcServer
from deploy.local.demo.api import Api
from deploy.local.keys import OWNERS, SERVICES
from deploy.local.suite import LocalSuite
from gateway.edge.rpcs import PAYMENT
from tests.integration.conftest import signed_in
from tests.invariants import find_broken
from tests.random_messages import CANARY, random_argument, random_request, texts_of
from tests.row_changes import RowChanges, watch_rows
from tests.sample_requests.every_method import METHODS, make_sample, service_of
from tests.sample_requests.records import SampleRecords
from tests.sample_requests.sample import Sample
from tests.suite_calls import (
    DELEGATE,
    OK,
    PRODUCER,
    WENT_WRONG,
    Answer,
    BusCalls,
    GrpcCalls,
    Tokens,
    bus_methods,
    open_bus,
    open_grpc,
    send_patiently,
    service_caller,
)

# The first test to ask for the suite waits for its start; each method has a share of the seconds.
pytestmark = [
    pytest.mark.timeout(int(os.environ.get("MESSAGE_SECONDS", "300"))),
    pytest.mark.once,
    # a sample may hold a whole document
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]
# For each method and transport. `make fuzz` sends more, and others each time.
EXAMPLES = int(os.environ.get("MESSAGE_EXAMPLES", "12"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="MESSAGE_EXAMPLES" not in os.environ,
    database=None,
    print_blob=True,
    # what is sent decides what is stored, so that an example cannot be made smaller by sending parts of it again
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),  # how long an example takes is the machine's
)
CALLERS = (PRODUCER, DELEGATE, *map(service_caller, ("gateway", *SERVICES)))
# A record for each example would take most of the time; one that a request has changed is replaced, so many times.
FRESH_SAMPLES = 6
# What may refuse a sound caller's request; RESOURCE_EXHAUSTED is gRPC's own, for a message beyond its size.
REFUSALS = {
    "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "ABORTED", "PERMISSION_DENIED",
    "UNAUTHENTICATED", "RESOURCE_EXHAUSTED",
}  # fmt: skip  # reads across, as a table
# What might be another's write is looked at again.
REPEATS = 3
# Who was told what is noted whatever the answer is, and sealed by a timer.
AUDITED = {"audit", "access_log", "audit_seals"}
# Refused requests that are meant to leave another row.
COUNTED = {"OpenReview": {"enrollment.client_review"}}  # a wrong proof counts towards the five
# What logs say of an exception that nobody expected, and of a code that the contract does not list.
BROKEN = ("call failed", "error code not in the contract")


@dataclass
class Senders:
    """One sample for each method, and the ways to send what is made of it."""

    suite: LocalSuite
    records: SampleRecords
    grpc: GrpcCalls
    bus: BusCalls
    rows: RowChanges
    samples: dict[str, Sample] = field(default_factory=dict)
    made: Counter[str] = field(default_factory=Counter)

    def sample(self, method: MethodDescriptor) -> Sample:
        if method.full_name not in self.samples:
            self.samples[method.full_name] = make_sample(method, self.records)
            self.made[method.full_name] += 1
        return self.samples[method.full_name]

    def forget_sample(self, method: MethodDescriptor) -> None:
        """What it is about has changed: the next request gets another one."""
        if self.made[method.full_name] < FRESH_SAMPLES:
            self.samples.pop(method.full_name, None)

    @property
    def known(self) -> list[str]:
        return sorted({text for one in self.samples.values() for text in texts_of(one.request)})[:200]

    def changed(self, service: str, process: str) -> set[str]:
        """Tables of a service in which that process of the suite changed a row since the last look."""
        found = self.rows.take(service)
        if not found:
            return set()
        connections = psutil.Process(self.suite.processes[process]).net_connections("tcp")
        ports = {one.laddr.port for one in connections if one.laddr}
        tables = {change.table for change in found if change.port in ports}
        return {table for table in tables if table.partition(".")[2] not in AUDITED}


@pytest.fixture(scope="module")
def senders(suite: LocalSuite) -> Iterator[Senders]:
    with ExitStack() as opened:
        api: Api = opened.enter_context(signed_in(suite, "producer@example.com"))
        calls = opened.enter_context(open_grpc(suite))
        bus = opened.enter_context(open_bus(suite))
        records = SampleRecords(suite, api, calls)
        rows = opened.enter_context(watch_rows(suite.postgres.url, suite.databases))
        yield Senders(suite, records, calls, bus, rows)


@pytest.fixture(autouse=True)
def nothing_broke(suite: LocalSuite) -> Iterator[None]:
    """No process says that something happened which nobody expected."""
    before = count_broken(suite)
    yield
    assert count_broken(suite) == before, "see the logs of rpc and worker"


def count_broken(suite: LocalSuite) -> Counter[str]:
    logs: list[Path] = [suite.state.logs / f"{name}.log" for name in ("rpc", "worker")]
    return Counter(
        line for log in logs for line in log.read_text().splitlines() if any(word in line for word in BROKEN)
    )


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@SETTINGS
@given(data=st.data())
def test_no_message_over_grpc_breaks_a_method(senders: Senders, method: MethodDescriptor, data: st.DataObject) -> None:
    sample, service = senders.sample(method), service_of(method)
    body = random_request(data.draw, sample.request, senders.known)
    caller = data.draw(st.sampled_from([sample.caller] * 6 + list(CALLERS)))
    senders.rows.take(service)

    answer = send_patiently(lambda: senders.grpc.send(method, body, caller))

    changed = senders.changed(service, "rpc")
    is_well_answered(method, answer)
    if answer.code != OK:
        unmeant = changed - COUNTED.get(method.name, set())
        assert not unmeant, f"{method.name} was refused with {answer.refusal!r} and wrote {unmeant}"
    if changed:
        senders.forget_sample(method)


@pytest.mark.parametrize("method", bus_methods(METHODS), ids=lambda method: method.name)
@settings(SETTINGS, max_examples=max(EXAMPLES // 2, 1))
@given(data=st.data())
def test_no_argument_over_the_bus_breaks_a_method(
    senders: Senders, method: MethodDescriptor, data: st.DataObject
) -> None:
    """Workers write for their own events and timers, too, so what a refused call wrote is seen by its repetition."""
    sample, service = senders.sample(method), service_of(method)
    argument = random_argument(data.draw, sample.request, senders.known)
    caller = data.draw(st.sampled_from([sample.caller] * 6 + list(CALLERS)))

    for _ in range(REPEATS):
        senders.rows.take(service)
        answer = send_patiently(lambda: senders.bus.send(method, argument, caller))
        changed = senders.changed(service, "worker")
        is_well_answered(method, answer)
        if answer.code == OK or not changed - COUNTED.get(method.name, set()):
            break
    else:
        pytest.fail(f"{method.name} was refused with {answer.refusal!r} and wrote {changed}, {REPEATS} times")
    if changed:
        senders.forget_sample(method)


def test_after_all_of_it_every_invariant_holds(senders: Senders) -> None:
    assert find_broken(senders.suite.databases) == []


def is_well_answered(method: MethodDescriptor, answer: Answer) -> None:
    """A response, or a refusal with a type, a sentence, and the fields that it is about."""
    if answer.code == OK:
        return
    refusal, where = answer.refusal, method.full_name
    assert refusal is not None
    assert answer.code in REFUSALS, f"{where}: {answer.code} {refusal}"
    assert refusal.message and refusal.code, where
    told = [refusal.message, *(text for one in refusal.problems for text in (one.field, one.message))]
    assert not [text for text in told if CANARY in text or "Traceback" in text], f"{where}: {told}"
    if answer.code == "INVALID_ARGUMENT" and refusal.code != "malformed":
        assert refusal.problems, f"{where}: no field is named: {refusal.code} {refusal.message}"
        unknown = [one.field for one in refusal.problems if not names_field(method.input_type, one.field)]
        assert not unknown, f"{where} has no such fields: {unknown}"


def names_field(kind: Any, path: str) -> bool:
    """``people[0].first_name``; several of which one is sent have a name, and paths below that one do not name it."""
    name, _, rest = path.partition(".")
    if path in kind.oneofs_by_name:
        return True
    if found := kind.fields_by_name.get(re.sub(r"\[\d+]$", "", name)):
        return not rest or (found.message_type is not None and names_field(found.message_type, rest))
    others = [one for choice in kind.oneofs if len(choice.fields) > 1 for one in choice.fields if one.message_type]
    return any(names_field(one.message_type, path) for one in others)


class BrokenPayments(Contract):
    """Breaks where a text is longer than its author thought."""

    descriptor = PAYMENT["GetPayment"].containing_service

    def get_payment(self, request: Any, _caller: Caller) -> Any:
        if len(request.record_number) > len("A-0001"):
            raise IndexError(request.record_number)
        raise NotFound("There is no such payment.")

    open_payment = create_payment_link = cancel_autopay = get_payment


def test_a_handler_that_is_broken_on_purpose_is_found(suite: LocalSuite) -> None:
    """The control: the same requests to a server of the test's own."""
    tokens, method = Tokens.of(suite), PAYMENT["GetPayment"]
    trusted = TokenVerifier(public_jwks([suite.keys[f"identity.{owner}"] for owner in OWNERS]))
    server = RpcServer([BrokenPayments()], AccessControl(trusted, SystemClock()), reflection_on=False)
    sample = payment_service_pb2.GetPaymentRequest(record_number="A-0001")
    with grpc.insecure_channel(f"127.0.0.1:{server.start('127.0.0.1:0')}") as channel:
        calls = GrpcCalls(channel, tokens)

        @settings(SETTINGS, max_examples=200)
        @given(data=st.data())
        def send_random_requests(data: st.DataObject) -> None:
            answer = calls.send(method, random_request(data.draw, sample, []), PRODUCER)
            is_well_answered(method, answer)

        with pytest.raises(AssertionError, match=WENT_WRONG):
            send_random_requests()
    server.stop()

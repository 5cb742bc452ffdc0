"""A hundred calls at once with one idempotency key, for every command that takes one: one effect, and one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import pytest
from google.protobuf.descriptor import MethodDescriptor
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment

from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from services.enrollment.usecases import start_application
from tests.integration.application_machine.harness import FRITZ, harness_on
from tests.integration.conftest import signed_in
from tests.integration.test_calls_twice import AGAIN
from tests.row_changes import RowChanges, watch_rows
from tests.sample_requests.every_method import METHODS, make_sample
from tests.sample_requests.records import SampleRecords
from tests.suite_calls import OK, Answer, GrpcCalls, bus_methods, open_grpc, send_patiently
from tests.suite_rest import SuiteRest

pytestmark = [pytest.mark.timeout(300), pytest.mark.once]
CALLS = 100
CREATING = [method for method in bus_methods(METHODS) if "idempotency_key" in method.input_type.fields_by_name]
# Each file is inspected by a process of its own before its key is looked at, which two cores do not do a hundred times
# within a deadline: some are told to come again, and do not.
BUSY = frozenset({"AddProofDocument"})


@dataclass(frozen=True, slots=True)
class Burst:
    """``settle`` waits until nothing follows any more from what was done."""

    rows: RowChanges
    settle: Callable[[], None]

    def effect_of(self, send: Callable[[], Answer], times: int) -> tuple[list[Answer], Counter[str]]:
        """The answers, and how many rows each table has more."""
        self.settle()
        self.rows.take()
        with ThreadPoolExecutor(times) as pool:
            answers = [one.result() for one in [pool.submit(send) for _ in range(times)]]
        self.settle()
        return answers, Counter({table: rows for table, rows in self.rows.count_new().items() if rows})


@dataclass(frozen=True, slots=True)
class Caller:
    records: SampleRecords
    calls: GrpcCalls
    burst: Burst


@pytest.fixture(scope="module")
def caller(suite: LocalSuite) -> Iterator[Caller]:
    with ExitStack() as opened:
        api = opened.enter_context(signed_in(suite, "producer@example.com"))
        calls = opened.enter_context(open_grpc(suite))
        records = SampleRecords(suite, api, calls)
        rows = opened.enter_context(watch_rows(suite.postgres.url, suite.databases))
        yield Caller(records, calls, Burst(rows, SuiteRest(rows.connections).wait))


@pytest.mark.parametrize("method", CREATING, ids=lambda method: method.name)
def test_a_hundred_calls_with_one_key_have_the_effect_of_one(caller: Caller, method: MethodDescriptor) -> None:
    def effect_of(times: int) -> tuple[list[Answer], Counter[str]]:
        sample = make_sample(method, caller.records)
        body = sample.request.SerializeToString(deterministic=True)
        send = partial(caller.calls.send, method, body, sample.caller)
        return caller.burst.effect_of(send if method.name in BUSY else lambda: send_patiently(send), times)

    alone, effect = effect_of(1)
    together, effect_together = effect_of(CALLS)

    refused = [one.code for one in alone + together if one.code != OK]
    assert set(refused) <= ({"UNAVAILABLE"} if method.name in BUSY else set())
    assert len(refused) < CALLS
    together = [one for one in together if one.code == OK]
    assert len({made_by(method, one) for one in together}) == 1, "all are told of the same"
    # what is noted of each call, whatever becomes of it
    for table in AGAIN[method.name].tables if method.name in AGAIN else ():
        del effect[table], effect_together[table]
    assert effect and effect_together == effect


def made_by(method: MethodDescriptor, answer: Answer) -> str:
    """The id of what was made: the first text of the answer that is one."""
    message = answer.read(method)
    (made,) = [value for _, value in message.ListFields() if hasattr(value, "DESCRIPTOR")][:1]
    names = ("record_number", "quote_id", "link_id", "review_id", "document_id")
    ids = {name: getattr(made, name) for name in names if name in made.DESCRIPTOR.fields_by_name}
    assert any(ids.values()), method.full_name
    return repr(ids)


def test_keys_that_nobody_remembers_are_found(
    sql_server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same burst to a contract of the test's own, whose keys make no difference."""
    request = enrollment.StartApplicationRequest(idempotency_key="key-of-a-control", writing_number=FRITZ.numbers[0])
    monkeypatch.setattr(start_application, "run_once", lambda _work, _command, make: make())
    with harness_on(database) as harness, watch_rows(sql_server.url, {"enrollment": database}) as rows:

        def send() -> Answer:
            return Answer(OK, body=harness.call("StartApplication", request).SerializeToString())

        answers, effect = Burst(rows, lambda: None).effect_of(send, 5)
    assert len({one.body for one in answers}) == 5
    assert effect["enrollment.application"] == 5

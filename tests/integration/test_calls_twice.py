"""Every method that can be called over the bus, called twice with the same message: one effect, and the same answer.

The broker gives a call again whose worker died before it acknowledged it, and a caller sends one again whose answer was
lost (docs/adr/0003); for who handles it the second message is the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment

from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from services.enrollment.usecases import start_application
from tests.integration.application_machine.harness import FRITZ, ContractHarness, harness_on
from tests.integration.conftest import signed_in
from tests.invariants import find_broken
from tests.row_changes import RowChanges, watch_rows
from tests.sample_requests.every_method import METHODS, make_sample
from tests.sample_requests.records import SampleRecords
from tests.suite_calls import OK, Answer, BusCalls, argument_of, bus_methods, open_bus, open_grpc
from tests.suite_rest import SuiteRest

pytestmark = [pytest.mark.timeout(300), pytest.mark.once]
# What a timer of a worker does at that very moment looks like an effect; no timer comes so often.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Again:
    """What a second call may do beside giving the first answer again; ``why`` it is right.

    ``refused``: the code of its refusal. ``fields`` of the answer differ. ``tables`` get a row.
    """

    why: str
    refused: str = ""
    fields: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()


_READ = Again("Each reading of a document is recorded.", tables=frozenset({"documents.audit"}))
_ANSWERED = Again("The client has answered; a second answer changes nothing.", refused="review_answered")
AGAIN: dict[str, Again] = {
    "CancelAutopay": Again("It has ended; who sends it again reads that.", refused="autopay_cancelled"),
    "CancelApplication": Again(
        "The payment is closed by an event that comes after the answer.",
        fields=frozenset({"application.payment.updated_at"}),
    ),
    "CreatePaymentLink": Again(
        "Each link opens the payment page once, so each call gives one of its own, and that is recorded.",
        tables=frozenset({"payment.payment_link", "payment.audit"}),
        fields=frozenset({"url"}),
    ),
    "DeliverQuote": Again(
        "No email is sent again; the proposal is made again before that is known, and that is recorded.",
        tables=frozenset({"documents.audit"}),
    ),
    "GetApplicationPdf": _READ,
    "GetProofDocument": _READ,
    "GetProposalPdf": _READ,
    "GetReviewPdf": _READ,
    "GetSubmission": Again("Each reading of a whole application is recorded.", tables=frozenset({"enrollment.audit"})),
    "OpenSharedQuote": Again("Each opening of a link is recorded.", tables=frozenset({"quote.audit"})),
    "ReportProvider": Again(
        "The report takes the place of the first, and each is recorded.", tables=frozenset({"pcp.audit"})
    ),
    "ReturnReview": _ANSWERED,
    "SignReview": _ANSWERED,
    "UpdateQuote": Again(
        "What became of the plans is told with the change alone; the quote shows the plans that it has now.",
        fields=frozenset({"changes"}),
    ),
}


PAGE_TOKEN = "next_page_token"


@dataclass
class Twice:
    """``settle`` waits until nothing follows any more from what was done."""

    rows: RowChanges
    settle: Callable[[], None]

    def find_faults(self, method: MethodDescriptor, send: Callable[[], Answer]) -> list[str]:
        """What was another the second time, in words; empty when it was safe."""
        self.settle()
        self.rows.take()
        first = send()
        if first.code != OK:
            return [f"the sample is refused: {first.refusal!r}"]
        self.settle()
        self.rows.take()
        second = send()
        self.settle()
        tables = {change.table for change in self.rows.take_effects()}
        return list(_compare(AGAIN.get(method.name, Again("")), method, first, second, tables))


def _compare(again: Again, method: MethodDescriptor, first: Answer, second: Answer, tables: set[str]) -> Iterator[str]:
    if tables != again.tables:
        yield f"it changed {sorted(tables)}, not {sorted(again.tables)}"
    if second.code != OK:
        code = second.refusal.code if second.refusal else second.code
        if code != again.refused:
            yield f"it was refused: {second.refusal!r}"
        return
    if again.refused:
        yield f"it was not refused with {again.refused}"
    different = set(_differences(first.read(method), second.read(method)))
    if different != again.fields:
        yield f"it answered otherwise: {sorted(different)}, not {sorted(again.fields)}"


def _differences(first: Message, second: Message, path: str = "") -> Iterator[str]:
    for one in first.DESCRIPTOR.fields:
        ours, theirs = getattr(first, one.name), getattr(second, one.name)
        is_in_one = one.has_presence and first.HasField(one.name) != second.HasField(one.name)
        if ours == theirs and not is_in_one:
            continue
        if one.name == PAGE_TOKEN and ours and theirs:  # sealed anew each time; how many more there are it does not say
            continue
        if one.message_type not in (None, Timestamp.DESCRIPTOR) and not one.is_repeated and not is_in_one:
            yield from _differences(ours, theirs, f"{path}{one.name}.")
        else:
            yield path + one.name


@dataclass(frozen=True, slots=True)
class Caller:
    records: SampleRecords
    bus: BusCalls
    twice: Twice


@pytest.fixture(scope="module")
def caller(suite: LocalSuite) -> Iterator[Caller]:
    with ExitStack() as opened:
        api = opened.enter_context(signed_in(suite, "producer@example.com"))
        records = SampleRecords(suite, api, opened.enter_context(open_grpc(suite)))
        rows = opened.enter_context(watch_rows(suite.postgres.url, suite.databases))
        rest = SuiteRest(rows.connections)
        yield Caller(records, opened.enter_context(open_bus(suite)), Twice(rows, rest.wait))


@pytest.mark.parametrize("method", bus_methods(METHODS), ids=lambda method: method.name)
def test_a_call_that_comes_twice_over_the_bus_has_one_effect(caller: Caller, method: MethodDescriptor) -> None:
    for _ in range(TRIES):
        sample = make_sample(method, caller.records)
        send = partial(caller.bus.send, method, argument_of(sample.request), sample.caller)
        if not (found := caller.twice.find_faults(method, send)):
            return
    pytest.fail(f"{method.full_name}, the second time: {'; '.join(found)}")


def test_every_reason_is_of_a_method_that_is_there() -> None:
    assert AGAIN.keys() <= {method.name for method in bus_methods(METHODS)}


def test_after_all_of_it_every_invariant_holds(suite: LocalSuite, caller: Caller) -> None:
    assert find_broken(suite.databases) == []


@contextmanager
def contract_of_its_own(server_url: str, database: str) -> Iterator[tuple[ContractHarness, Twice]]:
    with harness_on(database) as harness, watch_rows(server_url, {"enrollment": database}) as rows:
        yield harness, Twice(rows, lambda: None)


def test_a_method_that_is_not_safe_on_purpose_is_found(
    sql_server: Server, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same look at a contract of the test's own, with and without its memory of keys."""
    request = enrollment.StartApplicationRequest(idempotency_key="key-of-a-control", writing_number=FRITZ.numbers[0])
    with contract_of_its_own(sql_server.url, database) as (harness, twice):
        method = harness.contract.descriptor.methods_by_name["StartApplication"]

        def send() -> Answer:
            return Answer(OK, body=harness.call(method.name, request).SerializeToString())

        assert twice.find_faults(method, send) == []
        monkeypatch.setattr(start_application, "run_once", lambda _work, _command, make: make())
        changed, answered = twice.find_faults(method, send)
        assert "enrollment.application" in changed
        assert "application.record_number" in answered

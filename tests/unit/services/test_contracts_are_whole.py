"""Every field of every request is read, and every field of every answer and event is set, or stands on a list here.

A field that stands in the proto and in no converter is taken and dropped, or given back empty, and no type checker
sees it. So each rpc is called for real, with a filled request and with use cases that answer filled domain values: a
field is set when some answer holds it, and read when another value of it gives another call of a use case or answer.
That values survive the databases is tested in tests/integration/services.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis.contract import is_client_streaming
from chassis.db.unit_of_work import OutgoingEvent
from chassis.kernel import DomainError
from chassis.mapping import ToProto
from chassis.relay import load_events
from services.enrollment.contract import to_proto as enrollment_protos
from services.quote.contract import plans, quote_lists, sharing
from tests.contract_calls import Call, made_values, plausible_text, rpcs, without_content
from tests.contract_fields import SERVICES, every_field, every_path, filled_fields, filled_paths
from tests.dropped_lines import drop_line
from tests.filled_messages import filled_messages
from tests.filled_values import UNION_TURNS, FilledValues

# A use case has at most three kinds of results.
TURNS = range(3 * UNION_TURNS)
NEVER_SET = {
    "suite.enrollment.v1.Person.ssn": "a number is never given back; ssn_last_four is (R46)",
    "suite.enrollment.v1.Person.remove_ssn": "an act that is sent, never given back",
    "suite.enrollment.v1.EnrollmentRules.effective_date_notice": "a sentence of rules during open enrollment, which "
    "made-up rules do not have",
}
"""Fields of answers that no rpc sets, each with its reason."""
NOT_IN_EVERY_ANSWER = {
    "suite.payment.v1.Payment.autopay": "while a payment is opened nothing takes later premiums yet",
    "suite.payment.v1.Payment.handed_over": "while a payment is opened nobody was sent to another page yet",
    "suite.payment.v1.Autopay.cancelled_at": "as long as autopay holds",
    "suite.quote.v1.Plan.detail": "where one plan is read or plans are compared; lists would grow tenfold",
    "suite.enrollment.v1.Duplicate.explained": "while an application is started nothing can have been explained",
    "suite.pcp.v1.Provider.distance_miles": "of a search, from a ZIP code",
}
"""Fields that some answers leave empty, each with its reason."""
NOT_READ = {
    "suite.enrollment.v1.Person.ssn_last_four": "worked out from the number",
    "suite.enrollment.v1.Address.county_name": "looked up by county_fips",
    "suite.common.v1.Producer.name": "looked up by the writing number",
    "suite.common.v1.Producer.company_name": "looked up by the writing number",
    "suite.common.v1.Producer.phone": "looked up by the writing number",
    "suite.common.v1.Producer.npn": "looked up by the writing number",
    "suite.common.v1.Producer.state": "looked up by the writing number",
}
"""Fields that a request may hold because an answer has the same message, each with its reason."""

METHODS = [method for service in SERVICES for method in rpcs(service)]


@pytest.fixture(autouse=True)
def no_request_in_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.contract.service")
        monkeypatch.setattr(module, "command_of", without_content, raising=False)


def requests(method: MethodDescriptor, first: int = 1) -> list[Any]:
    found: list[Any] = filled_messages(method.input_type, plausible_text, first)
    if method.name == "SaveStep":
        found += [_with_removed_numbers(request) for request in found if request.HasField("household")]
    if "validate_only" in method.input_type.fields_by_name:
        validated = _copy(found[0])
        for request in found:
            request.validate_only = False
        found.append(validated)
    if method.name == "OpenPayment":
        for request in found:
            request.amount.cents = sum(due.amount.cents for due in request.months)
    return found


def _with_removed_numbers(request: Any) -> Any:
    """A number is sent or removed, never both: the request sends it afterwards, and a copy removes it."""
    copy = type(request)()
    copy.CopyFrom(request)
    for person in request.household.people:
        person.ClearField("remove_ssn")
    for person in copy.household.people:
        person.ssn, person.remove_ssn = "", True
    return copy


def answers(method: MethodDescriptor) -> list[Message]:
    sent = requests(method)
    whole = [Call(method, sent[turn % len(sent)], turn).answer for turn in TURNS]
    return whole if is_client_streaming(method) else [*whole, Call(method, sent[0], sparse=True).answer]


def unset_fields(method: MethodDescriptor) -> frozenset[str]:
    """The ways to fields that no answer holds."""
    found = answers(method)
    left_out = NOT_IN_EVERY_ANSWER.keys() - filled_fields(found)
    return every_path(method.output_type, but=[*NEVER_SET, *left_out]).difference(*map(filled_paths, found))


def outcome(method: MethodDescriptor, request: Message, turn: int) -> tuple[Any, ...]:
    """What the use cases are asked and what is answered, or why it is refused."""
    try:
        call = Call(method, request, turn)
    except DomainError as refusal:
        return (refusal.code, refusal.problems)
    return call.calls, call.answer


def with_one_other_value(message: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The way to a field, and the message with another value of it alone; of lists the first item's."""
    for field, value in message.ListFields():
        theirs = getattr(other, field.name)
        if not field.message_type:
            copy = _copy(message)
            if field.is_repeated:
                getattr(copy, field.name)[0] = theirs[0]
            else:
                setattr(copy, field.name, _other_value(field, value, theirs))
            yield path + field.name, copy
            continue
        pair = (value[0], theirs[0]) if field.is_repeated else (value, theirs)
        for name, changed in with_one_other_value(*pair, f"{path}{field.name}."):
            copy = _copy(message)
            held = getattr(copy, field.name)
            (held[0] if field.is_repeated else held).CopyFrom(changed)
            yield name, copy


def _copy(message: Any) -> Any:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy


def _other_value(field: Any, value: Any, theirs: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return theirs if theirs != value else field.default_value


def unread_fields(method: MethodDescriptor, but: Collection[str] = NOT_READ) -> frozenset[str]:
    """The ways to fields of which another value changes nothing, in any request that has them."""
    read: set[str] = set()
    # far from the first numbers, and no multiple of the length of an enum
    for turn, (request, other) in enumerate(zip(requests(method), requests(method, 10_008), strict=True)):
        before = outcome(method, request, turn)
        assert isinstance(before[0], list), f"{method.name} refuses what should be good: {before}"
        for path, changed in with_one_other_value(request, other):
            if path not in read and outcome(method, changed, turn) != before:
                read.update(path[:end] for end in [*_dots(path), len(path)])
    return every_path(method.input_type, but) - read


def _dots(path: str) -> list[int]:
    return [place for place, letter in enumerate(path) if letter == "."]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_field_of_an_answer_is_set(method: MethodDescriptor) -> None:
    unset = sorted(unset_fields(method))
    assert not unset, (
        f"no answer of {method.full_name} holds {', '.join(unset)}: set it in the converter of the service's contract, "
        "or give the reason in NEVER_SET"
    )


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_field_of_a_request_is_read(method: MethodDescriptor) -> None:
    unread = sorted(unread_fields(method))
    assert not unread, (
        f"another value of {', '.join(unread)} changes nothing in {method.full_name}: read it in the converter of the "
        "service's contract, or give the reason in NOT_READ"
    )


def events(service: str) -> Iterable[OutgoingEvent]:
    outgoing = importlib.import_module(f"services.{service}.events.outgoing")
    domain = {**vars(outgoing), **vars(getattr(outgoing, "events", outgoing))}
    for kind in {one for one in domain.values() if inspect.isclass(one) and ".domain." in one.__module__}:
        for turn in TURNS:
            try:
                yield outgoing.event_to_proto(FilledValues(turn, made_values(turn)).of(kind))
            except TypeError:  # no event, but something that events are made of
                break


@pytest.mark.parametrize("name", NOT_IN_EVERY_ANSWER)
def test_a_field_that_some_answers_leave_empty_is_in_others(name: str) -> None:
    holders = [method for method in METHODS if name in every_field(method.output_type)]
    assert {name in filled_fields(answers(method)) for method in holders} == {True, False}


def test_a_field_that_is_called_unread_or_never_set_is() -> None:
    unread = {path.rpartition(".")[2] for path in unread_fields(method_named("SaveStep"), but=())}
    assert unread == {name.rpartition(".")[2] for name in NOT_READ}
    filled = sorted(NEVER_SET.keys() & filled_fields(answers(method_named("GetApplication"))))
    assert not filled, f"an answer holds {', '.join(filled)} by now: remove it from NEVER_SET"


@pytest.mark.parametrize("service", SERVICES)
def test_every_field_of_an_event_is_set(service: str) -> None:
    told = list(events(service))
    for name, event in load_events(service).items():
        found = [filled_paths(one.message) for one in told if one.type == name]
        message: Any = descriptor_pool.Default().FindMessageTypeByName(event.message)
        unset = sorted(every_path(message).difference(*found))
        assert not unset, f"{name} is sent without {', '.join(unset)}: set it in services/{service}/events/outgoing.py"


def method_named(name: str) -> MethodDescriptor:
    (found,) = (method for method in METHODS if method.name == name)
    return found


def test_an_answer_without_one_line_of_its_converter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    drop_line(sharing, "        revoked=link.revoked_at is not None,", monkeypatch)
    assert unset_fields(method_named("ListShareLinks")) == {"links.revoked"}


def test_a_field_that_a_call_of_a_mapper_gives_empty_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = enrollment_protos._application
    monkeypatch.setattr(enrollment_protos, "_application", lambda app, **given: whole(app, **given | {"help_line": ""}))
    assert unset_fields(method_named("GetApplication")) == {"application.help_line"}


def test_a_field_that_a_mapper_makes_empty_by_hand_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrollment_protos, "_return_to", lambda _app: None)
    lost = {"application.return_to", "application.return_to.step", "application.return_to.field"}
    assert unset_fields(method_named("GetApplication")) == lost


def test_a_request_without_one_line_of_its_converter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    drop_line(quote_lists, "        client_name=request.client_name.strip(),", monkeypatch)
    assert unread_fields(method_named("ListQuotes")) == {"client_name"}


def test_a_field_that_is_forgotten_in_one_of_its_places_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ToProto, "declared", {})  # the module declares mappers
    drop_line(plans, '        premium_min=_amount(request, "premium_min"),', monkeypatch)
    assert unread_fields(method_named("SearchPlans")) == {"premium_min", "premium_min.cents"}

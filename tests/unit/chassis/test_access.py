"""Who is admitted to an rpc: by kind of caller, by the action of a delegation and its end, by service, for a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from suite.common.v1 import common_pb2 as common

from chassis.access import AccessControl, access_rule, carried_person_token
from chassis.contract import Contract
from chassis.identity import Caller, CallerKind, TokenIssuer, TokenVerifier, generate_private_jwk, public_jwks
from chassis.kernel import (
    ALL_ACTIONS,
    DelegatedAction,
    FixedClock,
    Forbidden,
    Grant,
    Unauthenticated,
    WritingNumber,
)
from tests.contract_calls import rpcs
from tests.contract_fields import SERVICES
from tests.log_lines import written_lines

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
GATEWAY, NOTES, PRINTER, RELAY = (generate_private_jwk(name) for name in ("gateway", "notes", "printer", "relay"))
IL, TX = (WritingNumber(number, state, "DOE", "DOE") for number, state in (("1", "IL"), ("2", "TX")))
PRODUCER = Caller(CallerKind.PRODUCER, "p@example.com", (IL, TX))
QUOTING = Grant(frozenset({DelegatedAction.QUOTE}))


def _service() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="access.proto", package="suite.access.v1", syntax="proto3")
    file.message_type.add(name="Note")
    service = file.service.add(name="AccessService")
    rules = {
        "Look": common.Access(action=common.DELEGATED_ACTION_VIEW, services=["notes"], services_for_people=["printer"]),
        "Quote": common.Access(action=common.DELEGATED_ACTION_QUOTE, services_for_people=["printer"]),
        "Tidy": common.Access(services=["notes"]),
        "Forgotten": None,
    }
    for name, rule in rules.items():
        note = ".suite.access.v1.Note"
        method = service.method.add(name=name, input_type=note, output_type=note)
        if rule:
            method.options.Extensions[common.access].CopyFrom(rule)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool.FindServiceByName("suite.access.v1.AccessService")


SERVICE = _service()


class Access:
    """Admits by tokens that are really signed."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOW)
        verifier = TokenVerifier(public_jwks([GATEWAY, NOTES, PRINTER, RELAY]))
        self._control = AccessControl(verifier, self.clock)

    def of(self, name: str, caller: Caller) -> Caller:
        return self._admit(name, TokenIssuer(GATEWAY).issue(caller))

    def of_service(self, name: str, key: str, person: Caller | None = None) -> Caller:
        token = TokenIssuer(GATEWAY).issue(person) if person else ""
        return self._admit(name, TokenIssuer(key).issue_for_self(), token)

    def _admit(self, name: str, token: str, person_token: str = "") -> Caller:
        return self._control.admit(SERVICE.methods_by_name[name], token, person_token)

    def of_tokens(self, name: str, token: str, person_token: str) -> Caller:
        return self._admit(name, token, person_token)


@pytest.fixture
def access() -> Access:
    return Access()


def delegate(*grants: Grant) -> Caller:
    return Caller(CallerKind.DELEGATE, "d@example.com", (IL, TX), "Dana", grants)


def test_a_delegate_is_heard_with_the_numbers_of_the_action(access: Access) -> None:
    limited = delegate(QUOTING, Grant(frozenset({DelegatedAction.PAY})))
    assert access.of("Quote", limited).numbers == ("1",)
    assert access.of("Look", limited).numbers == ("1", "2")
    assert access.of("Quote", delegate(Grant(ALL_ACTIONS), Grant(frozenset()))).numbers == ("1",)


def test_a_refused_call_is_logged_without_who_was_refused(access: Access) -> None:
    """People are known by email addresses here: the line names the method, and the trace leads to the gateway's."""
    with written_lines() as lines:
        with pytest.raises(Unauthenticated):
            access.of_tokens("Look", "made-up", "")
        with pytest.raises(Forbidden):
            access.of("Tidy", PRODUCER)
        access.of("Look", PRODUCER)  # the control: what is admitted leaves no line
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["act"], line["outcome"], line["code"], line["method"]) for line in told] == [
        ("call", "refused", "unauthenticated", "suite.access.v1.AccessService.Look"),
        ("call", "refused", "forbidden", "suite.access.v1.AccessService.Tidy"),
    ]
    assert "p@example.com" not in lines.getvalue()


def test_a_delegation_that_ended_counts_no_more_however_young_the_token_is(access: Access) -> None:
    ending = delegate(Grant(ALL_ACTIONS, NOW), Grant(ALL_ACTIONS, NOW + timedelta(seconds=30)))
    assert access.of("Look", ending).numbers == ("2",)
    access.clock.advance(timedelta(seconds=30))
    assert access.of("Look", ending).numbers == ()


def test_a_producer_is_heard_with_every_number(access: Access) -> None:
    assert access.of("Quote", PRODUCER) == PRODUCER


def test_an_rpc_for_services_is_closed_to_people(access: Access) -> None:
    for person in (PRODUCER, delegate(Grant(ALL_ACTIONS), Grant(ALL_ACTIONS))):
        with pytest.raises(Forbidden):
            access.of("Tidy", person)


def test_a_service_is_admitted_where_it_is_named_and_nowhere_else(access: Access) -> None:
    assert access.of_service("Tidy", NOTES).is_service
    for name, key in (("Tidy", PRINTER), ("Look", RELAY), ("Quote", NOTES)):
        with pytest.raises(Forbidden):
            access.of_service(name, key)


def test_a_service_that_may_call_for_people_alone_brings_the_persons_token(access: Access) -> None:
    with pytest.raises(Forbidden):
        access.of_service("Look", PRINTER)
    admitted = access.of_service("Look", PRINTER, PRODUCER)
    assert (admitted.subject, admitted.numbers, admitted.service) == (PRODUCER.subject, ("1", "2"), "printer")
    assert not admitted.is_service


def test_for_a_person_a_service_reaches_what_the_person_may(access: Access) -> None:
    limited = delegate(Grant(frozenset()), QUOTING)
    assert access.of_service("Quote", PRINTER, limited).numbers == ("2",)
    assert not access.of_service("Look", NOTES, limited).may_see("3")
    assert access.of_service("Look", NOTES).may_see("3")


def test_a_person_does_not_open_what_the_service_may_not_call(access: Access) -> None:
    for name, key in (("Look", RELAY), ("Quote", NOTES), ("Tidy", PRINTER)):
        with pytest.raises(Forbidden):
            access.of_service(name, key, PRODUCER)


def test_the_person_has_to_be_one_for_whom_the_gateway_signed(access: Access) -> None:
    own = TokenIssuer(PRINTER).issue_for_self()
    stranger = TokenIssuer(generate_private_jwk("gateway")).issue(PRODUCER)
    for person in (own, TokenIssuer(NOTES).issue_for_self(), stranger, "x"):
        with pytest.raises(Unauthenticated):
            access.of_tokens("Look", own, person)


def test_a_token_is_good_at_the_service_that_it_names_and_at_no_other(access: Access) -> None:
    gateway, notes = TokenIssuer(GATEWAY), TokenIssuer(NOTES)
    assert access.of_tokens("Look", gateway.issue(PRODUCER, "access"), "") == PRODUCER, "the control"
    assert access.of_tokens("Look", notes.issue_for_self("access"), "").subject == "notes", "the control"
    for token in (gateway.issue(PRODUCER, "quote"), notes.issue_for_self("quote")):
        with pytest.raises(Unauthenticated):
            access.of_tokens("Look", token, "")


def test_a_persons_token_counts_beside_that_of_the_service_to_which_it_was_sent(access: Access) -> None:
    """Which has it, and sends it along; alone it opens nothing else."""
    person = TokenIssuer(GATEWAY).issue(PRODUCER, "printer")
    assert access.of_tokens("Look", TokenIssuer(PRINTER).issue_for_self("access"), person).subject == PRODUCER.subject
    with pytest.raises(Unauthenticated):
        access.of_tokens("Look", person, "")


def test_a_token_of_the_release_before_names_no_service(access: Access) -> None:
    assert access.of("Look", PRODUCER) == PRODUCER


def test_the_calls_that_follow_are_for_the_same_person_and_for_nobody_afterwards(access: Access) -> None:
    access.of("Look", PRODUCER)
    assert carried_person_token()
    access.of_service("Look", PRINTER, PRODUCER)
    assert carried_person_token()
    access.of_service("Look", NOTES)
    assert carried_person_token() == ""
    access.of("Look", PRODUCER)
    with pytest.raises(Forbidden):
        access.of_service("Quote", NOTES)
    assert carried_person_token() == ""


def test_an_rpc_without_a_rule_admits_nobody_and_its_service_does_not_start(access: Access) -> None:
    with pytest.raises(Forbidden):
        access.of("Forgotten", PRODUCER)
    with pytest.raises(Forbidden):
        access.of_service("Forgotten", NOTES)

    class Forgetful(Contract):
        descriptor = SERVICE
        look = quote = tidy = forgotten = lambda self, request, caller: request

    with pytest.raises(TypeError, match=r"Forgotten of suite.access.v1.AccessService lacks \(suite.common.v1.access\)"):
        Forgetful()


def test_every_service_that_a_rule_names_is_one() -> None:
    for method in (method for service in SERVICES for method in rpcs(service)):
        rule = access_rule(method)
        assert rule.services | rule.services_for_people <= {*SERVICES, "gateway"}, method.full_name
        assert method.full_name.split(".")[1] not in rule.services | rule.services_for_people, "a service needs no call"

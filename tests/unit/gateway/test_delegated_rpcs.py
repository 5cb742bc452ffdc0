"""Which delegated action each rpc is: what changes anything needs one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import MethodDescriptor

from chassis.identity import Caller, CallerKind, WritingNumber
from gateway.edge.delegated_rpcs import action_of, permitted_caller
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE
from gateway.user import ALL_ACTIONS, DelegateCaller, DelegatedAction

IL = WritingNumber("220002580", "IL", "FRITZ", "FRITZ")
TX = WritingNumber("107864325", "TX", "CRAVEN", "CRAVEN")


def every_rpc() -> Iterator[MethodDescriptor]:
    for methods in (QUOTE, ENROLLMENT, PCP, PAYMENT, DOCUMENTS):
        yield from methods.values()


@pytest.mark.parametrize(
    ("rpc", "action"),
    [
        (QUOTE["CreateQuote"], DelegatedAction.QUOTE),
        (QUOTE["SelectPlans"], DelegatedAction.QUOTE),
        (QUOTE["RevokeShareLink"], DelegatedAction.QUOTE),
        (ENROLLMENT["StartEnrollment"], DelegatedAction.ENROLL),
        (ENROLLMENT["SaveStep"], DelegatedAction.ENROLL),
        (DOCUMENTS["AddProofDocument"], DelegatedAction.ENROLL),
        (ENROLLMENT["SubmitApplication"], DelegatedAction.SUBMIT),
        (ENROLLMENT["CancelApplication"], DelegatedAction.SUBMIT),
        (ENROLLMENT["TerminateCoverage"], DelegatedAction.SUBMIT),
        (ENROLLMENT["ChangeContact"], DelegatedAction.SUBMIT),
        (PAYMENT["CreatePaymentLink"], DelegatedAction.PAY),
        (ENROLLMENT["GetApplication"], None),
        (ENROLLMENT["SearchClients"], None),
        (QUOTE["PriceSelection"], None),
        (PAYMENT["GetPayment"], None),
        (ENROLLMENT["CheckPlanChange"], None),
    ],
)
def test_an_rpc_needs_the_action_that_it_is(rpc: MethodDescriptor, action: DelegatedAction | None) -> None:
    assert action_of(rpc) is action


def test_every_rpc_with_an_idempotency_key_or_a_version_needs_an_action() -> None:
    changing = [
        rpc for rpc in every_rpc() if {"idempotency_key", "version"} & set(rpc.input_type.fields_by_name.keys())
    ]
    assert len(changing) > 5
    assert [rpc.name for rpc in changing if action_of(rpc) is None] == []


def test_a_delegate_is_heard_with_the_numbers_of_the_action() -> None:
    limited = DelegateCaller(
        CallerKind.DELEGATE, "d@example.com", (IL, TX), "Dana", (frozenset({DelegatedAction.QUOTE}), ALL_ACTIONS)
    )
    both, texas = (Caller(CallerKind.DELEGATE, "d@example.com", numbers, "Dana") for numbers in ((IL, TX), (TX,)))
    assert permitted_caller(limited, QUOTE["CreateQuote"]) == both
    assert permitted_caller(limited, ENROLLMENT["SaveStep"]) == texas
    assert permitted_caller(limited, ENROLLMENT["GetApplication"]).writing_numbers == (IL, TX)


def test_anyone_else_is_heard_as_they_are() -> None:
    producer = Caller(CallerKind.PRODUCER, "p@example.com", (IL,))
    assert permitted_caller(producer, ENROLLMENT["SubmitApplication"]) is producer

"""Which delegated action each rpc is: what changes anything needs one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import MethodDescriptor

from chassis.access import access_rule
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE
from gateway.user import DelegatedAction


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
    assert access_rule(rpc).action is action


def test_every_rpc_with_an_idempotency_key_or_a_version_needs_an_action() -> None:
    changing = [
        rpc
        for rpc in every_rpc()
        if access_rule(rpc).for_people and {"idempotency_key", "version"} & set(rpc.input_type.fields_by_name.keys())
    ]
    assert len(changing) > 5
    assert [rpc.name for rpc in changing if access_rule(rpc).action is None] == []

"""Which writing numbers somebody is offered for what."""

from __future__ import annotations

from chassis.identity import CallerKind, WritingNumber
from gateway.api.account import describe_user
from gateway.user import DelegatedAction, Grant, User

IL = WritingNumber("220002580", "IL", "FRITZ", "FRITZ")
TX = WritingNumber("107864325", "TX", "CRAVEN", "CRAVEN")
GRANTS = (
    Grant(frozenset({DelegatedAction.QUOTE})),
    Grant(frozenset({DelegatedAction.QUOTE, DelegatedAction.ENROLL})),
)


def test_limited_delegate_is_offered_only_the_numbers_under_which_the_action_is_allowed() -> None:
    delegate = User("u", "delegate@example.com", "Dana", CallerKind.DELEGATE, (IL, TX), GRANTS)
    assert delegate.numbers_for(DelegatedAction.QUOTE) == (IL, TX)
    assert delegate.numbers_for(DelegatedAction.ENROLL) == (TX,)
    assert delegate.numbers_for(DelegatedAction.SUBMIT) == ()
    assert delegate.numbers_for(None) == (IL, TX)
    assert delegate.find_numbers("", action=DelegatedAction.ENROLL) == [TX]
    assert delegate.find_numbers("220", action=DelegatedAction.ENROLL) == []


def test_producer_is_offered_every_number() -> None:
    producer = User("u", "producer@example.com", "Calvin", CallerKind.PRODUCER, (IL, TX))
    assert producer.numbers_for(DelegatedAction.PAY) == (IL, TX)


def test_the_api_tells_a_delegate_what_is_allowed_under_each_number() -> None:
    delegate = User("u", "delegate@example.com", "Dana", CallerKind.DELEGATE, (IL, TX), GRANTS)
    assert describe_user(delegate)["allowed_actions"] == [
        {"writing_number": IL.number, "actions": ["quote"]},
        {"writing_number": TX.number, "actions": ["quote", "enroll"]},
    ]

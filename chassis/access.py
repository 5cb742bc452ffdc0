"""Who may call an rpc: ``(suite.common.v1.access)`` of its contract, judged in one place for gRPC and the bus alike.

A caller proves who it is by its token. A service that calls another one while it works for a person sends the person's
token along and reaches what the person may reach (docs/adr/0044).
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from google.protobuf.descriptor import MethodDescriptor
from suite.common.v1 import common_pb2

from chassis.identity import TokenVerifier
from chassis.kernel import Caller, Clock, DelegatedAction, Forbidden, Unauthenticated
from chassis.security_log import REFUSED, SecurityEvent, log_security_event

_PREFIX = "DELEGATED_ACTION_"
_RESERVED = "This operation is reserved for other services."
# The token of the person for whom this thread or greenlet works, which calls of other services take along.
_person_token: ContextVar[str] = ContextVar("person_token", default="")


@dataclass(frozen=True, slots=True)
class AccessRule:
    """``action``: what people need leave for, None to look; for people only where ``for_people``.

    ``services`` may call by themselves and for people; ``services_for_people`` for people alone.
    """

    for_people: bool
    action: DelegatedAction | None
    services: frozenset[str]
    services_for_people: frozenset[str]


@cache
def access_rule(method: MethodDescriptor) -> AccessRule:
    """The rule of an rpc; nobody may call one that has none."""
    rule = method.GetOptions().Extensions[common_pb2.access]
    word = common_pb2.DelegatedAction.Name(rule.action).removeprefix(_PREFIX)
    for_people = rule.action != common_pb2.DELEGATED_ACTION_UNSPECIFIED
    looks = not for_people or rule.action == common_pb2.DELEGATED_ACTION_VIEW
    action = None if looks else DelegatedAction(word.lower())
    return AccessRule(for_people, action, frozenset(rule.services), frozenset(rule.services_for_people))


def has_access_rule(method: MethodDescriptor) -> bool:
    rule = access_rule(method)
    return rule.for_people or bool(rule.services or rule.services_for_people)


class Admission(Protocol):
    """What the transports ask before anything else of a call is read."""

    def admit(self, method: MethodDescriptor, token: str | None, person_token: str | None = None) -> Caller: ...


class AccessControl:
    """Admits callers by the rules of the contracts. ``clock``: by which delegations end, the business clock."""

    def __init__(self, verifier: TokenVerifier, clock: Clock) -> None:
        self._verifier = verifier
        self._clock = clock

    def admit(self, method: MethodDescriptor, token: str | None, person_token: str | None = None) -> Caller:
        """The caller as the method may take it: a person with the writing numbers alone under which the method's action
        is allowed. Raises Unauthenticated for a token that proves nothing, Forbidden for who may not call at all.

        From here on, calls of other services are made for the same person.
        """
        carry_person_token("")
        try:
            return self._admit(method, token, person_token)
        except (Unauthenticated, Forbidden) as refusal:
            log_security_event(SecurityEvent.CALL, REFUSED, method=method.full_name, code=refusal.code)
            raise

    def _admit(self, method: MethodDescriptor, token: str | None, person_token: str | None) -> Caller:
        rule, caller = access_rule(method), self._verifier.verify(token, service_name(method))
        if not caller.is_service:
            if not rule.for_people:
                raise Forbidden(_RESERVED)
            carry_person_token(token)
            return self._permit(caller, rule)
        if caller.subject not in rule.services | rule.services_for_people:
            raise Forbidden(_RESERVED)
        if person_token:
            person = self._verifier.verify(person_token)  # for the service that had it first
            if person.is_service:
                raise Unauthenticated("A service cannot be the person for whom another one calls.")
            carry_person_token(person_token)
            if rule.for_people:
                return replace(self._permit(person, rule), service=caller.subject)
        if caller.subject not in rule.services:
            raise Forbidden(_RESERVED)
        return caller

    def _permit(self, person: Caller, rule: AccessRule) -> Caller:
        return person.permitted_for(rule.action, self._clock.now()) if person.grants else person


def service_name(method: MethodDescriptor) -> str:
    """``suite.quote.v1.QuoteService.GetQuote`` is of ``quote``: whose name tokens have to bear."""
    return method.full_name.split(".")[1]


def carry_person_token(token: str | None) -> None:
    """Whom the calls that follow are made for; empty: for nobody."""
    _person_token.set(token or "")


def carried_person_token() -> str:
    return _person_token.get()

"""Rules of access for contracts that tests make up, and an admission that lets everybody in who proves who it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodDescriptorProto
from suite.common.v1 import common_pb2

from chassis.access import AccessControl
from chassis.identity import TokenVerifier, public_jwks
from chassis.kernel import Caller, Clock, Forbidden, SystemClock


def open_to(method: MethodDescriptorProto, *services: str) -> None:
    """To everybody who is signed in, and to these services by themselves."""
    rule = method.options.Extensions[common_pb2.access]
    rule.action = common_pb2.DELEGATED_ACTION_VIEW
    rule.services.extend(services)


def access_of(*private_jwks: str, clock: Clock | None = None) -> AccessControl:
    """As a process of a service has it that trusts these keys."""
    return AccessControl(TokenVerifier(public_jwks(list(private_jwks))), clock or SystemClock())


class EverybodyMay:
    """Asks for a good token, and for no rule."""

    def __init__(self, *private_jwks: str) -> None:
        self._verifier = TokenVerifier(public_jwks(list(private_jwks)))

    def admit(self, method: MethodDescriptor, token: str | None, person_token: str | None = None) -> Caller:
        return self._verifier.verify(token)


def may_call(method: MethodDescriptor, caller: Caller) -> bool:
    """Whether the rule of the rpc lets the caller in; which records the caller then reaches is another matter."""
    verifier: Any = SimpleNamespace(verify=lambda _token, _service: caller)
    try:
        AccessControl(verifier, SystemClock()).admit(method, "token")
    except Forbidden:
        return False
    return True

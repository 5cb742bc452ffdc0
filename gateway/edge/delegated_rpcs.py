"""Which delegated action each rpc is (docs/adr/0029). What does not begin like a question changes something."""

from __future__ import annotations

from google.protobuf.descriptor import MethodDescriptor

from chassis.identity import Caller
from gateway.user import DelegateCaller, DelegatedAction

# How rpcs that only look begin; an rpc with another name needs an action, so that a new one is closed at first.
_LOOKS = ("Get", "List", "Search", "Find", "Compare", "Price", "CheckPlanChange", "ConfirmPayable", "OpenSharedQuote")
# What makes, or changes, an agreement with the carrier.
_SUBMITS = frozenset({"SubmitApplication", "CancelApplication", "TerminateCoverage", "ChangeContact"})
_BY_SERVICE = {"QuoteService": DelegatedAction.QUOTE, "PaymentService": DelegatedAction.PAY}


def action_of(rpc: MethodDescriptor) -> DelegatedAction | None:
    """None for an rpc that only looks."""
    if rpc.name in _SUBMITS:
        return DelegatedAction.SUBMIT
    if rpc.name.startswith(_LOOKS):
        return None
    return _BY_SERVICE.get(rpc.containing_service.name, DelegatedAction.ENROLL)


def permitted_caller(caller: Caller, rpc: MethodDescriptor) -> Caller:
    """Whom a service is told about: a delegate has only the writing numbers under which the rpc's action is allowed."""
    return caller.permitted_for(action_of(rpc)) if isinstance(caller, DelegateCaller) else caller

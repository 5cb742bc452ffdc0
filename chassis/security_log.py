"""Security events, each a log line: what was done or refused, whose account it is, from which address.

Nothing in a line is what a person typed: accounts are named by their ids, refusals by their codes. All acts stand in
docs/reference/logs.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from chassis import telemetry
from chassis.kernel import DomainError

DONE, REFUSED = "done", "refused"
_client_address: ContextVar[str] = ContextVar("client_address", default="")


class SecurityEvent(StrEnum):
    """What a line is about."""

    SIGN_IN = "sign-in"
    # The password or a code once more, of somebody who is signed in.
    CONFIRMATION = "confirmation"
    SIGN_OUT = "sign-out"
    NEW_CREDENTIAL = "password-change"
    TWO_STEP_ON = "two-step-on"
    TWO_STEP_OFF = "two-step-off"
    RECOVERY_CODES = "recovery-codes"
    # A token given to an API client; ``user_id`` is the client's.
    API_CLIENT = "api-client"
    REVIEW_LINK = "review-link"
    # A request to the gateway, and a call of a service, that were refused for who sent them or how many.
    REQUEST = "request"
    CALL = "call"


@dataclass
class Account:
    """Whose it is; empty until that is known."""

    user_id: str = ""


def note_client_address(address: str) -> None:
    """From where the request comes that is handled from here on; what is none is dropped: a proxy says anything."""
    try:
        _client_address.set(str(ip_address(address)))
    except ValueError:
        _client_address.set("")


@contextmanager
def record_act(act: SecurityEvent, user_id: str = "") -> Iterator[Account]:
    """One line: done, or refused with the code of the DomainError that was raised."""
    account = Account(user_id)
    try:
        yield account
    except DomainError as refusal:
        log_security_event(act, REFUSED, user_id=account.user_id, code=refusal.code)
        raise
    log_security_event(act, DONE, user_id=account.user_id)


def log_security_event(act: SecurityEvent, outcome: str, **facts: str | int) -> None:
    """``facts``: of the allow-list of ``chassis.telemetry``; those that are empty are left out."""
    log = telemetry.get_logger()
    known = {"client_address": _client_address.get(), **facts}
    write = log.warning if outcome == REFUSED else log.info
    write("security", act=act.value, outcome=outcome, **{key: value for key, value in known.items() if value})

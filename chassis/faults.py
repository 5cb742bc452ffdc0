"""The one table from refusals to gRPC codes, HTTP statuses and what a consumer does with the message.

Kinds are what travels over the bus; a class that is missing here falls under its nearest base.
"""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import errors


@dataclass(frozen=True, slots=True)
class Fault:
    """How one class of refusal looks at each door.

    ``grpc`` is the name of a ``grpc.StatusCode`` (a name, since workers must not import grpc); ``transient`` says
    whether a consumer tries the message again or sends it to the dead letters.
    """

    error: type[errors.DomainError]
    grpc: str
    http: int
    transient: bool = False


_TABLE = (
    Fault(errors.InvalidInput, "INVALID_ARGUMENT", 422),
    Fault(errors.NotFound, "NOT_FOUND", 404),
    Fault(errors.AlreadyExists, "ALREADY_EXISTS", 422),
    Fault(errors.NotReady, "FAILED_PRECONDITION", 409),
    Fault(errors.Conflict, "FAILED_PRECONDITION", 409),
    Fault(errors.Stale, "ABORTED", 412),
    Fault(errors.Unauthenticated, "UNAUTHENTICATED", 401),
    Fault(errors.Forbidden, "PERMISSION_DENIED", 403),
    Fault(errors.Unavailable, "UNAVAILABLE", 503, transient=True),
)
_BY_NAME = {fault.error.__name__: fault for fault in _TABLE}
# By gRPC code, since comments of the contracts name that one.
HTTP_STATUSES = {fault.grpc: fault.http for fault in _TABLE}


def fault_of(error: errors.DomainError) -> Fault:
    for kind in type(error).__mro__:
        if fault := _BY_NAME.get(kind.__name__):
            return fault
    raise TypeError(f"{type(error).__name__} is in no row of chassis.faults")


def rebuild(kind: str, code: str, message: str, problems: tuple[errors.Problem, ...]) -> errors.DomainError:
    """The error again on the caller's side; an unknown kind becomes Unavailable, since nobody can say what it was."""
    fault = _BY_NAME.get(kind)
    error = fault.error if fault else errors.Unavailable
    return error(message, code=code, problems=problems)


def by_http_status(error: errors.DomainError) -> int:
    return fault_of(error).http

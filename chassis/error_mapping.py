"""The one table from refusals to gRPC codes, HTTP statuses and what a consumer does with the message.

Kinds are what travels over the bus; a class that is missing here falls under its nearest base.
"""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import errors


@dataclass(frozen=True, slots=True)
class ErrorMapping:
    """How one class of refusal looks over each transport.

    ``grpc`` is the name of a ``grpc.StatusCode`` (a name, since workers must not import grpc); ``transient`` says
    whether a consumer tries the message again or sends it to the dead letters.
    """

    error: type[errors.DomainError]
    grpc: str
    http: int
    transient: bool = False


_TABLE = (
    ErrorMapping(errors.InvalidInput, "INVALID_ARGUMENT", 422),
    ErrorMapping(errors.NotFound, "NOT_FOUND", 404),
    ErrorMapping(errors.AlreadyExists, "ALREADY_EXISTS", 422),
    ErrorMapping(errors.NotReady, "FAILED_PRECONDITION", 409),
    ErrorMapping(errors.Conflict, "FAILED_PRECONDITION", 409),
    ErrorMapping(errors.Stale, "ABORTED", 412),
    ErrorMapping(errors.Unauthenticated, "UNAUTHENTICATED", 401),
    ErrorMapping(errors.Forbidden, "PERMISSION_DENIED", 403),
    ErrorMapping(errors.Unavailable, "UNAVAILABLE", 503, transient=True),
)
_BY_NAME = {mapping.error.__name__: mapping for mapping in _TABLE}
# By gRPC code, since comments of the contracts name that one.
HTTP_STATUSES = {mapping.grpc: mapping.http for mapping in _TABLE}


def mapping_of(error: errors.DomainError) -> ErrorMapping:
    for kind in type(error).__mro__:
        if mapping := _BY_NAME.get(kind.__name__):
            return mapping
    raise TypeError(f"{type(error).__name__} is in no row of chassis.error_mapping")


def rebuild_error(kind: str, code: str, message: str, problems: tuple[errors.Problem, ...]) -> errors.DomainError:
    """The error again on the caller's side; an unknown kind becomes Unavailable, since nobody can say what it was."""
    mapping = _BY_NAME.get(kind)
    error = mapping.error if mapping else errors.Unavailable
    return error(message, code=code, problems=problems)


def http_status_of(error: errors.DomainError) -> int:
    return mapping_of(error).http

"""Facts that stop a use case, each with the thing's name and a sentence that says what to do.

``chassis.error_mapping`` holds the one table from these classes to gRPC codes, bus errors and HTTP statuses.
Messages reach people and logs: they name fields and rules, never what a person typed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field.

    ``field`` is a dotted path in the request (``members[2].date_of_birth``), empty for the request as a whole;
    ``rule`` names the requirement or rule that asks for it (``R26``), empty where it is plain shape.
    """

    field: str
    message: str
    rule: str = ""


class DomainError(Exception):
    """Base of every expected refusal. ``code`` is stable and machine-readable; the message is for people."""

    code = "refused"

    def __init__(self, message: str, *, code: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems
        if code:
            self.code = code


class InvalidInput(DomainError):
    """What was sent breaks a rule; ``problems`` say which field and how to fix it."""

    code = "invalid_input"

    @classmethod
    def at(cls, field: str, message: str, *, rule: str = "", code: str = "") -> InvalidInput:
        return cls(message, code=code, problems=(Problem(field, message, rule),))


class NotFound(DomainError):
    """There is no such thing, or the caller may not know that there is: the same answer for both."""

    code = "not_found"


class AlreadyExists(DomainError):
    """The same key was used before for something else."""

    code = "already_exists"


class Conflict(DomainError):
    """The thing's present state does not allow this (submitted already, expired)."""

    code = "conflict"


class NotReady(Conflict):
    """Not yet possible; ``problems`` list what is missing."""

    code = "not_ready"


class Stale(DomainError):
    """Somebody saved in between: read again, then repeat the change."""

    code = "stale"


class Unauthenticated(DomainError):
    """Nobody, or nobody that we can believe, is calling."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """The caller is known and may never do this (a delegate enrolling on-exchange, R19)."""

    code = "forbidden"


class Unavailable(DomainError):
    """A part that we need does not answer now; the same call may succeed later."""

    code = "unavailable"

"""Who is asking: a value that use cases decide by. ``chassis.identity`` makes it from a signed token."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel.errors import Forbidden, NotFound


class CallerKind(StrEnum):
    PRODUCER = "producer"
    DELEGATE = "delegate"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class WritingNumber:
    """A carrier's writing number with the producer whom it names, good in one state (R23-R25).

    ``phone`` (ten digits) and ``npn``, the National Producer Number, are empty where none is known.
    """

    number: str
    state: str
    producer_name: str
    company_name: str
    phone: str = ""
    npn: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person or service on whose word a call is made."""

    kind: CallerKind
    # Sign-in name of a person, or the service's name. Never shown to other people's clients.
    subject: str
    writing_numbers: tuple[WritingNumber, ...] = ()
    # Of a person, as colleagues read it; empty for a service.
    name: str = ""

    @property
    def is_service(self) -> bool:
        return self.kind is CallerKind.SERVICE

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(number.number for number in self.writing_numbers)

    def writing_number(self, number: str) -> WritingNumber:
        """The caller's own writing number; NotFound for anybody else's, as for one that does not exist."""
        for own in self.writing_numbers:
            if own.number == number:
                return own
        raise NotFound("You cannot act for this writing number. Choose one from your list.")

    def may_see(self, number: str) -> bool:
        return self.is_service or number in self.numbers

    def must_be_service(self, *names: str) -> None:
        """Raise Forbidden unless one of the named services calls."""
        if not (self.is_service and self.subject in names):
            raise Forbidden("This operation is reserved for other services.")

"""Who is asking: a value that use cases decide by. ``chassis.identity`` makes it from a signed token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import NotFound


class CallerKind(StrEnum):
    PRODUCER = "producer"
    DELEGATE = "delegate"
    SERVICE = "service"


class DelegatedAction(StrEnum):
    """What a producer may let a delegate do under a writing number; looking is always among it."""

    QUOTE = "quote"
    ENROLL = "enroll"
    SUBMIT = "submit"
    PAY = "pay"


ALL_ACTIONS = frozenset(DelegatedAction)


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do, besides looking, under a writing number that does not name him, before ``ends_at``."""

    actions: frozenset[DelegatedAction]
    ends_at: datetime | None = None

    def covers(self, action: DelegatedAction | None, now: datetime) -> bool:
        """``action``: None is to look."""
        return (action is None or action in self.actions) and (self.ends_at is None or now < self.ends_at)


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
class EmergencyAccess:
    """Leave to look at one record of somebody else's until ``ends_at`` (docs/adr/0046)."""

    grant_id: str
    record_number: str
    # Under which the record was made.
    number: WritingNumber
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """The person or service on whose word a call is made."""

    kind: CallerKind
    # Sign-in name of a person, or the service's name. Never shown to other people's clients.
    subject: str
    writing_numbers: tuple[WritingNumber, ...] = ()
    # Of a person, as colleagues read it; empty for a service.
    name: str = ""
    # One for each writing number: None for the person's own, under which everything is allowed. Without any, all are.
    grants: tuple[Grant | None, ...] = ()
    # The service that calls for the person and gets the answer; empty where the person calls.
    service: str = ""
    emergencies: tuple[EmergencyAccess, ...] = ()

    @property
    def is_service(self) -> bool:
        """Whether a service calls by itself, for no person."""
        return self.kind is CallerKind.SERVICE

    @property
    def answered_service(self) -> str:
        """The service that gets the answer; empty where a person does."""
        return self.subject if self.is_service else self.service

    def permitted_for(self, action: DelegatedAction | None, now: datetime) -> Caller:
        """The caller with the writing numbers alone under which the action is allowed now; None is to look."""
        if not self.grants:
            return self
        pairs = zip(self.writing_numbers, self.grants, strict=True)
        kept = [(number, grant) for number, grant in pairs if grant is None or grant.covers(action, now)]
        if len(kept) == len(self.grants):
            return self
        return replace(self, writing_numbers=tuple(n for n, _ in kept), grants=tuple(g for _, g in kept))

    def find_emergency(self, subjects: Sequence[str], now: datetime) -> EmergencyAccess | None:
        """The emergency access to what a call is about: to the record alone that it names, which is nobody's else."""
        for one in self.emergencies:
            if [one.record_number] == [*subjects] and now < one.ends_at and not self.may_see(one.number.number):
                return one
        return None

    def under_emergency(self, emergency: EmergencyAccess) -> Caller:
        """The caller with the record's writing number, to look only."""
        grants = self.grants or (None,) * len(self.writing_numbers)
        return replace(
            self,
            writing_numbers=(*self.writing_numbers, emergency.number),
            grants=(*grants, Grant(frozenset(), emergency.ends_at)),
        )

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

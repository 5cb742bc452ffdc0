"""Who is signed in, and for which writing numbers the person may act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.identity import Caller, CallerKind, WritingNumber


class DelegatedAction(StrEnum):
    """What a producer may let a delegate do under a writing number; looking is always among it."""

    QUOTE = "quote"
    ENROLL = "enroll"
    SUBMIT = "submit"
    PAY = "pay"


ALL_ACTIONS = frozenset(DelegatedAction)


@dataclass(frozen=True, slots=True)
class DelegateCaller(Caller):
    """A delegate with the actions that are allowed under each number (docs/adr/0029).

    Services never see it: each call is signed for ``permitted_for`` its action, so that a number under which the
    action is not allowed is somebody else's.
    """

    actions: tuple[frozenset[DelegatedAction], ...] = ()

    def permitted_for(self, action: DelegatedAction | None) -> Caller:
        """None: the call only looks."""
        allowed = zip(self.writing_numbers, self.actions, strict=True)
        numbers = tuple(number for number, actions in allowed if action is None or action in actions)
        return Caller(self.kind, self.subject, numbers, self.name)


@dataclass(frozen=True, slots=True)
class User:
    """A producer, or a producer's delegate (R7).

    A producer acts under the writing numbers of his own, several in one state if the carrier gave several (R24); a
    delegate under those that were delegated to him (R25), with the actions that were allowed: one set for each number.
    """

    user_id: str
    email: str
    name: str
    kind: CallerKind
    numbers: tuple[WritingNumber, ...]
    actions: tuple[frozenset[DelegatedAction], ...] = ()

    @property
    def caller(self) -> Caller:
        if self.is_delegate:
            return DelegateCaller(self.kind, self.email, self.numbers, self.name, self.actions)
        return Caller(self.kind, self.email, self.numbers, self.name)

    @property
    def is_delegate(self) -> bool:
        return self.kind is CallerKind.DELEGATE

    def numbers_for(self, action: DelegatedAction | None) -> tuple[WritingNumber, ...]:
        """Those under which the person may do it; all of them for None, which is to look."""
        if isinstance(caller := self.caller, DelegateCaller):
            return caller.permitted_for(action).writing_numbers
        return self.numbers

    def may(self, action: DelegatedAction, number: str) -> bool:
        """Whether the person may do it under a writing number; a page offers what may be done, and nothing else."""
        return any(one.number == number for one in self.numbers_for(action))

    def find_numbers(
        self, text: str, state: str = "", limit: int = 20, action: DelegatedAction | None = None
    ) -> list[WritingNumber]:
        """Own numbers that begin with ``text``, or whose producer's name contains it; all for an empty text.

        ``state`` keeps those of one state: a producer may have several there (R24). ``action`` keeps those under which
        a delegate may do it.
        """
        sought = text.strip().upper()
        numbers = self.numbers_for(action)
        found = [n for n in numbers if n.number.startswith(sought) or sought in n.producer_name.upper()]
        return [n for n in found if state in ("", n.state)][:limit]


# In whose name the gateway asks where nobody is signed in, such as for shared quotes.
GATEWAY = Caller(CallerKind.SERVICE, "gateway")

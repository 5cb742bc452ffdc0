"""Who is signed in, and for which writing numbers the person may act."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import ALL_ACTIONS, DelegatedAction, EmergencyAccess, Grant

__all__ = ["ALL_ACTIONS", "GATEWAY", "ApiScope", "DelegatedAction", "Grant", "User"]


class ApiScope(StrEnum):
    """What an API client may do; each by itself: who may quote may not read for that."""

    READ = "read"
    QUOTE = DelegatedAction.QUOTE.value
    ENROLL = DelegatedAction.ENROLL.value
    SUBMIT = DelegatedAction.SUBMIT.value
    PAY = DelegatedAction.PAY.value
    # PDFs and uploaded proofs, to read and to add.
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class User:
    """A producer, or a producer's delegate (R7).

    A producer acts under the writing numbers of his own, several in one state if the carrier gave several (R24), and as
    the agency lets him under those of his sub-producers; a delegate under those that were delegated to him (R25).
    """

    user_id: str
    email: str
    name: str
    kind: CallerKind
    numbers: tuple[WritingNumber, ...]
    # None for a number of the person's own; without any, all are.
    grants: tuple[Grant | None, ...] = ()
    emergencies: tuple[EmergencyAccess, ...] = ()
    # Signs in at the organization's OpenID provider, and with no password of the portal.
    by_organization: bool = False

    @property
    def caller(self) -> Caller:
        return Caller(self.kind, self.email, self.numbers, self.name, self.grants, emergencies=self.emergencies)

    @property
    def own_numbers(self) -> tuple[WritingNumber, ...]:
        """Those that name the person, and not a producer for whom, or above whom, the person acts."""
        if not self.grants:
            return self.numbers
        return tuple(number for number, grant in zip(self.numbers, self.grants, strict=True) if grant is None)

    @property
    def is_delegate(self) -> bool:
        return self.kind is CallerKind.DELEGATE

    def numbers_for(self, action: DelegatedAction | None) -> tuple[WritingNumber, ...]:
        """Those under which the person may do it; all of them for None, which is to look."""
        if action is None or not self.grants:
            return self.numbers
        pairs = zip(self.numbers, self.grants, strict=True)
        return tuple(number for number, grant in pairs if grant is None or action in grant.actions)

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

"""Who is signed in, and for which writing numbers the person may act."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.identity import Caller, CallerKind, WritingNumber


@dataclass(frozen=True, slots=True)
class User:
    """A producer, or a producer's delegate (R7).

    A producer acts under the writing numbers of his own, several in one state if the carrier gave several (R24); a
    delegate under those that were delegated to him (R25).
    """

    user_id: str
    email: str
    name: str
    kind: CallerKind
    numbers: tuple[WritingNumber, ...]

    @property
    def caller(self) -> Caller:
        return Caller(self.kind, self.email, self.numbers)

    @property
    def is_delegate(self) -> bool:
        return self.kind is CallerKind.DELEGATE

    def find_numbers(self, text: str, state: str = "", limit: int = 20) -> list[WritingNumber]:
        """Own numbers that begin with ``text``, or whose producer's name contains it; all for an empty text.

        ``state`` keeps those of one state: a producer may have several there (R24).
        """
        sought = text.strip().upper()
        found = [n for n in self.numbers if n.number.startswith(sought) or sought in n.producer_name.upper()]
        return [n for n in found if state in ("", n.state)][:limit]


# In whose name the gateway asks where nobody is signed in, such as for shared quotes.
GATEWAY = Caller(CallerKind.SERVICE, "gateway")

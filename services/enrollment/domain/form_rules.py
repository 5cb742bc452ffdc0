"""Domain: what a rule pack says of the form itself: texts to show, formats of typed numbers."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A text that is shown or agreed to; ``kind`` and a version name it at the documents service."""

    kind: str
    title: str
    # The requirement that asks for it.
    rule: str
    # In the order in which they came out.
    versions: tuple[str, ...]
    # Empty: everywhere.
    states: tuple[str, ...] = ()

    @property
    def current(self) -> str:
        """The version that is shown now; the others may still have been accepted."""
        return self.versions[-1]

    def holds_in(self, state: str) -> bool:
        return not self.states or state in self.states


@dataclass(frozen=True, slots=True)
class IdentifierFormat:
    """How a number is called and typed. ``digits`` None: no format is known, anything goes."""

    name: str
    label: str
    digits: int | None = None
    # Empty: everywhere else.
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QsehraCap:
    """The most that a QSEHRA may pay in a year, for one person and for a family (rules.md 7)."""

    self_only: Money
    family: Money

"""Domain: on whose word a quote is made, read or changed."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Principal:
    """``sees_all``: another service of the suite, which may read any quote and change none."""

    subject: str
    writing_numbers: frozenset[str]
    sees_all: bool = False

    def may_read(self, writing_number: str) -> bool:
        return self.sees_all or writing_number in self.writing_numbers

    def as_owner(self) -> Principal:
        """The same principal without the right to see everybody's: what changes need."""
        return replace(self, sees_all=False)

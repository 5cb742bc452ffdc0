"""A form to be spoiled: where it stands, what it asks, and what it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

# For `takes`: every field of the form.
EVERY = "*"


@dataclass(frozen=True)
class StoresNothing:
    """Why nothing can be half saved by this form."""

    why: str


@dataclass(frozen=True)
class FormPlace:
    """Where a form stands and where it goes, how it is sent off, what must be unchanged after a refusal.

    Addresses may have places to fill, ``{record_number}``, as the routes have them. ``stored``: the address of the
    JSON API that tells what is saved. ``filled``: what makes the form whole where the page comes empty. ``asked``:
    answers that make a part of the form count, by what is in the names of its fields. ``takes``: the bad texts that
    are no fault in a field, by its name or the last part of it. ``passed_over``: fields that are left alone, with the
    reason. ``undo``: the button that forgets what was typed, for a form that keeps it. ``searches``: fields that look
    for something. ``shown_at``: where a refusal is shown, when it is not at ``address``.
    """

    address: str
    action: str
    stored: str | StoresNothing
    press: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    takes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    passed_over: Mapping[str, str] = field(default_factory=dict)
    undo: Mapping[str, str] = field(default_factory=dict)
    searches: frozenset[str] = frozenset()
    shown_at: str = ""

    def at(self, **parts: str) -> FormPlace:
        """The same form under addresses that are filled in."""
        stored = self.stored if isinstance(self.stored, StoresNothing) else self.stored.format(**parts)
        return replace(
            self,
            address=self.address.format(**parts),
            action=self.action.format(**parts),
            stored=stored,
            shown_at=self.shown_at.format(**parts),
        )

    def taken_as(self, name: str) -> frozenset[str]:
        """The faults that are none in this field."""
        given = (self.takes.get(one, frozenset()) for one in (EVERY, name, name.rpartition(".")[2]))
        return frozenset().union(*given)

"""An item of a list that has another place by the time it is sent, and a new one that is sent twice (R29, R59)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chassis.kernel import Problem
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.forms.form_values import Values, read_values

# What the service gives an item, and the number that never comes back.
_NOT_COMPARED = frozenset({"person_id", "ssn", "ssn_last_four", "remove_ssn"})


# For an answer that nobody has seen: no text that is typed equals it, since those are stripped.
_UNSEEN = " "


@dataclass(frozen=True, slots=True)
class Moves:
    """Fields under the places that their items have now: a list may have changed since its page was made.

    ``shown``: how the fields of the page's own item begin in what was sent. ``whose``: the ``person_id`` of the items
    that begin so. ``places``: of the people, by ``person_id``.
    """

    page: StepPage
    application: Application
    shown: str
    whose: Mapping[str, str]
    places: Mapping[str, int]

    @classmethod
    def of(cls, page: StepPage, application: Application, typed: Values) -> Moves:
        field = re.escape(page.by_person or page.prefix.partition("[")[0])
        begins = [found[0] for name in typed if field and (found := re.match(rf"{field}\[\d+\]\.", name))]
        whose = {begin: typed[f"{begin}person_id"] for begin in begins if f"{begin}person_id" in typed}
        places = {one.person_id: place for place, one in enumerate(application.household.people)}
        return cls(page, application, begins[0] if begins else page.prefix, whose, places)

    def name(self, name: str) -> str:
        """Empty for a field of a person who was removed."""
        begin, dot, rest = name.partition(".")
        if self.page.prefix:
            return self.page.prefix + rest if begin + dot == self.shown else name
        if (person_id := self.whose.get(begin + dot)) is None:
            return name
        place = self.places.get(person_id)
        return "" if place is None else f"{self.page.by_person}[{place}].{rest}"

    def values(self, values: Mapping[str, str]) -> Values:
        return {moved: value for name, value in values.items() if (moved := self.name(name))}

    def base(self, base: Mapping[str, str], version: int) -> Values:
        """What the page showed. Where its item may be another one by now, nothing of it counts as seen: every answer
        that differs is then asked about.
        """
        own = {name: value for name, value in base.items() if name.startswith(self.shown)}
        if not (self.page.is_same and own) or version == self.application.version:
            return self.values(base)
        place = int(re.sub(r"\D", "", self.shown))
        same = self.page.is_new or self.page.is_same(self.application, dict(base), place)
        saved = self.page.read(self.application).items()
        others = {name: value for name, value in saved if not name.startswith(self.page.prefix)}
        return others | {self.name(name): value if same else _UNSEEN for name, value in own.items()}

    def problems(self, problems: Sequence[Problem]) -> list[Problem]:
        return [replace(one, field=self.name(one.field)) for one in problems]


def move_sent(page: StepPage, application: Application, sent: SubmittedForm) -> SubmittedForm:
    moves = Moves.of(page, application, sent.typed)
    return replace(
        sent,
        typed=moves.values(sent.typed),
        base=moves.base(sent.base, sent.version),
        decided=moves.values(sent.decided),
        asked=list(filter(None, map(moves.name, sent.asked))),
    )


def was_added(page: StepPage, application: Application, typed: Values) -> bool:
    """Whether the list has this very item already."""
    if not page.is_new:
        return False
    message = page.message(application)
    if page.put(message, typed, application):
        return False
    *there, new = getattr(message, page.prefix.partition("[")[0])
    return any(_compared(one) == _compared(new) for one in there)


def _compared(item: object) -> Values:
    values = read_values(item)  # type: ignore[arg-type]  # every item of a list is a message
    return {name: value for name, value in values.items() if name not in _NOT_COMPARED and value not in ("", "no")}

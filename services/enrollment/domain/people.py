"""Domain: the covered people, and who is who when a household is saved again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chassis.kernel import new_id
from services.enrollment.domain.dates import age_on
from services.enrollment.domain.vocabulary import Relationship, Sex


@dataclass(frozen=True, slots=True)
class Person:
    """``ssn`` is there only on its way in; what is stored is sealed, and only ``ssn_last_four`` comes back."""

    relationship: Relationship
    first_name: str = ""
    middle_initial: str = ""
    last_name: str = ""
    date_of_birth: date | None = None
    sex: Sex | None = None
    tobacco_use: bool | None = None
    tobacco_last_used: date | None = None
    ssn_last_four: str = ""
    person_id: str = ""
    ssn: str = field(default="", repr=False)

    def age_on(self, day: date) -> int | None:
        return age_on(self.date_of_birth, day) if self.date_of_birth else None

    def asked_from(self, tobacco_age: int, today: date) -> Person:
        """Without an answer on tobacco when the person is too young to be asked."""
        age = self.age_on(today)
        return replace(self, tobacco_use=None) if age is not None and age < tobacco_age else self

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_initial, self.last_name) if part)


def settle(before: Sequence[Person], after: Sequence[Person]) -> tuple[Person, ...]:
    """Give the saved people their ids, and keep the stored social security numbers of those who stayed the same.

    Somebody stays the same, wherever in the list, with the same relationship, first name, and last name or birth date.
    Otherwise whoever has the same place and relationship goes on as the corrected person, without the old number: a
    number that has to be typed again is better than one that stands with the wrong person (twins).
    """
    left = dict(enumerate(before))
    matched: dict[int, tuple[Person, bool]] = {}
    for index, person in enumerate(after):
        for old_index, old in left.items():
            if _is_same(old, person):
                matched[index] = left.pop(old_index), True
                break
    for index, person in enumerate(after):
        old_here = left.get(index)
        if index not in matched and old_here and old_here.relationship is person.relationship:
            matched[index] = left.pop(index), False
    return tuple(_settled(person, *matched.get(index, (None, False))) for index, person in enumerate(after))


def moves(before: Sequence[Person], after: Sequence[Person]) -> dict[int, int]:
    """Old place -> new place of everybody who stayed; what points to people by place is moved along."""
    places = {person.person_id: index for index, person in enumerate(after)}
    return {index: places[old.person_id] for index, old in enumerate(before) if old.person_id in places}


def _is_same(old: Person, new: Person) -> bool:
    same_first = bool(new.first_name) and old.first_name.casefold() == new.first_name.casefold()
    same_last = old.last_name.casefold() == new.last_name.casefold()
    return old.relationship is new.relationship and same_first and (same_last or old.date_of_birth == new.date_of_birth)


def _settled(person: Person, old: Person | None, same: bool) -> Person:
    person_id = old.person_id if old else new_id()
    if person.ssn:
        return replace(person, person_id=person_id, ssn_last_four=person.ssn[-4:])
    return replace(person, person_id=person_id, ssn_last_four=old.ssn_last_four if old and same else "")

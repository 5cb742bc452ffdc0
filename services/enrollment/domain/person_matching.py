"""Domain: which person is which when a household is saved again, and who would become somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from chassis.kernel import Conflict, InvalidInput, Problem, fold_name, new_id
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Identity, Person
from services.enrollment.domain.steps import OtherCoverage, PcpChoice, ReplacedCoverage

A = TypeVar("A", PcpChoice, ReplacedCoverage, OtherCoverage)

# There is one of each, so that they are recognized without an id.
_ONLY_ONE = (Relationship.SELF, Relationship.SPOUSE)


@dataclass(frozen=True, slots=True)
class _Match:
    old: Person
    # A stored social security number stays with the person.
    keeps_ssn: bool


def match_people(before: Sequence[Person], after: Sequence[Person]) -> tuple[Person, ...]:
    """Give the saved people their ids, and keep the stored social security numbers of those who stayed the same.

    Who was sent with an id is that person, wherever in the list. Without one somebody stays the same with the same
    relationship, first name, and last name or birth date; otherwise whoever has the same place and relationship goes on
    as the corrected person. A number that has to be typed again is better than one that stands with the wrong person:
    it is dropped when more than one of first name, last name and birth date changed, when first name and birth date
    are others than when it was given, and for a child without id whose first name changed (twins).

    Raises InvalidInput for an id that nobody has, and Conflict when an edit would turn one person into another.
    """
    left = {person.person_id: person for person in before}
    matched = _by_id(left, after)
    _by_name(left, after, matched)
    _by_place(left, before, after, matched)
    _refuse_another_applicant(before, after, matched)
    return tuple(_settled(person, matched.get(index)) for index, person in enumerate(after))


def with_stored_numbers(before: Sequence[Person], after: Sequence[Person]) -> tuple[Person, ...]:
    """People as they were typed, each with the fingerprint of the number that is stored under the id."""
    stored = {person.person_id: person.ssn_fingerprint for person in before}
    return tuple(
        one if one.ssn or one.removes_ssn else replace(one, ssn_fingerprint=stored.get(one.person_id, ""))
        for one in after
    )


def find_moved_positions(before: Sequence[Person], after: Sequence[Person]) -> dict[int, int]:
    """Old place -> new place of everybody who stayed; what points to people by place is moved along."""
    places = {person.person_id: index for index, person in enumerate(after)}
    return {index: places[old.person_id] for index, old in enumerate(before) if old.person_id in places}


def resolve_positions(field: str, answers: Sequence[A], people: Sequence[Person]) -> tuple[A, ...]:
    """Answers that name a person by id, with that person's place; raises InvalidInput for an id that nobody has."""
    known = {person.person_id for person in people}
    unknown = [i for i, one in enumerate(answers) if one.person_id and one.person_id not in known]
    if unknown:
        message = "No person on this application has this ID."
        raise InvalidInput(message, problems=tuple(Problem(f"{field}[{i}].person_id", message, "R58") for i in unknown))
    return place_answers(answers, people)


def place_answers(answers: Sequence[A], people: Sequence[Person]) -> tuple[A, ...]:
    """Answers with the place of the person whom they name; an id that nobody has says nothing."""
    places = {person.person_id: index for index, person in enumerate(people)}
    return tuple(
        replace(one, member_index=places.get(one.person_id, one.member_index), person_id="") for one in answers
    )


def is_different_person(old: Person, new: Person) -> bool:
    """Whether an edit would put somebody else in a person's place: two marks that hardly change together.

    It is held against what is stored, and once the person was submitted, against whom that was: what one save may not
    do, several may not do either. A draft that nobody has seen takes one correction after the other.
    """
    return _is_too_much(*_changes(old, new)) or (_was_submitted(old) and _is_too_much(*_differences(old, new)))


def _was_submitted(person: Person) -> bool:
    return person.first_identity is not None and person.first_identity.submitted


def _differences(old: Person, new: Person) -> tuple[bool, bool, bool, bool]:
    """As ``_changes``, from the identity that is kept; what is empty now says nothing yet."""
    first = old.first_identity
    if first is None:
        return False, False, False, False
    kept = "" if new.removes_ssn else old.ssn_last_four
    number = new.ssn[-4:] or kept
    return (
        bool(new.given_name) and _differs(first.first_name or first.last_name, new.given_name),
        bool(new.last_name) and _differs(first.last_name, new.last_name),
        bool(new.date_of_birth) and first.date_of_birth != new.date_of_birth,
        bool(number and first.ssn_last_four) and first.ssn_last_four != number,
    )


def _keeps_ssn(old: Person, new: Person) -> bool:
    """It goes to nobody else in several saves either: what is held against it is to whom it was given."""
    return sum(_changes(old, new)[:3]) <= 1 and not _is_too_much(*_differences(old, new))


def _is_too_much(first: bool, last: bool, born: bool, number: bool) -> bool:
    """A last name says little within a family, so it counts beside a number alone."""
    return (first and born) or (number and (first or last or born))


def _changes(old: Person, new: Person) -> tuple[bool, bool, bool, bool]:
    """First name, last name, birth date, social security number.

    Filling in what was empty changes nothing. Emptying what was given does, or else a person would become another one
    in two saves; an empty number keeps the stored one unless it is removed.
    """
    return (
        _differs(old.given_name, new.given_name),
        _differs(old.last_name, new.last_name),
        bool(old.date_of_birth) and old.date_of_birth != new.date_of_birth,
        bool(old.ssn_last_four) and (new.removes_ssn or (bool(new.ssn) and old.ssn_last_four != new.ssn[-4:])),
    )


def _differs(old: str, new: str) -> bool:
    return bool(old) and fold_name(old) != fold_name(new)


def _by_id(left: dict[str, Person], after: Sequence[Person]) -> dict[int, _Match]:
    matched: dict[int, _Match] = {}
    for index, person in enumerate(after):
        if not person.person_id:
            continue
        old = left.pop(person.person_id, None)
        if old is None:
            message = "No other person on this application has this ID. Leave it out for a new person."
            raise InvalidInput.at(f"people[{index}].person_id", message, rule="R58")
        if person.relationship is not Relationship.SELF and is_different_person(old, person):
            raise _another(f"people[{index}]", _too_much(old, "Remove this person and add the other one."))
        matched[index] = _Match(old, _keeps_ssn(old, person))
    return matched


def _by_name(left: dict[str, Person], after: Sequence[Person], matched: dict[int, _Match]) -> None:
    for index, person in enumerate(after):
        same = next((old for old in left.values() if _is_same(old, person)), None)
        if index not in matched and same and not is_different_person(same, person):
            matched[index] = _Match(left.pop(same.person_id), _keeps_ssn(same, person))


def _by_place(
    left: dict[str, Person], before: Sequence[Person], after: Sequence[Person], matched: dict[int, _Match]
) -> None:
    for index, person in enumerate(after):
        only_one = person.relationship in _ONLY_ONE
        there = [old for place, old in enumerate(before) if only_one or place == index]
        old = next((o for o in there if o.person_id in left and o.relationship is person.relationship), None)
        if index not in matched and old and not is_different_person(old, person):
            keeps = only_one and _keeps_ssn(old, person)
            matched[index] = _Match(left.pop(old.person_id), keeps)


def _refuse_another_applicant(before: Sequence[Person], after: Sequence[Person], matched: dict[int, _Match]) -> None:
    """The primary applicant stays one person for the life of an application."""
    old = next((person for person in before if person.relationship is Relationship.SELF), None)
    place = next((i for i, person in enumerate(after) if person.relationship is Relationship.SELF), None)
    if old is None or (place is None and old.is_empty):
        return
    if place is None:
        message = "The primary applicant cannot be removed. Start a new application for a different person."
        raise _another("people", message)
    found = matched.get(place)
    if found is None or found.old.person_id != old.person_id or is_different_person(old, after[place]):
        raise _another(f"people[{place}]", _too_much(old, "Start a new application for that person."))


def _too_much(old: Person, instead: str) -> str:
    if not _was_submitted(old):
        return (
            "This would turn one person into another. To correct several things, such as a first name and a birth "
            f"date, save one after the other. For a different person: {instead}"
        )
    return (
        "This would turn a person who was submitted into another person. Compared with what was first submitted, "
        "either the first name or the birth date may be corrected, or the Social Security number alone. Correct no "
        f"more than that. For a different person: {instead}"
    )


def _another(field: str, message: str) -> Conflict:
    return Conflict(message, code="another_person", problems=(Problem(field, message, "R46"),))


def _is_same(old: Person, new: Person) -> bool:
    same_first = bool(new.given_name) and fold_name(old.given_name) == fold_name(new.given_name)
    same_last = fold_name(old.last_name) == fold_name(new.last_name)
    return old.relationship is new.relationship and same_first and (same_last or old.date_of_birth == new.date_of_birth)


def _settled(person: Person, match: _Match | None) -> Person:
    keeps = match.old if match and match.keeps_ssn and not person.removes_ssn else None
    settled = replace(
        person,
        person_id=match.old.person_id if match else new_id(),
        ssn_last_four=person.ssn[-4:] or (keeps.ssn_last_four if keeps else ""),
        ssn_fingerprint=person.ssn_fingerprint if person.ssn else keeps.ssn_fingerprint if keeps else "",
        removes_ssn=False,
    )
    return replace(settled, first_identity=_first_identity(match.old if match else settled, settled))


def _first_identity(old: Person, now: Person) -> Identity | None:
    """What was submitted stays, and gets the number when it is given later; else it goes with the number."""
    kept = old.first_identity
    if kept and kept.submitted:
        return kept if kept.ssn_last_four else replace(kept, ssn_last_four=now.ssn_last_four)
    if not now.ssn_last_four:
        return None
    return now.known_as if now.ssn else kept or old.known_as or now.known_as

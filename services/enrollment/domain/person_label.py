"""Domain: what a person is called where no name may stand: in the timeline, in stored reasons and in events."""

from __future__ import annotations

from collections.abc import Sequence

from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Person


def role_of(people: Sequence[Person], index: int) -> str:
    """ "the primary applicant", "the spouse" or "dependent 2", as the form numbers them."""
    if not 0 <= index < len(people):
        return f"person {index + 1}"
    match people[index].relationship:
        case Relationship.SELF:
            return "the primary applicant"
        case Relationship.SPOUSE:
            return "the spouse"
    return f"dependent {sum(one.is_dependent for one in people[: index + 1])}"


def capitalized(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]

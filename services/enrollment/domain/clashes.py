"""Domain: a social security number that was sent already, on another application for the same year and coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.enrollment.domain.application import Application
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.vocabulary import Step


@dataclass(frozen=True, slots=True)
class Clash:
    """``record_number``: the application that was sent with the person's number."""

    person_id: str
    record_number: str


def unexplained(app: Application, clashes: Sequence[Clash]) -> Iterator[Shortcoming]:
    """What submission refuses until it is explained, or dropped."""
    known = app.explained.record_numbers if app.explained else ()
    places = {person.person_id: place for place, person in enumerate(app.household.people)}
    for clash in clashes:
        if clash.record_number not in known and clash.person_id in places:
            message = (
                f"Application {clash.record_number} covers the same social security number in the same year. "
                "Say why this one is needed beside it, or correct the number."
            )
            yield Shortcoming(Step.HOUSEHOLD, f"people[{places[clash.person_id]}].ssn", message, "R14")

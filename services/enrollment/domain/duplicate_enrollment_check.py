"""Domain: a social security number that was sent already, on another application for the same year and coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.domain.validation_issue import ValidationIssue


@dataclass(frozen=True, slots=True)
class DuplicateEnrollment:
    """``record_number``: the application that was sent with the person's number."""

    person_id: str
    record_number: str


def find_unexplained(app: Application, found: Sequence[DuplicateEnrollment]) -> Iterator[ValidationIssue]:
    """What submission refuses until it is explained, or dropped."""
    known = app.explained.record_numbers if app.explained else ()
    places = {person.person_id: place for place, person in enumerate(app.household.people)}
    for duplicate in found:
        if duplicate.record_number not in known and duplicate.person_id in places:
            message = (
                f"Application {duplicate.record_number} covers the same Social Security number in the same year. "
                "Choose the reason for a second application, or correct the number."
            )
            yield ValidationIssue(Step.HOUSEHOLD, f"people[{places[duplicate.person_id]}].ssn", message, "R14")

"""Domain: entries in which nothing was given, such as a dependent without a name or a policy without a number (R58,
R73, R75). A draft may have partial entries; one of which nothing is known is none, and is told what it lacks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from chassis.kernel import Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import household, other_coverage
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import (
    AnyStep,
    HouseholdStep,
    Hra,
    OtherCoverage,
    OtherCoverageStep,
    ReplacedCoverage,
)


def find_empty_entries(
    before: Application, after: Application, step: AnyStep, wrong: Collection[str], c: Circumstances
) -> list[Problem]:
    """What the entries lack that ``step`` would add empty.

    Those that are stored empty are left alone: a step is saved as a whole, and says nothing of them. ``wrong``: fields
    in which something was given that cannot be, so that their entry is not empty.
    """
    added: Iterable[str]
    match step:
        case HouseholdStep():
            added = _people(before, after)
            lacks = household.find_incomplete(after.household, after.effective_date, c)
        case OtherCoverageStep():
            was, now = before.other_coverage, after.other_coverage
            added = [*_policies("replaced", was.replaced, now.replaced), *_policies("others", was.others, now.others)]
            lacks = other_coverage.find_incomplete(replace(now, replaces_coverage=True, has_other_coverage=True))
        case _:
            return []
    empty = tuple(prefix for prefix in added if not any(field.startswith(prefix) for field in wrong))
    return [one for one in lacks if one.field.startswith(empty)]


def _people(before: Application, after: Application) -> Iterator[str]:
    """The spouse and the dependents; the primary applicant is there from the beginning. And the HRA."""
    stored = {person.person_id for person in before.household.people if person.is_empty}
    for place, person in enumerate(after.household.people):
        if place and person.is_empty and person.person_id not in stored:
            yield f"people[{place}]."
    if after.household.hra == Hra() != before.household.hra:
        yield "hra."


def _policies(
    field: str, before: Sequence[ReplacedCoverage | OtherCoverage], after: Sequence[ReplacedCoverage | OtherCoverage]
) -> Iterator[str]:
    """Policies have no ID: as many empty ones as are stored may be sent again."""
    stored = sum(policy.is_empty for policy in before)
    empty = [place for place, policy in enumerate(after) if policy.is_empty]
    return (f"{field}[{place}]." for place in empty[stored:])

"""Use cases: what the steps of a submission send out, and how refusals come back as shortcomings."""

from __future__ import annotations

from chassis.kernel import DomainError, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.vocabulary import Step
from services.enrollment.usecases.records import PcpWish


def wishes(app: Application) -> list[PcpWish]:
    """A place in the household for each person, with what was typed for it."""
    chosen = {choice.member_index: choice for choice in app.plans.pcp_choices}
    assert app.effective_date
    found = []
    for index, person in enumerate(app.household.people):
        choice = chosen.get(index)
        ids = (choice.pcp_id, choice.medical_group_id) if choice else ("", "")
        found.append(PcpWish(index, person.age_on(app.effective_date) or 0, *ids))
    return found


def reasons(app: Application, step: Step, refusal: DomainError) -> list[Shortcoming]:
    problems = refusal.problems or (Problem("", refusal.message),)
    return [Shortcoming(step, _our_field(app, one.field), one.message, one.rule) for one in problems]


def _our_field(app: Application, field: str) -> str:
    """pcp counts members by their place in the household; step 3 lists choices."""
    if not field.startswith("members["):
        return field
    index, _, rest = field.removeprefix("members[").partition("]")
    places = {str(choice.member_index): place for place, choice in enumerate(app.plans.pcp_choices)}
    return f"pcp_choices[{places[index]}]{rest}" if index in places else "pcp_choices"

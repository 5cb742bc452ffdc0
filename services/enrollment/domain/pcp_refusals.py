"""Domain: why chosen providers cannot be had, by the fields of step 3 and the people they were chosen for (R69-R72)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chassis.kernel import Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.person_label import capitalized, role_of


@dataclass(frozen=True, slots=True)
class PcpRefusal:
    """``field`` is "pcp_id" or "medical_group_id" of what holds for the person."""

    member_index: int
    field: str
    message: str
    rule: str


def locate_refusals(app: Application, refusals: Sequence[PcpRefusal], call: Callable[[int], str]) -> Iterator[Problem]:
    """At the choice that holds for the person, who is named with ``call`` where there are several.

    With one provider for all, everybody whom the applicant's provider refuses for the same reason is in one sentence.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for refusal in refusals:
        key = _place(app, refusal), refusal.message, refusal.rule
        found.setdefault(key, []).append(call(refusal.member_index))
    several = len(app.household.people) > 1
    for (field, message, rule), names in found.items():
        yield Problem(field, f"{', '.join(names)}: {message}" if several else message, rule)


def call_by_name(app: Application) -> Callable[[int], str]:
    """For answers alone: a message that is stored or sent on names nobody."""
    people = app.household.people
    return lambda index: people[index].name or capitalized(role_of(people, index))


def call_by_role(app: Application) -> Callable[[int], str]:
    """As the form numbers them."""
    return lambda index: capitalized(role_of(app.household.people, index))


def is_chosen(app: Application, member_index: int) -> bool:
    """Whether anything was typed for the person; nothing means that the carrier assigns (R72)."""
    choice = app.plans.choice_for(member_index)
    return choice is not None and bool(choice.pcp_id or choice.medical_group_id)


def _place(app: Application, refusal: PcpRefusal) -> str:
    choice = app.plans.choice_for(refusal.member_index)
    if choice is None:
        return "pcp_choices"
    return f"pcp_choices[{app.plans.pcp_choices.index(choice)}].{refusal.field}"

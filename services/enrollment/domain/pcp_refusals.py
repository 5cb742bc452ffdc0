"""Domain: why chosen providers cannot be had, by the fields of step 3 and the people they were chosen for (R69-R72)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chassis.kernel import Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.person_label import capitalized, role_of

_CHOICE = re.compile(r"pcp_choices\[(\d+)\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class PcpRefusal:
    """``field`` is "pcp_id" or "medical_group_id" of what holds for the person."""

    member_index: int
    field: str
    message: str
    rule: str


def locate_refusals(app: Application, refusals: Sequence[PcpRefusal], call: Callable[[int], str]) -> Iterator[Problem]:
    """At the choice that holds for the person, who is named with ``call`` where the field is not the person's own.

    With one provider for all, everybody whom the applicant's provider refuses for the same reason is in one sentence.
    """
    found: dict[tuple[str, str, str], list[int]] = {}
    for refusal in refusals:
        key = _place(app, refusal), refusal.message, refusal.rule
        found.setdefault(key, []).append(refusal.member_index)
    for (field, message, rule), members in found.items():
        own = len(app.household.people) == 1 or [_owner(app, field)] == members
        yield Problem(field, message if own else f"{', '.join(map(call, members))}: {message}", rule)


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


def _owner(app: Application, field: str) -> int | None:
    """For whom the choice of a field was typed; None for the whole list."""
    found = _CHOICE.match(field)
    return app.plans.pcp_choices[int(found[1])].member_index if found else None


def _place(app: Application, refusal: PcpRefusal) -> str:
    choice = app.plans.choice_for(refusal.member_index)
    if choice is None:
        return "pcp_choices"
    return f"pcp_choices[{app.plans.pcp_choices.index(choice)}].{refusal.field}"

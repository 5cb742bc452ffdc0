"""Domain: step 4, replaced coverage, other coverage, proxy (R73-R78)."""

from __future__ import annotations

from collections.abc import Iterator

from chassis.kernel import Problem
from services.enrollment.domain.checks import text
from services.enrollment.domain.steps import OtherCoverageStep


def unsound(step: OtherCoverageStep, people: int) -> Iterator[Problem]:
    for place, replaced in enumerate(step.replaced):
        yield from _place(f"replaced[{place}].", replaced.member_index, people)
        given = {"insurer": replaced.insurer, "policy_number": replaced.policy_number}
        yield from text.texts(f"replaced[{place}].", given)
    for place, other in enumerate(step.others):
        yield from _place(f"others[{place}].", other.member_index, people)
        given = {"name_on_policy": other.name_on_policy, "member_number": other.member_number}
        yield from text.texts(f"others[{place}].", {**given, "group_id": other.group_id})


def lacking(step: OtherCoverageStep) -> Iterator[Problem]:
    if step.replaces_coverage:
        yield from _replaced(step)
    if step.has_other_coverage:
        yield from _others(step)


def _replaced(step: OtherCoverageStep) -> Iterator[Problem]:
    if not step.replaced:
        yield Problem("replaced", "Say whose coverage is replaced, or answer no.", "R73")
    for place, replaced in enumerate(step.replaced):
        asked = {"insurer": replaced.insurer, "policy_number": replaced.policy_number}
        yield from text.required(f"replaced[{place}].", {**asked, "termination_date": replaced.termination_date}, "R73")


def _others(step: OtherCoverageStep) -> Iterator[Problem]:
    if not step.others:
        yield Problem("others", "Say who has other coverage, or answer no.", "R75")
    for place, other in enumerate(step.others):
        asked = {"member_number": other.member_number, "group_id": other.group_id}
        yield from text.required(f"others[{place}].", {**asked}, "R75")


def _place(prefix: str, index: int, people: int) -> Iterator[Problem]:
    if not 0 <= index < people:
        yield Problem(f"{prefix}member_index", "There is nobody at this place in the household.", "R73")

"""Domain: step 4, replaced coverage, other coverage, proxy (R73-R78)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from chassis.kernel import Problem
from services.enrollment.domain.checks import text
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import OtherCoverageStep
from services.enrollment.domain.texts import TextKind

# Coverage that ends farther away than this is not replaced now; it is a typing error.
FARTHEST_END = timedelta(days=730)


def find_invalid(step: OtherCoverageStep, people: int, shows_replacement: bool, c: Circumstances) -> Iterator[Problem]:
    """``shows_replacement``: whether the form asks for replaced coverage in this state (R78)."""
    if not shows_replacement and (step.replaces_coverage or step.replaced or step.replacement_rights_shown):
        message = "This form does not ask about replaced coverage. Remove it."
        yield Problem("replaces_coverage", message, "R78")
    yield from _texts(step, people)
    yield from _ends(step, c)
    rights, proxy = step.replacement_rights_version, step.proxy_version
    yield from text.check_version("replacement_rights_version", rights, TextKind.REPLACEMENT_RIGHTS, c.pack, "R74")
    yield from text.check_version("proxy_version", proxy, TextKind.PROXY, c.pack, "R77")


def find_incomplete(step: OtherCoverageStep) -> Iterator[Problem]:
    if step.replaces_coverage:
        yield from _replaced(step)
    if step.has_other_coverage:
        yield from _others(step)


def _texts(step: OtherCoverageStep, people: int) -> Iterator[Problem]:
    for place, replaced in enumerate(step.replaced):
        yield from _place(f"replaced[{place}].", replaced.member_index, people, "R73")
        given = {"insurer": replaced.insurer, "policy_number": replaced.policy_number}
        yield from text.check_834_texts(f"replaced[{place}].", given, "R73")
    for place, other in enumerate(step.others):
        yield from _place(f"others[{place}].", other.member_index, people, "R75")
        given = {"name_on_policy": other.name_on_policy, "member_number": other.member_number}
        yield from text.check_834_texts(f"others[{place}].", {**given, "group_id": other.group_id}, "R75")


def _ends(step: OtherCoverageStep, c: Circumstances) -> Iterator[Problem]:
    for place, replaced in enumerate(step.replaced):
        if replaced.termination_date and abs(replaced.termination_date - c.today) > FARTHEST_END:
            message = "This date is more than two years away; check the year."
            yield Problem(f"replaced[{place}].termination_date", message, "R73")


def _replaced(step: OtherCoverageStep) -> Iterator[Problem]:
    if not step.replaced:
        yield Problem("replaced", "Enter whose coverage is being replaced, or answer no.", "R73")
    for place, replaced in enumerate(step.replaced):
        asked = {"insurer": replaced.insurer, "policy_number": replaced.policy_number}
        yield from text.check_required(
            f"replaced[{place}].", {**asked, "termination_date": replaced.termination_date}, "R73"
        )
    if not step.replacement_rights_shown:
        message = "Show the client Know Your Rights When You Replace Coverage, and record that."
        yield Problem("replacement_rights_shown", message, "R74")


def _others(step: OtherCoverageStep) -> Iterator[Problem]:
    if not step.others:
        yield Problem("others", "Enter who has other coverage, or answer no.", "R75")
    for place, other in enumerate(step.others):
        asked = {"member_number": other.member_number, "group_id": other.group_id}
        yield from text.check_required(f"others[{place}].", {**asked}, "R75")


def _place(prefix: str, index: int, people: int, rule: str) -> Iterator[Problem]:
    if not 0 <= index < people:
        yield Problem(f"{prefix}member_index", "No household member has this number.", rule)

"""Plans, primary care providers and other coverage of an application, as the template takes them."""

from __future__ import annotations

from typing import Any

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2

from services.documents.typesetting.application_fields import (
    enum_word,
    is_illustrative,
    name_of,
    read_date,
    read_money,
)
from services.documents.typesetting.formatting import format_dollars, format_text, keep_printable
from services.documents.typesetting.printed_words import PrintedWords

Row = list[str]


def format_plan(
    application: application_pb2.Application, plan: application_pb2.PlanLine, words: PrintedWords
) -> dict[str, Any]:
    coverage = enum_word(common_pb2.Coverage.Name(plan.coverage), "COVERAGE_")
    plan_id = words.fill("plan_id", plan_id=plan.plan_id)
    facts = (words.say.get(f"{coverage}_coverage", ""), plan.plan_type, words.value(plan.metal_level), plan_id)
    return {
        "name": format_text(plan.name),
        "facts": "  ·  ".join(keep_printable(fact) for fact in facts if fact),
        "illustrative": is_illustrative(plan),
        "premium": format_dollars(read_money(plan.monthly_premium)),
        "members": [
            [
                format_text(name_of(application, line.member_index, words)),
                str(line.age),
                words.sentence(_without_source(line.explanation) if is_illustrative(plan) else line.explanation),
                format_dollars(read_money(line.monthly_premium)),
            ]
            for line in plan.members
        ],
    }


def _without_source(explanation: str) -> str:
    """Behind the plan's name it says already that the plan and its rates are made up; on each row it would wrap."""
    return explanation.replace(": illustrative rate, made up.", ".")


def pcps(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    return [
        [
            format_text(name_of(application, pcp.member_index, words)),
            format_text(pcp.provider_name),
            format_text(pcp.pcp_id),
            _group(pcp),
            _selection(application, pcp, words),
        ]
        for pcp in application.assigned_pcps
    ]


def _group(pcp: application_pb2.AssignedPcp) -> str:
    """The number alone of what was submitted before names came with it."""
    named = pcp.medical_group_name and pcp.medical_group_id
    return format_text(f"{pcp.medical_group_name} ({pcp.medical_group_id})" if named else pcp.medical_group_id)


def _selection(application: application_pb2.Application, pcp: application_pb2.AssignedPcp, words: PrintedWords) -> str:
    if pcp.none_within_miles:
        return words.fill("left_to_carrier", miles=str(pcp.none_within_miles))
    if not pcp.auto_assigned:
        return words.say["chosen"]
    if group := _selected_group(application, pcp.member_index):
        return words.fill("group_chosen", group=keep_printable(group))
    return words.say["assigned"]


def _selected_group(application: application_pb2.Application, member_index: int) -> str:
    """The medical group that was chosen without a provider (R69); empty when a provider was, or nothing."""
    plans = application.plans
    selections = {one.member_index: one for one in plans.pcp_choices}
    found = selections.get(0 if plans.pcp_same_for_all else member_index)
    return found.medical_group_id if found and not found.pcp_id else ""


def replaced(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    """Nothing when the answer is no, whatever was entered before."""
    step = application.other_coverage
    return [
        [
            format_text(name_of(application, coverage.member_index, words)),
            format_text(coverage.insurer),
            format_text(coverage.policy_number),
            words.day(read_date(coverage.termination_date)),
        ]
        for coverage in (step.replaced if step.replaces_coverage else ())
    ]


def others(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    """Nothing when the answer is no, whatever was entered before."""
    step = application.other_coverage
    return [
        [
            format_text(name_of(application, coverage.member_index, words)),
            format_text(coverage.name_on_policy or name_of(application, coverage.member_index, words)),
            format_text(coverage.member_number),
            format_text(coverage.group_id),
        ]
        for coverage in (step.others if step.has_other_coverage else ())
    ]

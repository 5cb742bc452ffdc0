"""Step 3: the plans with their premiums, and a primary care provider for each person (R63-R72)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, steps_pb2

from chassis.kernel import Problem
from gateway.edge.context import require_session
from gateway.pages.enrollment import drafts
from gateway.pages.enrollment.form import read_sent
from gateway.pages.enrollment.plan_list import SORTS, PlanList, list_query, no_plans, search_plans
from gateway.pages.enrollment.readiness import Readiness, read_readiness
from gateway.pages.enrollment.rules import read_rules
from gateway.pages.enrollment.step import Application, StepPage, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import form_of, redirect_to

_PEDIATRIC = "pediatric_dental_attested"
_OWN = ("medical_plan_id", "dental_plan_id", _PEDIATRIC, "pcp_same_for_all")


def _pcp_names(index: int) -> tuple[str, str]:
    return f"pcp_choices[{index}].pcp_id", f"pcp_choices[{index}].medical_group_id"


def _read(application: Application) -> Values:
    shown = shown_values(read_values(application.plans), _OWN)
    choices = {one.member_index: one for one in application.plans.pcp_choices}
    for index in range(len(application.household.people)):
        pcp_id, group = _pcp_names(index)
        choice = choices.get(index)
        shown |= {pcp_id: choice.pcp_id if choice else "", group: choice.medical_group_id if choice else ""}
    return shown


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    """Every person has a place in the list, filled in or not, so that a refusal names the person's own field."""
    stored = {one.member_index: one for one in message.pcp_choices}
    sent = any(name.startswith("pcp_choices[") for name in values)
    if sent:
        message.ClearField("pcp_choices")
        for index, person in enumerate(application.household.people):
            choice = message.pcp_choices.add(person_id=person.person_id, member_index=index)
            if index in stored and _pcp_names(index)[0] not in values:  # hidden while one choice goes for all
                choice.CopyFrom(stored[index])
    return put_values(message, values)


async def _context(request: Request, application: Application, values: Values) -> Mapping[str, Any]:
    medical_too = application.household.form_type != steps_pb2.FORM_TYPE_DENTAL
    rules, readiness, medical, dental = await asyncio.gather(
        read_rules(request, application),
        read_readiness(request, application.record_number),
        search_plans(request, application, "medical") if medical_too else _none("medical"),
        search_plans(request, application, "dental"),
    )
    lines = {line.coverage: line for line in application.plan_lines}
    medical_line = lines.get(common_pb2.COVERAGE_MEDICAL)
    return {
        "rules": rules,
        "identifiers": {one.name: one for one in rules.identifiers},
        "medical": medical,
        "dental": dental,
        "medical_too": medical_too,
        "medical_line": medical_line,
        "uses_pcp": bool(medical_line and medical_line.uses_pcp),
        "family": len(application.household.people) > 1,
        "owes_pediatric_dental": _owes_pediatric_dental(readiness, values),
        "sorts": SORTS,
        "total": _total(medical, dental, values),
    }


def _owes_pediatric_dental(readiness: Readiness, values: Values) -> bool:
    """Readiness says who owes it (R65); one that was given stays in sight, so that it can be taken back."""
    named = any(one.field == _PEDIATRIC for one in readiness.missing)
    return named or values.get(_PEDIATRIC) == "yes"


def _total(medical: PlanList, dental: PlanList, values: Values) -> common_pb2.Money | None:
    """Of the plans that are ticked on the page, saved or not (R63)."""
    ticked = (medical.find(values.get("medical_plan_id", "")), dental.find(values.get("dental_plan_id", "")))
    prices = [one.monthly_premium.cents for one in ticked if one]
    return common_pb2.Money(cents=sum(prices)) if prices else None


async def _none(coverage: str) -> PlanList:
    return no_plans(coverage)


PAGE = StepPage(application_pb2.STEP_PLANS, "plans", "plans", "Plan Selection", _read, _put, _context)


async def follow(_request: Request, application: Application, action: str) -> Response | None:
    """Price the choice shows the plans with their premiums, and whom the plan asks a provider of."""
    return redirect_to(PAGE.path(application.record_number) + "#total") if action == "price" else None


async def show_list(request: Request) -> Response:
    """Filter or order the lists without JavaScript: what was chosen meanwhile is kept, and nothing is saved."""
    session = await require_session(request)
    fields = await form_of(request, session)
    sent = read_sent(fields)
    number = request.path_params["record_number"]
    if any(sent.base.get(name, typed) != typed for name, typed in sent.typed.items()):
        await drafts.keep_typed(request, drafts.form_name(number, PAGE), sent.typed, sent.base, sent.version)
    action, _, coverage = sent.action.partition(".")
    query = list_query(fields, coverage if action == "show_all" else "")
    return redirect_to(f"{PAGE.path(number)}{query}#{'dental' if coverage == 'dental' else 'medical'}_plan_id")

"""Step 3: the plans with their premiums, and a primary care provider for each person (R63-R72)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, plan_choice_pb2, steps_pb2

from chassis.kernel import Problem
from gateway.edge.basis import read_rating_basis
from gateway.edge.context import get_gateway, require_session
from gateway.pages.application_reads import read_application, read_rules
from gateway.pages.enrollment import drafts
from gateway.pages.enrollment.form import SubmittedForm, read_sent
from gateway.pages.enrollment.plan_list import SORTS, PlanList, list_query, no_plans, search_plans
from gateway.pages.enrollment.plan_providers import check_plan_change, find_providers
from gateway.pages.enrollment.repeats import move_sent
from gateway.pages.enrollment.step import Application, page_of_step, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import form_of, redirect_to, render_page

_PEDIATRIC = "pediatric_dental_attested"
_OWN = ("medical_plan_id", "dental_plan_id", _PEDIATRIC, "pcp_same_for_all")


_CHOICES = "pcp_choices"


def pcp_names(index: int) -> tuple[str, str]:
    """The fields of one person's choice: PCP ID and medical group."""
    return f"pcp_choices[{index}].pcp_id", f"pcp_choices[{index}].medical_group_id"


def _person_name(index: int) -> str:
    """Says whose the choice is: the person may have another place by the time the page is sent."""
    return f"{_CHOICES}[{index}].person_id"


def _read(application: Application) -> Values:
    shown = shown_values(read_values(application.plans), _OWN)
    choices = {one.member_index: one for one in application.plans.pcp_choices}
    for index in range(len(application.household.people)):
        pcp_id, group = pcp_names(index)
        choice = choices.get(index)
        shown[_person_name(index)] = application.household.people[index].person_id
        shown |= {pcp_id: choice.pcp_id if choice else "", group: choice.medical_group_id if choice else ""}
    return shown


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    """Every person has a place in the list, filled in or not, so that a refusal names the person's own field."""
    stored = {one.member_index: one for one in message.pcp_choices}
    sent = any(name.startswith(f"{_CHOICES}[") for name in values)
    if sent:
        message.ClearField(_CHOICES)
        for index, person in enumerate(application.household.people):
            choice = message.pcp_choices.add(person_id=person.person_id, member_index=index)
            if index in stored and pcp_names(index)[0] not in values:  # hidden while one choice goes for all
                choice.CopyFrom(stored[index])
    return put_values(message, values)


async def _context(request: Request, application: Application, values: Values) -> Mapping[str, Any]:
    medical_too = application.household.form_type != steps_pb2.FORM_TYPE_DENTAL
    session, services = await require_session(request), get_gateway(request).services
    basis = asyncio.ensure_future(read_rating_basis(services, session.user.caller, application.record_number))
    rules, providers, medical, dental = await asyncio.gather(
        read_rules(request, application),
        # of what is saved, too: both are named when somebody else changed them meanwhile
        find_providers(request, [*_pcp_ids(values), *(one.pcp_id for one in application.plans.pcp_choices)]),
        search_plans(request, basis, "medical") if medical_too else _none("medical"),
        search_plans(request, basis, "dental"),
    )
    change = await check_plan_change(request, application, values) if _changes_plan(application, values) else None
    return {
        "rules": rules,
        "identifiers": {one.name: one for one in rules.identifiers},
        "medical": medical,
        "dental": dental,
        "medical_too": medical_too,
        "uses_pcp": _uses_pcp(application, medical, values),
        "has_pcps": bool(_pcp_ids(values) or any(values.get(name) for name in values if name.endswith("group_id"))),
        "providers": providers,
        "outcomes": change.pcp_outcomes if change else (),
        "PcpStatus": plan_choice_pb2.PcpStatus,
        "family": len(application.household.people) > 1,
        # one that was given stays in sight, so that it can be taken back
        "owes_pediatric_dental": application.owes_pediatric_dental or values.get(_PEDIATRIC) == "yes",
        "sorts": SORTS,
        "total": _total(medical, dental, values),
    }


def _pcp_ids(values: Values) -> list[str]:
    return [text for name, text in values.items() if name.endswith("].pcp_id") and text]


def _changes_plan(application: Application, values: Values) -> bool:
    """Whether a provider is saved under another medical plan than the one that is ticked now."""
    chosen = any(one.pcp_id or one.medical_group_id for one in application.plans.pcp_choices)
    return chosen and values.get("medical_plan_id", "") not in ("", application.plans.medical_plan_id)


def _uses_pcp(application: Application, medical: PlanList, values: Values) -> bool:
    """Of the plan that is ticked on the page, saved or not (R68)."""
    ticked = medical.find(values.get("medical_plan_id", ""))
    if ticked:
        return ticked.plan.uses_pcp
    saved = next((one for one in application.plan_lines if one.coverage == common_pb2.COVERAGE_MEDICAL), None)
    return bool(saved and saved.uses_pcp)


def _total(medical: PlanList, dental: PlanList, values: Values) -> common_pb2.Money | None:
    """Of the plans that are ticked on the page, saved or not (R63)."""
    ticked = (medical.find(values.get("medical_plan_id", "")), dental.find(values.get("dental_plan_id", "")))
    prices = [one.monthly_premium.cents for one in ticked if one]
    return common_pb2.Money(cents=sum(prices)) if prices else None


async def _none(coverage: str) -> PlanList:
    return no_plans(coverage)


PAGE = replace(page_of_step(application_pb2.STEP_PLANS, "plans", _read, _put, _context), by_person=_CHOICES)


async def follow(_request: Request, application: Application, action: str) -> Response | None:
    """Update Premium shows the premiums of the choice; Provider Finder leads to the page for one person."""
    number = application.record_number
    if action == "price":
        return redirect_to(PAGE.path(number) + "#total")
    asked, _, person_id = action.partition(".")
    if asked == "find_provider" and any(one.person_id == person_id for one in application.household.people):
        return redirect_to(f"{PAGE.path(number)}/providers/{person_id}")
    return None


async def show_list(request: Request) -> Response:
    """Filter or order the lists without JavaScript: what was chosen meanwhile is kept, and nothing is saved."""
    fields, sent = await _read_form(request)
    await _keep(request, sent, sent.typed)
    action, _, coverage = sent.action.partition(".")
    query = list_query(fields, coverage if action == "show_all" else "")
    target = "dental" if coverage == "dental" else "medical"
    return redirect_to(f"{PAGE.path(request.path_params['record_number'])}{query}#{target}_plan_id")


async def remove_providers(request: Request) -> Response:
    """Take every provider out of the form: the plan that is ticked asks for none (R68). Nothing is saved yet."""
    _, sent = await _read_form(request)
    blank = {name: "" for name in sent.typed if name.startswith(f"{_CHOICES}[") and not name.endswith("].person_id")}
    await _keep(request, sent, {**sent.typed, **blank, "pcp_same_for_all": "no"})
    return redirect_to(f"{PAGE.path(request.path_params['record_number'])}#medical_plan_id")


async def check(request: Request) -> Response:
    """What the plans and PCP IDs on the page mean, while they are chosen; nothing is kept or saved."""
    _, sent = await _read_form(request)
    application = await read_application(request)
    sent = move_sent(PAGE, application, sent)
    change, providers = await asyncio.gather(
        check_plan_change(request, application, sent.typed), find_providers(request, _pcp_ids(sent.typed))
    )
    changed = _changes_plan(application, sent.typed)
    context = {
        "values": sent.typed,
        "people": application.household.people,
        "providers": providers,
        "outcomes": change.pcp_outcomes if change and changed else (),
        "owes_pediatric_dental": change.owes_pediatric_dental if change else None,
        "PcpStatus": plan_choice_pb2.PcpStatus,
    }
    return await render_page(request, "enrollment/plan_check.html", context)


async def _read_form(request: Request) -> tuple[FormData, SubmittedForm]:
    session = await require_session(request)
    fields = await form_of(request, session)
    return fields, read_sent(fields)


async def _keep(request: Request, sent: SubmittedForm, typed: Values) -> None:
    if any(sent.base.get(name, text) != text for name, text in typed.items()):
        form = drafts.form_name(request.path_params["record_number"], PAGE)
        await drafts.keep_typed(request, form, typed, sent.base, sent.version)

"""Step 3: the plans with their premiums, and a primary care provider for each person (R63-R72)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, steps_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import Conflict, InvalidInput, Problem
from gateway.edge.basis import search_application_plans
from gateway.edge.context import get_gateway, require_session
from gateway.pages.enrollment.rules import read_rules
from gateway.pages.enrollment.step import Application, StepPage, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import redirect_to

_OWN = ("medical_plan_id", "dental_plan_id", "pediatric_dental_attested", "pcp_same_for_all")
# Plans of a county on one page; no county of the five states has more.
_WHOLE_LIST = 200


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


async def _context(request: Request, application: Application, _values: Values) -> Mapping[str, Any]:
    medical_too = application.household.form_type != steps_pb2.FORM_TYPE_DENTAL
    rules, medical, dental = await asyncio.gather(
        read_rules(request, application),
        _search(request, application, common_pb2.COVERAGE_MEDICAL) if medical_too else _no_plans(),
        _search(request, application, common_pb2.COVERAGE_DENTAL),
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
        "dental_line": lines.get(common_pb2.COVERAGE_DENTAL),
        "uses_pcp": bool(medical_line and medical_line.uses_pcp),
        "attest_dental": any(one.age < 19 for line in application.plan_lines for one in line.members),
        "Exchange": common_pb2.Exchange,
    }


@dataclass(frozen=True, slots=True)
class _Offered:
    """Plans with their premiums; or what is missing before they can be priced."""

    plans: Sequence[quote_pb2.PricedPlan] = ()
    missing: Sequence[Problem] = ()


async def _no_plans() -> _Offered:
    return _Offered()


async def _search(request: Request, application: Application, coverage: common_pb2.Coverage.ValueType) -> _Offered:
    session = await require_session(request)
    wanted = quote_service_pb2.SearchPlansRequest(coverage=coverage, page=common_pb2.Page(size=_WHOLE_LIST))
    try:
        found = await search_application_plans(
            get_gateway(request).services, session.user.caller, application.record_number, wanted
        )
    except (InvalidInput, Conflict) as refusal:
        return _Offered(missing=refusal.problems or (Problem("", refusal.message),))
    return _Offered(found.plans)


PAGE = StepPage(application_pb2.STEP_PLANS, "plans", "plans", "Plan Selection", _read, _put, _context)


async def follow(_request: Request, application: Application, action: str) -> Response | None:
    """Price the choice shows the plans with their premiums, and whom the plan asks a provider of."""
    return redirect_to(PAGE.path(application.record_number) + "#total") if action == "price" else None

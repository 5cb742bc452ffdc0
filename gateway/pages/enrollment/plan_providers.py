"""What the providers of the plan step are called, and what becomes of them when the plan changes (R68-R72)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from suite.enrollment.v1 import plan_choice_pb2
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from chassis.kernel import DomainError, NotFound
from gateway.edge.rpcs import ENROLLMENT, PCP
from gateway.edge.service_calls import ask_service
from gateway.pages.enrollment.step import Application
from gateway.pages.forms.form_values import Values

PlanChange = plan_choice_pb2.CheckPlanChangeResponse


async def check_plan_change(request: Request, application: Application, values: Values) -> PlanChange | None:
    """What the plans ticked on the page would change; None while nothing is ticked or nothing can be said."""
    medical, dental = values.get("medical_plan_id", ""), values.get("dental_plan_id", "")
    if not (medical or dental):
        return None
    asked = plan_choice_pb2.CheckPlanChangeRequest(
        record_number=application.record_number, medical_plan_id=medical, dental_plan_id=dental
    )
    try:
        return await ask_service(request, ENROLLMENT["CheckPlanChange"], asked, PlanChange)
    except DomainError:  # saving says what is wrong with the plans
        return None


async def find_providers(request: Request, pcp_ids: Iterable[str]) -> Mapping[str, pcp_pb2.Provider | None]:
    """The provider of each PCP ID; None for an ID that is no provider's. Left out while that cannot be said."""
    ids = list(dict.fromkeys(filter(None, pcp_ids)))
    found = await asyncio.gather(*(_find(request, pcp_id) for pcp_id in ids))
    return {pcp_id: provider for pcp_id, (known, provider) in zip(ids, found, strict=True) if known}


async def _find(request: Request, pcp_id: str) -> tuple[bool, pcp_pb2.Provider | None]:
    try:
        answer = await ask_service(
            request,
            PCP["GetProvider"],
            pcp_service_pb2.GetProviderRequest(pcp_id=pcp_id),
            pcp_service_pb2.GetProviderResponse,
        )
    except NotFound:
        return True, None
    except DomainError:
        return False, None
    return True, answer.provider

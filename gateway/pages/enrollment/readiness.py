"""What submission would refuse now, step by step."""

from __future__ import annotations

from collections.abc import Container

from starlette.requests import Request
from suite.enrollment.v1 import enrollment_service_pb2

from chassis.kernel import Problem
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.enrollment.step import StepPage

Readiness = enrollment_service_pb2.GetReadinessResponse


async def read_readiness(request: Request, record_number: str) -> Readiness:
    session = await require_session(request)
    return await get_gateway(request).services.ask(
        ENROLLMENT["GetReadiness"],
        enrollment_service_pb2.GetReadinessRequest(record_number=record_number),
        Readiness,
        session.user.caller,
    )


def missing_of(readiness: Readiness, page: StepPage, shown: Container[str] = ()) -> list[Problem]:
    """What one step lacks, by field, in the order in which the service names it.

    Of the page of an item in a list, which is no step of its own, what the fields lack that it shows.
    """
    return [
        Problem(one.field, one.message, one.rule)
        for one in readiness.missing
        if one.step == page.step or (not page.step and one.field in shown)
    ]

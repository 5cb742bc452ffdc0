"""The rule pack of an application: what its forms offer, ask, show and lock today."""

from __future__ import annotations

from starlette.requests import Request
from suite.enrollment.v1 import rules_pb2

from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.enrollment.step import Application


async def read_rules(request: Request, application: Application) -> rules_pb2.EnrollmentRules:
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["GetEnrollmentRules"],
        rules_pb2.GetEnrollmentRulesRequest(state=application.state, rule_pack=application.rule_pack),
        rules_pb2.GetEnrollmentRulesResponse,
        session.user.caller,
    )
    return answer.rules


def version_of(rules: rules_pb2.EnrollmentRules, kind: str) -> str:
    """The version of a text that is in force; empty where the state has no such text."""
    return next((one.version for one in rules.disclosures if one.kind == kind), "")

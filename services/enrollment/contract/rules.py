"""Contract: the method that tells a page the rules of a state."""

from __future__ import annotations

from suite.enrollment.v1 import rules_pb2 as pb

from chassis.kernel import Caller
from services.enrollment.contract import rules_protos
from services.enrollment.usecases.read_rules import ReadRules


class RulesMethods:
    """Part of ``EnrollmentContract``."""

    _read_rules: ReadRules

    def get_enrollment_rules(
        self, request: pb.GetEnrollmentRulesRequest, _caller: Caller
    ) -> pb.GetEnrollmentRulesResponse:
        circumstances = self._read_rules(request.state, request.rule_pack)
        return pb.GetEnrollmentRulesResponse(rules=rules_protos.rules(request.state, circumstances))

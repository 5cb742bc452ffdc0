"""Contract: what the choice of a plan starts from, as proto messages."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import plan_choice_pb2 as pb

from chassis.mapping import ToProto
from services.enrollment.contract.to_proto import plan_line_to_proto
from services.enrollment.domain.rating_basis import RatingBasis
from services.enrollment.usecases.check_plan_change import PcpOutcome, PlanChange
from services.enrollment.wire.enums import enum_to_proto

# What is applied for here is sold by the carrier itself; the exchange enrolls its own (R16).
rating_basis_to_proto = ToProto(RatingBasis, pb.GetRatingBasisResponse, exchange=lambda _basis: common_pb2.EXCHANGE_OFF)
_outcome = ToProto(PcpOutcome, pb.PcpOutcome, status=lambda outcome: enum_to_proto(outcome.status))
plan_change_to_proto = ToProto(
    PlanChange,
    pb.CheckPlanChangeResponse,
    plan_lines=lambda change: map(plan_line_to_proto, change.plan_lines),
    pcp_outcomes=lambda change: map(_outcome, change.pcp_outcomes),
)

"""Contract: what the choice of a plan starts from, as proto messages."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import plan_choice_pb2 as pb

from chassis.mapping import ToProto
from services.enrollment.domain.rating_basis import RatingBasis

# What is applied for here is sold by the carrier itself; the exchange enrolls its own (R16).
rating_basis_to_proto = ToProto(RatingBasis, pb.GetRatingBasisResponse, exchange=lambda _basis: common_pb2.EXCHANGE_OFF)

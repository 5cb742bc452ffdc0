"""Contract: steps 3 to 5 of a request, as domain values."""

from __future__ import annotations

from suite.enrollment.v1 import steps_pb2 as pb

from chassis.mapping import FromProto
from services.enrollment.domain.steps import OtherCoverageStep, PlansStep, SignaturesStep

plans = FromProto(pb.PlansStep, PlansStep)
other_coverage = FromProto(pb.OtherCoverageStep, OtherCoverageStep)
signatures = FromProto(pb.SignaturesStep, SignaturesStep)

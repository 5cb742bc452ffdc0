"""The ends of coverage as Application Details shows them."""

from __future__ import annotations

from dataclasses import dataclass

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2

from gateway.pages.application_details.reasons import CANCEL_PARTIES, TERMINATION_REASONS
from gateway.pages.formatting import format_enum


@dataclass(frozen=True, slots=True)
class CoverageEnd:
    """``coverage``: "Medical". Days are YYYY-MM-DD; ``over``: the last one has passed."""

    coverage: str
    last_day: str
    over: bool
    reason: str
    asked_by: str
    requested_on: str


def list_coverage_ends(application: application_pb2.Application, today: str) -> list[CoverageEnd]:
    """``today``: the business date of the application's state."""
    return [
        CoverageEnd(
            coverage=format_enum(one.coverage, common_pb2.Coverage),
            last_day=one.last_day,
            over=one.last_day < today,
            reason=TERMINATION_REASONS.get(one.reason, ""),
            asked_by=CANCEL_PARTIES.get(one.asked_by, ""),
            requested_on=one.requested_on,
        )
        for one in application.terminations
    ]

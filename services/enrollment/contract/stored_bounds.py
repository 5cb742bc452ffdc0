"""Contract: what of a stored application could not be saved again, since the contract bounds it more closely by now."""

from __future__ import annotations

from collections.abc import Iterator

from suite.enrollment.v1 import steps_pb2 as pb

from chassis.bounds import find_out_of_bounds
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.domain.validation_issue import ValidationIssue

_MESSAGES = {
    step: pb.DESCRIPTOR.message_types_by_name[name]
    for step, name in (
        (Step.GENERAL, "GeneralStep"),
        (Step.HOUSEHOLD, "HouseholdStep"),
        (Step.PLANS, "PlansStep"),
        (Step.OTHER_COVERAGE, "OtherCoverageStep"),
        (Step.SIGNATURES, "SignaturesStep"),
    )
}


def find_stored_out_of_bounds(app: Application) -> Iterator[ValidationIssue]:
    """In the order of the steps."""
    for step, message in _MESSAGES.items():
        yield from ValidationIssue.of(step, find_out_of_bounds(getattr(app, step), message))

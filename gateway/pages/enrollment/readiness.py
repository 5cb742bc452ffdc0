"""What submission would refuse now, step by step."""

from __future__ import annotations

from chassis.kernel import Problem
from gateway.pages.application_reads import Readiness
from gateway.pages.enrollment.step import StepPage


def missing_of(readiness: Readiness, page: StepPage) -> list[Problem]:
    """What one step lacks, by field, in the order in which the service names it.

    Of the page of an item in a list, which is no step of its own, what that item lacks.
    """
    return [
        Problem(one.field, one.message, one.rule)
        for one in readiness.missing
        if (one.step == page.step if page.step else one.field.startswith(page.prefix))
    ]

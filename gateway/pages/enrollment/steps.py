"""The five steps in their order (R110)."""

from __future__ import annotations

from gateway.pages.enrollment import general, household, other_coverage, plans, signatures
from gateway.pages.enrollment.pages import Follow
from gateway.pages.enrollment.step import StepPage

PAGES: tuple[StepPage, ...] = (general.PAGE, household.PAGE, plans.PAGE, other_coverage.PAGE, signatures.PAGE)
# Where the buttons of a step's own lead to, by its slug.
FOLLOW: dict[str, Follow] = {
    "general": general.follow,
    "household": household.follow,
    "plans": plans.follow,
    "other-coverage": other_coverage.follow,
}

"""Domain: what a filing may not leave out. One that has gaps is refused, and the catalogue that was there stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.quote.domain.filing import BadRow, Filing, FilingRefused
from services.quote.domain.plan import Plan

# Enough to see the pattern of a broken filing.
MAX_PROBLEMS = 20


def refuse_without_plans_or_counties(filing: Filing) -> None:
    """Raises ``FilingRefused`` for a filing that is about nothing, and for plans that are sold nowhere."""
    if not filing.plans:
        raise FilingRefused([BadRow(filing.plan_file.name, 1, filing.plan_file.id_column, "the filing has no plans")])
    served = {area.service_area_id for area in filing.service_areas}
    nowhere = [plan for plan in filing.plans if plan.service_area_id not in served]
    column = filing.plan_file.area_column
    _refuse(
        filing, column, nowhere, "no county is filed for the service area of plan {}: add its counties or leave it out"
    )


def refuse_unrated(filing: Filing, rated: Collection[str]) -> None:
    """Raises ``FilingRefused`` for plans of which no rate was found; ``rated`` are the component ids that have some.

    A plan with placeholders alone has rows in the rate file, so the carrier says that it has no rate. A filing with
    nothing else is none.
    """
    if not rated and filing.tally.not_filed:
        raise FilingRefused(
            [BadRow(filing.rate_file, 0, "-", "every rate is a placeholder: there is nothing to import")]
        )
    known = {*rated, *filing.tally.not_filed}
    unrated = [plan for plan in filing.plans if plan.component_id not in known]
    reason = f"{filing.rate_file} has no rate of {filing.plan_year} for plan {{}}: add its rates or leave it out"
    _refuse(filing, filing.plan_file.id_column, unrated, reason)


def _refuse(filing: Filing, column: str, plans: Iterable[Plan], reason: str) -> None:
    file = filing.plan_file
    problems = [
        BadRow(file.name, file.lines.get(plan.plan_id, 0), column, reason.format(plan.plan_id)) for plan in plans
    ]
    if problems:
        raise FilingRefused(problems[:MAX_PROBLEMS])

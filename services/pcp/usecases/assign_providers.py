"""Use case: a primary care provider for every member of an application (R69, R72)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from chassis.kernel import Clock, InvalidInput, Problem, Transactions
from services.pcp.domain.assignment import Assignment, AssignmentDistances, AssignmentMade, PcpSelection
from services.pcp.domain.network import PlanNetwork
from services.pcp.usecases.member_decisions import decide_members
from services.pcp.usecases.ports import PcpUnitOfWork, Providers, StoredAssignment


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """``zip_code``: the home address; the nearest provider is counted from there."""

    record_number: str
    plan_id: str
    plan_year: int
    zip_code: str
    selections: tuple[PcpSelection, ...]

    @property
    def network(self) -> PlanNetwork:
        return PlanNetwork.of_plan(self.plan_id, self.plan_year)

    @property
    def fingerprint(self) -> str:
        """Stored with the assignment, so its words outlive a rename here."""
        content = asdict(self)
        content["choices"] = content.pop("selections")
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AssignProviders:
    """Confirms what was chosen and assigns the nearest fitting provider where nothing was.

    The same request for the same application gives the first answer again, whatever became of the directory; a changed
    one (the application was corrected after a failed submission) is decided again. Publishes AssignmentMade once for
    each decision. Raises InvalidInput with one problem for each selection that does not hold, and stores nothing then.
    """

    transactions: Transactions[PcpUnitOfWork]
    clock: Clock
    distances: AssignmentDistances

    def __call__(self, request: AssignmentRequest) -> tuple[Assignment, ...]:
        with self.transactions() as work:
            stored = work.assignments.lock_assignment(request.record_number)
            if stored and stored.fingerprint == request.fingerprint:
                return stored.assignments
            assignments = _decide(work.providers, request, self.distances)
            fresh = StoredAssignment(request.fingerprint, assignments)
            work.assignments.save_assignment(request.record_number, request.plan_id, request.plan_year, fresh)
            work.publish_event(AssignmentMade(request.record_number, request.plan_id, assignments))
            summary = _summary(assignments)
            work.record_audit(self.clock.now(), "enrollment", request.record_number, "pcp.assigned", summary)
            return assignments


def _summary(assignments: tuple[Assignment, ...]) -> str:
    left = [one.none_within_miles for one in assignments if one.none_within_miles]
    chosen = sum(not one.auto_assigned for one in assignments)
    summary = f"{chosen} chosen, {len(assignments) - chosen - len(left)} assigned by the carrier"
    return f"{summary}, {len(left)} left to the carrier: nobody within {left[0]} miles" if left else summary


def _decide(providers: Providers, request: AssignmentRequest, distances: AssignmentDistances) -> tuple[Assignment, ...]:
    outcomes = decide_members(providers, request.network, request.zip_code, request.selections, distances)
    problems = tuple(outcome for outcome in outcomes if isinstance(outcome, Problem))
    if problems:
        raise InvalidInput("Some primary care providers cannot be used.", code="pcp_refused", problems=problems)
    return tuple(outcome for outcome in outcomes if isinstance(outcome, Assignment))

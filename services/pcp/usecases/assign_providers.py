"""Use case: a primary care provider for every member of an application (R69, R72)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from chassis.kernel import Clock, InvalidInput, Problem, Transactions
from services.pcp.domain.assignment import Assignment, AssignmentMade, PcpSelection
from services.pcp.usecases.networks import locate_zip, must_have_network
from services.pcp.usecases.ports import (
    GeoPoint,
    PcpUnitOfWork,
    PlanNetwork,
    ProviderFilter,
    Providers,
    StoredAssignment,
)


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

    def __call__(self, request: AssignmentRequest) -> tuple[Assignment, ...]:
        with self.transactions() as work:
            stored = work.assignments.lock_assignment(request.record_number)
            if stored and stored.fingerprint == request.fingerprint:
                return stored.assignments
            assignments = _decide(work.providers, request)
            fresh = StoredAssignment(request.fingerprint, assignments)
            work.assignments.save_assignment(request.record_number, request.plan_id, request.plan_year, fresh)
            work.publish_event(AssignmentMade(request.record_number, request.plan_id, assignments))
            chosen = sum(not assignment.auto_assigned for assignment in assignments)
            summary = f"{chosen} chosen, {len(assignments) - chosen} assigned by the carrier"
            work.record_audit(self.clock.now(), "enrollment", request.record_number, "pcp.assigned", summary)
            return assignments


def _decide(providers: Providers, request: AssignmentRequest) -> tuple[Assignment, ...]:
    must_have_network(providers, request.network)
    decision = _Decision(providers, request.network, locate_zip(providers, request.zip_code))
    outcomes = [decision.decide(selection, f"members[{place}]") for place, selection in enumerate(request.selections)]
    problems = tuple(outcome for outcome in outcomes if isinstance(outcome, Problem))
    if problems:
        raise InvalidInput("Some primary care providers cannot be used.", code="pcp_refused", problems=problems)
    return tuple(outcome for outcome in outcomes if isinstance(outcome, Assignment))


@dataclass(frozen=True, slots=True)
class _Decision:
    """What holds for all members of one application."""

    providers: Providers
    network: PlanNetwork
    point: GeoPoint

    def decide(self, selection: PcpSelection, field: str) -> Assignment | Problem:
        if selection.pcp_id:
            return self._confirmed(selection, field)
        if selection.group_id and not self.providers.has_group(self.network, selection.group_id):
            message = "This medical group is not in the plan's network. Look up its number in Provider Finder."
            return Problem(f"{field}.medical_group_id", message, "R69")
        return self._nearest(selection, field)

    def _confirmed(self, selection: PcpSelection, field: str) -> Assignment | Problem:
        provider = self.providers.find_member(self.network, selection.pcp_id)
        if provider is None:
            message = (
                "This provider is not in the plan's network. Look up the PCP ID in Provider Finder, or leave it blank."
            )
            return Problem(f"{field}.pcp_id", message, "R71")
        if refusal := provider.refusal(selection.age):
            return Problem(f"{field}.pcp_id", refusal, "R71")
        if selection.group_id and (provider.group is None or provider.group.group_id != selection.group_id):
            message = (
                "This provider belongs to a different medical group. Enter the PCP ID or the medical group, not both."
            )
            return Problem(f"{field}.medical_group_id", message, "R69")
        return Assignment.to(selection, provider)

    def _nearest(self, selection: PcpSelection, field: str) -> Assignment | Problem:
        criteria = ProviderFilter(accepting_only=True, age=selection.age, group_id=selection.group_id)
        nearest = self.providers.find_nearest(self.network, self.point, criteria, limit=1)
        if nearest:
            return Assignment.to(selection, nearest[0].provider)
        if selection.group_id:
            message = (
                "No provider in this medical group accepts new patients of this age. "
                "Choose another group, or leave it blank."
            )
            return Problem(f"{field}.medical_group_id", message, "R69")
        message = "No provider in the plan's network accepts new patients of this age right now. Choose another plan."
        return Problem(f"{field}.pcp_id", message, "R72")

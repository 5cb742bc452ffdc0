"""Use case: a primary care provider for every member of an application (R69, R72)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from chassis.kernel import Clock, InvalidInput, Problem
from services.pcp.domain.assignment import Assignment, AssignmentMade, Choice
from services.pcp.usecases.find_providers import must_have_network, spot_of
from services.pcp.usecases.ports import Network, Providers, Spot, StoredAssignment, Transactions, Wish


@dataclass(frozen=True, slots=True)
class AssignmentRequest:
    """``zip_code``: the home address; the nearest provider is counted from there."""

    record_number: str
    plan_id: str
    plan_year: int
    zip_code: str
    choices: tuple[Choice, ...]

    @property
    def network(self) -> Network:
        return Network.of(self.plan_id, self.plan_year)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


class AssignProviders:
    """Confirms what was chosen and assigns the nearest fitting provider where nothing was.

    The same request for the same application gives the first answer again, whatever became of the directory; a changed
    one (the application was mended after a failed submission) is decided anew. Publishes AssignmentMade once for each
    decision. Raises InvalidInput with one problem for each choice that does not hold, and stores nothing then.
    """

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def __call__(self, request: AssignmentRequest) -> tuple[Assignment, ...]:
        with self._transactions() as work:
            stored = work.assignments.claim(request.record_number)
            if stored and stored.fingerprint == request.fingerprint:
                return stored.assignments
            assignments = _decide(work.providers, request)
            fresh = StoredAssignment(request.fingerprint, assignments)
            work.assignments.put(request.record_number, request.plan_id, request.plan_year, fresh)
            work.publish(AssignmentMade(request.record_number, request.plan_id, assignments))
            chosen = sum(not assignment.auto_assigned for assignment in assignments)
            summary = f"{chosen} chosen, {len(assignments) - chosen} assigned by the carrier"
            work.record(self._clock.now(), "enrollment", request.record_number, "pcp.assigned", summary)
            return assignments


def _decide(providers: Providers, request: AssignmentRequest) -> tuple[Assignment, ...]:
    must_have_network(providers, request.network)
    decision = _Decision(providers, request.network, spot_of(providers, request.zip_code))
    outcomes = [decision.of(choice, f"members[{place}]") for place, choice in enumerate(request.choices)]
    problems = tuple(outcome for outcome in outcomes if isinstance(outcome, Problem))
    if problems:
        raise InvalidInput("Some primary care providers cannot be used.", code="pcp_refused", problems=problems)
    return tuple(outcome for outcome in outcomes if isinstance(outcome, Assignment))


@dataclass(frozen=True, slots=True)
class _Decision:
    """What holds for all members of one application."""

    providers: Providers
    network: Network
    spot: Spot

    def of(self, choice: Choice, field: str) -> Assignment | Problem:
        if choice.pcp_id:
            return self._confirmed(choice, field)
        if choice.group_id and not self.providers.has_group(self.network, choice.group_id):
            message = "This medical group is not in the plan's network. Look the number up in Provider Finder."
            return Problem(f"{field}.medical_group_id", message, "R69")
        return self._nearest(choice, field)

    def _confirmed(self, choice: Choice, field: str) -> Assignment | Problem:
        provider = self.providers.member(self.network, choice.pcp_id)
        if provider is None:
            message = (
                "This provider is not in the plan's network. Look the id up in Provider Finder, or leave it empty."
            )
            return Problem(f"{field}.pcp_id", message, "R71")
        if refusal := provider.refusal(choice.age):
            return Problem(f"{field}.pcp_id", refusal, "R71")
        if choice.group_id and (provider.group is None or provider.group.group_id != choice.group_id):
            message = "The provider belongs to another medical group. Give one of the two ids only."
            return Problem(f"{field}.medical_group_id", message, "R69")
        return Assignment.of(choice, provider)

    def _nearest(self, choice: Choice, field: str) -> Assignment | Problem:
        wish = Wish(accepting_only=True, age=choice.age, group_id=choice.group_id)
        nearest = self.providers.nearest(self.network, self.spot, wish, limit=1)
        if nearest:
            return Assignment.of(choice, nearest[0].provider)
        if choice.group_id:
            message = (
                "Nobody in this medical group takes new patients of this age. Pick another group, or leave it empty."
            )
            return Problem(f"{field}.medical_group_id", message, "R69")
        message = "Nobody in the plan's network takes new patients of this age at the moment. Please pick another plan."
        return Problem(f"{field}.pcp_id", message, "R72")

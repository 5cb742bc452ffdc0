"""Use case: would chosen providers be confirmed (R69-R72)? Asked before an application is submitted."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Problem, Transactions
from services.pcp.domain.assignment import Assignment, AssignmentDistances, PcpSelection
from services.pcp.domain.network import PlanNetwork
from services.pcp.usecases.member_decisions import decide_members
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """``zip_code``: the home address; the nearest provider is counted from there."""

    plan_id: str
    plan_year: int
    zip_code: str
    selections: tuple[PcpSelection, ...]


@dataclass(frozen=True, slots=True)
class ProviderRefusal:
    """``field``: which of the member's two ids is refused."""

    member_index: int
    field: str
    message: str
    rule: str


@dataclass(frozen=True, slots=True)
class CheckedProviders:
    assignments: tuple[Assignment, ...]
    refusals: tuple[ProviderRefusal, ...]


@dataclass(frozen=True, slots=True)
class CheckProviders:
    """Decides as AssignProviders does and stores nothing."""

    transactions: Transactions[PcpUnitOfWork]
    distances: AssignmentDistances

    def __call__(self, check: ProviderCheck) -> CheckedProviders:
        """Raises InvalidInput for an unknown ZIP code and a plan without directory."""
        network = PlanNetwork.of_plan(check.plan_id, check.plan_year)
        with self.transactions() as work:
            outcomes = decide_members(work.providers, network, check.zip_code, check.selections, self.distances)
        decided = list(zip(check.selections, outcomes, strict=True))
        return CheckedProviders(
            tuple(outcome for _, outcome in decided if isinstance(outcome, Assignment)),
            tuple(_refusal(selection, outcome) for selection, outcome in decided if isinstance(outcome, Problem)),
        )


def _refusal(selection: PcpSelection, problem: Problem) -> ProviderRefusal:
    field = problem.field.rpartition(".")[2]
    return ProviderRefusal(selection.member_index, field, problem.message, problem.rule)

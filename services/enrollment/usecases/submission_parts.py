"""Use cases: what the steps of a submission send out, how refusals come back, and how an outcome is written."""

from __future__ import annotations

from chassis.kernel import Conflict, DomainError, InvalidInput, NotFound, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.audit_diff import label_of
from services.enrollment.domain.enums import STEP_TITLES, FailureClass, Step
from services.enrollment.domain.events import ApplicationSubmitted, SubmissionFailed
from services.enrollment.domain.pcp_refusals import PcpRefusal, call_by_role, locate_refusals
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import PcpSelection
from services.enrollment.usecases.ports import EnrollmentUnitOfWork

WORKER = "enrollment"
# What was on offer when it was chosen and is withdrawn now: a plan or a rate of quote, a directory of pcp. The plan was
# priced for the same people and place when it was saved, so it is the offer that has changed.
_WITHDRAWN = frozenset(
    {"unknown_plan", "plan_off_sale", "plan_not_sold_there", "plan_does_not_admit", "rate_not_filed", "no_directory"}
)
GIVEN_UP = ValidationIssue(
    Step.SIGNATURES,
    "",
    "We could not finish the submission because of a problem on our side. "
    "You do not need to change anything. Submit again.",
    failure_class=FailureClass.OURS,
)


def pcp_selections(app: Application) -> list[PcpSelection]:
    """A place in the household for each person, with what was typed for it."""
    assert app.effective_date
    found = []
    for index, person in enumerate(app.household.people):
        choice = app.plans.choice_for(index)
        ids = (choice.pcp_id, choice.medical_group_id) if choice else ("", "")
        found.append(PcpSelection(index, person.age_on(app.effective_date) or 0, *ids))
    return found


def failure_reasons(app: Application, step: Step, refusal: DomainError) -> list[ValidationIssue]:
    """A refusal by another service as what the producer reads; what is ours to fix names no field."""
    kind = _class_of(refusal)
    if kind is FailureClass.OURS:
        return [GIVEN_UP]
    problems = refusal.problems or (Problem("", refusal.message),)
    members = [_of_member(one) for one in problems if one.field.startswith("members[")]
    others = [one for one in problems if not one.field.startswith("members[")]
    located = (*locate_refusals(app, members, call_by_role(app)), *others)
    return [ValidationIssue(step, one.field, one.message, one.rule, kind) for one in located]


def conclude_submission(
    service: ApplicationService, work: EnrollmentUnitOfWork, found: Application, ended: Application
) -> None:
    """Write the one outcome of an attempt, its event and its line of the timeline; ``found`` is locked and waits."""
    service.save(work, ended, read_version=found.version)
    if not ended.failures:
        work.publish_event(ApplicationSubmitted(ended))
        summary = f"Application submitted.{_left_to_carrier(ended)}"
        service.record(work, WORKER, ended, "application.submitted", summary)
        return
    work.publish_event(SubmissionFailed(ended))
    service.record(work, WORKER, ended, "submission.failed", f"{name_attempt(found)} failed: {_cause(ended)}.")


def _left_to_carrier(app: Application) -> str:
    """For the timeline: who has no primary care provider yet, without a name."""
    left = [one.none_within_miles for one in app.assigned_pcps if one.none_within_miles]
    if not left:
        return ""
    people = "1 person" if len(left) == 1 else f"{len(left)} people"
    return f" The carrier will assign {people} a primary care provider: nobody who fits is within {left[0]} miles."


def name_attempt(app: Application) -> str:
    """For the timeline; most applications are submitted once."""
    return "Submission" if app.attempt == 1 else f"Submission {app.attempt}"


def _cause(failed: Application) -> str:
    """For the timeline: who can do what, without what was typed."""
    match failed.failure_class:
        case FailureClass.OURS:
            return "a problem on our side. Nothing needs to be changed; submit again"
        case FailureClass.CARRIER:
            return "the carrier no longer offers what was chosen"
    named = [
        f"{STEP_TITLES[one.step]}, {label_of(one.field)}" if one.field else STEP_TITLES[one.step]
        for one in failed.failures
        if one.step
    ]
    return f"to be corrected are {'; '.join(dict.fromkeys(named))}"


def _class_of(refusal: DomainError) -> FailureClass:
    if isinstance(refusal, NotFound) or refusal.code in _WITHDRAWN:
        return FailureClass.CARRIER
    return FailureClass.FIXABLE if isinstance(refusal, (InvalidInput, Conflict)) else FailureClass.OURS


def _of_member(problem: Problem) -> PcpRefusal:
    """pcp counts members by their place in the household."""
    index, _, field = problem.field.removeprefix("members[").partition("].")
    return PcpRefusal(int(index), field, problem.message, problem.rule)

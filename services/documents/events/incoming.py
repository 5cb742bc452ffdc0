"""Events that documents subscribes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2 as enrollment_pb2
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus.delivery import is_last, is_permanent
from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from chassis.kernel import Money, Unavailable
from services.documents.domain.edi.enrollment import InsuranceLine
from services.documents.domain.edi.submitted_policy import (
    ContactChange,
    CoverageTermination,
    SubmittedPolicy,
    make_policy_id,
)
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication, Submission

APPLICATION_SUBMITTED = "enrollment.application.submitted.v1"
APPLICATION_CANCELLED = "enrollment.application.cancelled.v1"
COVERAGE_TERMINATED = "enrollment.coverage.terminated.v1"
CONTACT_CHANGED = "enrollment.contact.changed.v1"

SUBSCRIBES_TO = (APPLICATION_SUBMITTED, APPLICATION_CANCELLED, COVERAGE_TERMINATED, CONTACT_CHANGED)

_LINES = {
    common_pb2.COVERAGE_MEDICAL: InsuranceLine.MEDICAL,
    common_pb2.COVERAGE_DENTAL: InsuranceLine.DENTAL,
}


def make_subscriptions(
    render: RenderApplication,
    note_failure: NoteRenderFailure,
    note_submission: Callable[[Sequence[SubmittedPolicy]], None],
    note_cancellation: Callable[[str, date, str], None],
    note_termination: Callable[[CoverageTermination], None],
    note_contact_change: Callable[[ContactChange], None],
) -> list[Subscription]:
    def submitted(delivery: Delivery, event: enrollment_events_pb2.ApplicationSubmitted) -> None:
        note_submission([_policy(event, plan) for plan in event.plans])  # first: a document may take hours
        submission = Submission(event.record_number, event.writing_number, delivery.queue, delivery.message_id)
        try:
            render(submission)
        except Exception as error:
            with suppress(Unavailable):  # with the database away the message is tried again all the same
                given_up = is_permanent(error) or is_last(delivery.attempt)
                note_failure(event.record_number, event.writing_number, given_up=given_up)
            raise

    def cancelled(_delivery: Delivery, event: enrollment_events_pb2.ApplicationCancelled) -> None:
        reason = enrollment_pb2.CancelReason.Name(event.reason).removeprefix("CANCEL_REASON_").lower()
        note_cancellation(event.record_number, date.fromisoformat(event.cancelled_on), reason)

    def terminated(_delivery: Delivery, event: enrollment_events_pb2.CoverageTerminated) -> None:
        note_termination(_termination(event))

    def changed(_delivery: Delivery, event: enrollment_events_pb2.ContactChanged) -> None:
        note_contact_change(ContactChange(event.record_number, event.change, date.fromisoformat(event.changed_on)))

    return [
        Subscription(APPLICATION_SUBMITTED, enrollment_events_pb2.ApplicationSubmitted, submitted),
        Subscription(APPLICATION_CANCELLED, enrollment_events_pb2.ApplicationCancelled, cancelled),
        Subscription(COVERAGE_TERMINATED, enrollment_events_pb2.CoverageTerminated, terminated),
        Subscription(CONTACT_CHANGED, enrollment_events_pb2.ContactChanged, changed),
    ]


def _policy(
    event: enrollment_events_pb2.ApplicationSubmitted, plan: enrollment_events_pb2.SubmittedPlan
) -> SubmittedPolicy:
    line = _LINES[plan.coverage]
    return SubmittedPolicy(
        policy_id=make_policy_id(event.record_number, line),
        subscriber_id=str(event.client_app_id),
        record_number=event.record_number,
        writing_number=event.writing_number,
        plan_id=plan.plan_id,
        line=line,
        premium=Money(plan.monthly_premium.cents),
        submitted_on=date.fromisoformat(event.submitted_on),
        begins_on=date.fromisoformat(event.effective_date),
    )


def _termination(event: enrollment_events_pb2.CoverageTerminated) -> CoverageTermination:
    return CoverageTermination(
        policy_id=make_policy_id(event.record_number, _LINES[event.coverage]),
        requested_on=date.fromisoformat(event.requested_on),
        last_day=date.fromisoformat(event.last_day),
        reason=enrollment_pb2.TerminationReason.Name(event.reason).removeprefix("TERMINATION_REASON_").lower(),
    )

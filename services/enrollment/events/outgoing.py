"""Events: domain events to wire types and messages; no name, birth date, address or social security number."""

from __future__ import annotations

from dataclasses import asdict

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_events_pb2 as pb
from suite.enrollment.v1 import steps_pb2

from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.enrollment.domain import events
from services.enrollment.domain.application import Application
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.wire.values import assigned_pcps, iso, money, shortcomings
from services.enrollment.wire.words import number

STARTED = "enrollment.application.started.v1"
REQUESTED = "enrollment.submission.requested.v1"
SUBMITTED = "enrollment.application.submitted.v1"
CANCELLED = "enrollment.application.cancelled.v1"
CLIENT = "enrollment.client.created.v1"
FAILED = "enrollment.application.submission_failed.v1"

PUBLISHES = {
    STARTED: PublishedEvent(pb.ApplicationStarted),
    CLIENT: PublishedEvent(pb.ClientCreated),
    # our own worker
    REQUESTED: PublishedEvent(pb.SubmissionRequested, must_be_heard=True),
    # documents and the gateway, and carriers outside
    SUBMITTED: PublishedEvent(pb.ApplicationSubmitted, must_be_heard=True),
    # payment, and carriers outside
    CANCELLED: PublishedEvent(pb.ApplicationCancelled, must_be_heard=True),
    # the gateway
    FAILED: PublishedEvent(pb.SubmissionFailed, must_be_heard=True),
}


def translate(event: object) -> OutgoingEvent:
    match event:
        case events.ApplicationStarted(application):
            return OutgoingEvent(STARTED, application.record_number, _started(application))
        case events.SubmissionRequested(record_number, attempt):
            message = pb.SubmissionRequested(record_number=record_number, attempt=attempt)
            return OutgoingEvent(REQUESTED, record_number, message)
        case events.ApplicationSubmitted(application):
            return OutgoingEvent(SUBMITTED, application.record_number, _submitted(application))
        case events.ApplicationCancelled(application):
            return OutgoingEvent(CANCELLED, application.record_number, _cancelled(application))
        case events.SubmissionFailed(application):
            return OutgoingEvent(FAILED, application.record_number, _failed(application))
        case events.ClientCreated():
            return OutgoingEvent(CLIENT, event.client_id, pb.ClientCreated(**asdict(event)))
    raise TypeError(f"{type(event).__name__} is no event of enrollment")


def _started(app: Application) -> pb.ApplicationStarted:
    return pb.ApplicationStarted(
        record_number=app.record_number,
        state=app.state,
        writing_number=app.producer.writing_number,
        quote_id=app.quote_id,
    )


def _submitted(app: Application) -> pb.ApplicationSubmitted:
    return pb.ApplicationSubmitted(
        record_number=app.record_number,
        client_app_id=app.identifiers.client_app_id,
        state=app.state,
        writing_number=app.producer.writing_number,
        submitted_on=iso(app.submitted_on),
        effective_date=iso(app.effective_date),
        member_count=len(app.household.people),
        plans=[_plan(line) for line in app.plan_lines],
        monthly_premium=money(app.monthly_premium) or common_pb2.Money(),
        payment_choice=number(app.signatures.payment_choice) or steps_pb2.PAYMENT_CHOICE_UNSPECIFIED,
        assigned_pcps=assigned_pcps(app.assigned_pcps),
        life_event=app.start.life_event if app.start else "",
        rule_pack=app.rule_pack,
    )


def _plan(line: PlanLine) -> pb.SubmittedPlan:
    return pb.SubmittedPlan(
        coverage=number(line.coverage),
        plan_id=line.plan_id,
        name=line.name,
        monthly_premium=money(line.monthly_premium),
    )


def _cancelled(app: Application) -> pb.ApplicationCancelled:
    assert app.cancellation, "only a cancelled application is told of as such"
    return pb.ApplicationCancelled(
        record_number=app.record_number,
        client_app_id=app.identifiers.client_app_id,
        state=app.state,
        writing_number=app.producer.writing_number,
        cancelled_on=iso(app.cancellation.cancelled_on),
        effective_date=iso(app.effective_date),
        reason=number(app.cancellation.reason),
        asked_by=number(app.cancellation.asked_by),
    )


def _failed(app: Application) -> pb.SubmissionFailed:
    return pb.SubmissionFailed(
        record_number=app.record_number,
        state=app.state,
        writing_number=app.producer.writing_number,
        attempt=app.attempt,
        reasons=shortcomings(app.failures),
        failure_class=number(app.failure_class),
    )

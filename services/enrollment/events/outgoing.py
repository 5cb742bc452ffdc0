"""Events: domain events to wire types and messages; no name, birth date, address or social security number."""

from __future__ import annotations

from dataclasses import asdict

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_events_pb2 as pb

from chassis.contract_options import event_type
from chassis.db import OutgoingEvent
from chassis.mapping import REST, ToProto
from services.enrollment.domain import events
from services.enrollment.domain.application import Application
from services.enrollment.domain.cancellation import Cancellation
from services.enrollment.domain.contact_change import ContactChange
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.wire.enums import enum_to_proto
from services.enrollment.wire.values import format_iso, money_to_proto, validation_issue

STARTED = event_type(pb.ApplicationStarted)
REQUESTED = event_type(pb.SubmissionRequested)
SUBMITTED = event_type(pb.ApplicationSubmitted)
CANCELLED = event_type(pb.ApplicationCancelled)
TERMINATED = event_type(pb.CoverageTerminated)
CONTACT_CHANGED = event_type(pb.ContactChanged)
EXPIRED = event_type(pb.ApplicationExpired)
CLIENT = event_type(pb.ClientCreated)
FAILED = event_type(pb.SubmissionFailed)
REVIEW_SIGNED = event_type(pb.ReviewSigned)
REVIEW_RETURNED = event_type(pb.ReviewReturned)
REVIEW_OUTDATED = event_type(pb.ReviewOutdated)
REVIEW_WITHDRAWN = event_type(pb.ReviewWithdrawn)


def event_to_proto(event: object) -> OutgoingEvent:
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
        case events.CoverageTerminated(application):
            return OutgoingEvent(TERMINATED, application.record_number, _terminated(event))
        case events.ContactChanged(application):
            return OutgoingEvent(CONTACT_CHANGED, application.record_number, _contact_changed(application))
        case events.SubmissionFailed(application):
            return OutgoingEvent(FAILED, application.record_number, _failed(application))
        case events.ApplicationExpired():
            return OutgoingEvent(EXPIRED, event.record_number, pb.ApplicationExpired(**asdict(event)))
        case events.ClientCreated():
            return OutgoingEvent(CLIENT, event.client_id, pb.ClientCreated(**asdict(event)))
    return _review_to_proto(event)


def _review_to_proto(event: object) -> OutgoingEvent:
    match event:
        case events.ReviewSigned():
            return OutgoingEvent(REVIEW_SIGNED, event.record_number, pb.ReviewSigned(**asdict(event)))
        case events.ReviewReturned():
            return OutgoingEvent(REVIEW_RETURNED, event.record_number, pb.ReviewReturned(**asdict(event)))
        case events.ReviewOutdated():
            return OutgoingEvent(REVIEW_OUTDATED, event.record_number, pb.ReviewOutdated(**asdict(event)))
        case events.ReviewWithdrawn():
            return OutgoingEvent(REVIEW_WITHDRAWN, event.record_number, pb.ReviewWithdrawn(**asdict(event)))
    raise TypeError(f"{type(event).__name__} is no event of enrollment")


_plan = ToProto(PlanLine, pb.SubmittedPlan, unsent=REST)
_started = ToProto(Application, pb.ApplicationStarted, writing_number="producer.writing_number", unsent=REST)
_submitted = ToProto(
    Application,
    pb.ApplicationSubmitted,
    client_app_id="identifiers.client_app_id",
    writing_number="producer.writing_number",
    member_count=lambda app: len(app.household.people),
    plans=lambda app: [_plan(line) for line in app.plan_lines],
    monthly_premium=lambda app: money_to_proto(app.monthly_premium) or common_pb2.Money(),
    payment_choice=lambda app: enum_to_proto(app.signatures.payment_choice),
    life_event=lambda app: app.start.life_event if app.start else "",
    unsent=REST,
)
_cancelled = ToProto(
    Application,
    pb.ApplicationCancelled,
    client_app_id="identifiers.client_app_id",
    writing_number="producer.writing_number",
    cancelled_on=lambda app: format_iso(_cancellation(app).cancelled_on),
    reason=lambda app: enum_to_proto(_cancellation(app).reason),
    asked_by=lambda app: enum_to_proto(_cancellation(app).asked_by),
    unsent=REST,
)
_terminated = ToProto(
    events.CoverageTerminated,
    pb.CoverageTerminated,
    record_number="application.record_number",
    client_app_id="application.identifiers.client_app_id",
    state="application.state",
    writing_number="application.producer.writing_number",
    coverage=lambda event: enum_to_proto(event.termination.coverage),
    plan_id=lambda event: _ended_line(event).plan_id,
    requested_on=lambda event: format_iso(event.termination.requested_on),
    last_day=lambda event: format_iso(event.termination.last_day),
    reason=lambda event: enum_to_proto(event.termination.reason),
    asked_by=lambda event: enum_to_proto(event.termination.asked_by),
    unsent=REST,
)
_contact_changed = ToProto(
    Application,
    pb.ContactChanged,
    client_app_id="identifiers.client_app_id",
    writing_number="producer.writing_number",
    change=lambda app: _contact_change(app).number,
    changed_on=lambda app: format_iso(_contact_change(app).changed_on),
    unsent=REST,
)
_failed = ToProto(
    Application,
    pb.SubmissionFailed,
    writing_number="producer.writing_number",
    reasons=lambda app: [validation_issue(one) for one in app.failures],
    unsent=REST,
)


def _cancellation(app: Application) -> Cancellation:
    assert app.cancellation, "only a cancelled application is published as cancelled"
    return app.cancellation


def _ended_line(event: events.CoverageTerminated) -> PlanLine:
    line = line_of(event.application.plan_lines, event.termination.coverage)
    assert line, "only coverage under a plan is terminated"
    return line


def _contact_change(app: Application) -> ContactChange:
    assert app.contact_change, "only changed contact details are published as changed"
    return app.contact_change

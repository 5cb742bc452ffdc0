"""Contract: applications, lists and dates, as proto messages."""

from __future__ import annotations

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import effective_dates_pb2, records_pb2

from services.enrollment.contract import step_protos as steps
from services.enrollment.contract.household_protos import household
from services.enrollment.domain.acceptances import Acceptance
from services.enrollment.domain.application import Application
from services.enrollment.domain.effective_dates import Option, Refusal
from services.enrollment.domain.first_payment import total_due
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.domain.start import CoverageStart
from services.enrollment.domain.vocabulary import Coverage, Status
from services.enrollment.usecases.desk import ApplicationView
from services.enrollment.wire.values import assigned_pcps, iso, money, months_due, shortcomings
from services.enrollment.wire.words import number


def application(view: ApplicationView) -> pb.Application:
    app = view.application
    return pb.Application(
        record_number=app.record_number,
        client_app_id=app.identifiers.client_app_id,
        status=number(app.status),
        header=_header(app),
        quote_id=app.quote_id,
        current_step=number(view.current_step),
        general=steps.general(app),
        household=household(app),
        plans=steps.plans(app),
        other_coverage=steps.other_coverage(app),
        signatures=steps.signatures(app),
        effective_date=iso(app.start.date) if app.start else "",
        effective_date_reason=app.start.reason if app.start else "",
        effective_date_basis=_basis(app.start) if app.start else None,
        plan_lines=[_plan_line(line) for line in app.plan_lines],
        assigned_pcps=assigned_pcps(app.assigned_pcps),
        failures=shortcomings(app.failures),
        payment_status=app.payment_status or "",
        state=app.state,
        rule_pack=app.rule_pack,
        created_at=_instant(app.created_at),
        updated_at=_instant(app.updated_at),
        submitted_on=iso(app.submitted_on),
        expires_on=iso(app.expires_on),
        version=app.version,
        locked=view.locked,
        acceptances=[_acceptance(one) for one in app.acceptances],
        notices=[
            pb.Notice(step=number(one.step), field=one.field, message=one.message, rule=one.rule)
            for one in view.notices
        ],
        failure_class=number(app.failure_class),
        return_to=_return_to(app),
        help_line=view.help_line,
        cancellation=_cancellation(app),
        proofs_asked=view.proofs_asked,
        document_due_on=iso(app.document_due_on),
        first_payment_months=months_due(view.months_due),
        first_payment=money(total_due(view.months_due)),
    )


def without_self_identification(application: pb.Application) -> pb.Application:
    """For whoever has no need of these answers (rules.md 9)."""
    for person in application.household.people:
        person.ClearField("self_identification")
    return application


def _acceptance(found: Acceptance) -> records_pb2.Acceptance:
    return records_pb2.Acceptance(
        kind=found.kind,
        version=found.version,
        accepted_at=_instant(found.accepted_at),
        recorded_by=found.recorded_by,
        on_behalf_of_writing_number=found.on_behalf_of,
        person_id=found.person_id,
    )


def option(found: Option, *, is_default: bool) -> effective_dates_pb2.EffectiveDateOption:
    return effective_dates_pb2.EffectiveDateOption(
        effective_date=iso(found.effective_date),
        life_event=found.life_event,
        life_event_date=iso(found.life_event_date),
        rule=found.rule,
        explanation=found.explanation,
        window_first_day=iso(found.window_first_day),
        window_last_day=iso(found.window_last_day),
        months_due=found.months_due,
        is_default=is_default,
        first_payment_months=months_due(found.first_payment_months),
        first_payment=money(total_due(found.first_payment_months)),
    )


def refusal(found: Refusal) -> effective_dates_pb2.RefusedEffectiveDate:
    return effective_dates_pb2.RefusedEffectiveDate(
        life_event=found.life_event,
        life_event_date=iso(found.life_event_date),
        rule=found.rule,
        explanation=found.explanation,
        window_first_day=iso(found.window_first_day),
        window_last_day=iso(found.window_last_day),
        reason=found.reason,
    )


def _basis(start: CoverageStart) -> effective_dates_pb2.EffectiveDateBasis:
    return effective_dates_pb2.EffectiveDateBasis(
        rule=start.rule, life_event=start.life_event, life_event_date=iso(start.life_event_date)
    )


def _header(app: Application) -> pb.Header:
    medical, dental = line_of(app.plan_lines, Coverage.MEDICAL), line_of(app.plan_lines, Coverage.DENTAL)
    return pb.Header(
        applicant_name=app.applicant_name,
        effective_date=iso(app.effective_date),
        medical_plan_name=medical.name if medical else "",
        dental_plan_name=dental.name if dental else "",
        monthly_premium=money(app.monthly_premium),
    )


def _return_to(app: Application) -> pb.ReturnTo | None:
    if app.status is not Status.FAILED or not app.failures:
        return None
    first = app.failures[0]
    return pb.ReturnTo(step=number(first.step), field=first.field)


def _cancellation(app: Application) -> pb.Cancellation | None:
    found = app.cancellation
    if found is None:
        return None
    return pb.Cancellation(
        cancelled_on=iso(found.cancelled_on), reason=number(found.reason), asked_by=number(found.asked_by)
    )


def _plan_line(line: PlanLine) -> pb.PlanLine:
    return pb.PlanLine(
        coverage=number(line.coverage),
        plan_id=line.plan_id,
        name=line.name,
        plan_type=line.plan_type,
        metal_level=line.metal_level,
        monthly_premium=money(line.monthly_premium),
        members=[
            pb.PremiumLine(
                member_index=m.member_index,
                age=m.age,
                monthly_premium=money(m.monthly_premium),
                explanation=m.explanation,
            )
            for m in line.members
        ],
        catalogue=line.catalogue,
        uses_pcp=line.uses_pcp,
        consumer_choice_disclosure=line.consumer_choice_disclosure,
        renewals=[
            pb.Renewal(plan_year=one.plan_year, monthly_premium=money(one.monthly_premium)) for one in line.renewals
        ],
    )


def _instant(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp

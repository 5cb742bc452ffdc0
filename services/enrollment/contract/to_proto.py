"""Contract: applications, lists and dates, as proto messages."""

from __future__ import annotations

from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import effective_dates_pb2, enrollment_service_pb2, records_pb2

from chassis.mapping import ToProto
from services.enrollment.contract import step_protos as steps
from services.enrollment.contract.household_protos import household
from services.enrollment.domain.acceptance import Acceptance
from services.enrollment.domain.application import Application
from services.enrollment.domain.cancellation import Cancellation
from services.enrollment.domain.contact_change import ContactChange
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.effective_dates import DateOption, DateRefusal
from services.enrollment.domain.enums import Coverage, Status
from services.enrollment.domain.first_payment import total_due
from services.enrollment.domain.notice import Notice
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.premium_change import PremiumChange
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.domain.review_consent import ReviewConsent, ReviewedText
from services.enrollment.domain.termination import TerminationChoice
from services.enrollment.usecases.application_service import ApplicationView
from services.enrollment.usecases.get_readiness import Readiness
from services.enrollment.wire.enums import enum_to_proto
from services.enrollment.wire.values import format_iso, money_to_proto, months_due

_acceptance = ToProto(Acceptance, records_pb2.Acceptance, on_behalf_of_writing_number="on_behalf_of")
# Whether the pediatric dental benefit is in a plan decides what is asked, and is not told.
plan_line_to_proto = ToProto(PlanLine, pb.PlanLine, unsent=("includes_pediatric_dental",))
_cancellation = ToProto(Cancellation, pb.Cancellation)
_contact_change = ToProto(ContactChange, pb.ContactChange, unsent=("number",))
_termination_choice = ToProto(TerminationChoice, pb.TerminationChoice)
_basis = ToProto(CoverageEffectiveDate, effective_dates_pb2.EffectiveDateBasis, unsent=("date", "reason"))
_notice = ToProto(Notice, pb.Notice)
_premium_change = ToProto(PremiumChange, pb.PremiumChange)
# Ready is what lacks nothing and can be submitted at all: a draft or a failed one that has not expired.
readiness_to_proto = ToProto(
    Readiness,
    enrollment_service_pb2.GetReadinessResponse,
    ready=lambda found: not (found.missing or found.closed),
    unsent=("closed",),
)
_payment = ToProto(PaymentDetails, pb.PaymentDetails, unsent=("transaction_id",))
_option = ToProto(
    DateOption,
    effective_dates_pb2.EffectiveDateOption,
    at_call=("is_default",),
    unsent=("overlaps",),
    first_payment=lambda option: money_to_proto(total_due(option.first_payment_months)),
)
refusal = ToProto(DateRefusal, effective_dates_pb2.RefusedEffectiveDate, unsent=("place",))
_reviewed_text = ToProto(ReviewedText, records_pb2.ReviewedText)
_consent = ToProto(
    ReviewConsent, records_pb2.ReviewConsent, at_call=("keep_until",), unsent=("holds", "ssn_fingerprints")
)
_application = ToProto(
    Application,
    pb.Application,
    at_call=(
        "current_step",
        "complete_steps",
        "locked",
        "notices",
        "help_line",
        "proofs_asked",
        "first_payment_months",
        "first_payment",
        "payment",
        "owes_pediatric_dental",
        "premium_change",
        "cancellation_refusal",
        "termination_choice",
        "termination_refusal",
        "contact_change_refusal",
    ),
    unsent=(
        "producer",  # in the general step
        "start",  # told by the effective date
        "quoted_at",  # reports count from it
        "provisional_date",
        "attempt",
        "requested_at",
        "asked_again",
        "saved_steps",  # told by those that are complete
        "opened_months",  # of the payment; what is due is worked out again
        "explained",  # a method of its own tells of duplicates
    ),
    client_app_id="identifiers.client_app_id",
    header=lambda app: _header(app),
    general=steps.general_to_proto,
    household=lambda app: household(app.household),
    plans=steps.plans_to_proto,
    other_coverage=steps.other_coverage,
    effective_date=lambda app: format_iso(app.start.date) if app.start else "",
    effective_date_reason=lambda app: app.start.reason if app.start else "",
    effective_date_basis=lambda app: _basis(app.start) if app.start else None,
    return_to=lambda app: _return_to(app),
    client_review=lambda app: consent_to_proto(app.client_review, app.state) if app.client_review else None,
)


def consent_to_proto(consent: ReviewConsent, state: str) -> records_pb2.ReviewConsent:
    """``state``: of the application."""
    return _consent(consent, keep_until=format_iso(consent.keep_until(state)))


def application_to_proto(view: ApplicationView) -> pb.Application:
    return _application(
        view.application,
        current_step=enum_to_proto(view.current_step),
        complete_steps=[enum_to_proto(step) for step in view.complete_steps],
        locked=view.locked,
        notices=[_notice(one) for one in view.notices],
        help_line=view.help_line,
        cancellation_refusal=view.cancellation_refusal,
        termination_choice=_termination_choice(view.termination_choice) if view.termination_choice else None,
        termination_refusal=view.termination_refusal,
        contact_change_refusal=view.contact_change_refusal,
        proofs_asked=view.proofs_asked,
        first_payment_months=months_due(view.months_due),
        first_payment=money_to_proto(total_due(view.months_due)),
        payment=_payment(view.payment) if view.payment else None,
        owes_pediatric_dental=view.owes_pediatric_dental,
        premium_change=_premium_change(view.premium_change) if view.premium_change else None,
    )


def without_self_identification(application: pb.Application) -> pb.Application:
    """For anyone who has no need of these answers (rules.md 9)."""
    for person in application.household.people:
        person.ClearField("self_identification")
    return application


def option_to_proto(found: DateOption, *, is_default: bool) -> effective_dates_pb2.EffectiveDateOption:
    return _option(found, is_default=is_default)


def _header(app: Application) -> pb.Header:
    medical, dental = line_of(app.plan_lines, Coverage.MEDICAL), line_of(app.plan_lines, Coverage.DENTAL)
    return pb.Header(
        applicant_name=app.applicant_name,
        effective_date=format_iso(app.effective_date),
        medical_plan_name=medical.name if medical else "",
        dental_plan_name=dental.name if dental else "",
        monthly_premium=money_to_proto(app.monthly_premium),
        date_is_provisional=app.start is None,
    )


def _return_to(app: Application) -> pb.ReturnTo | None:
    if app.status is not Status.FAILED or not app.failures:
        return None
    first = app.failures[0]
    return pb.ReturnTo(step=enum_to_proto(first.step), field=first.field)

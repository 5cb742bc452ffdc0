"""Contract: lists, deadlines and timelines, as proto messages; filters and orders out of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2, records_pb2

from chassis.kernel import InvalidInput
from services.enrollment.contract import step_protos as steps
from services.enrollment.contract.reading import Form
from services.enrollment.domain.application_list import ApplicationSearch, Column, Days
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.vocabulary import PaymentStatus, Status, Step
from services.enrollment.usecases.overview_ports import OpenDeadline, RadarSearch, Summary
from services.enrollment.usecases.records import TimelineEntry
from services.enrollment.wire.values import iso, money
from services.enrollment.wire.words import number, word

E = TypeVar("E", bound=StrEnum)


def search(
    status: application_pb2.ApplicationStatus.ValueType,
    given: pb.ApplicationFilter,
    order: pb.ApplicationOrder,
    applicant: str = "",
) -> ApplicationSearch:
    """Raises InvalidInput, naming every field that cannot be read."""
    form = Form()
    by = _word(form, Column, order.by, "order.by", "Choose one of the columns of the list.")
    found = ApplicationSearch(
        list_of=_list(status),
        by=by or Column.RECORD_NUMBER,
        descending=order.descending if by else True,
        state=given.state,
        writing_number=given.writing_number,
        record_number=given.record_number,
        client_app_id=given.client_app_id,
        applicant=applicant,
        payment_status=_payment_status(form, given.payment_status),
        current_step=_word(form, Step, given.current_step, "filter.current_step", "Choose one of the five steps."),
        submitted=_days(form, given, "submitted"),
        created=_days(form, given, "created"),
        effective=_days(form, given, "effective"),
        expires=_days(form, given, "expires"),
    )
    form.close()
    return found


def radar_search(request: pb.ListDeadlinesRequest, today: date) -> RadarSearch:
    form = Form()
    kind = _word(form, DeadlineKind, request.kind, "kind", "Choose one of the kinds of deadlines.")
    first = form.day("due_from", request.due_from) or today
    last = form.day("due_to", request.due_to)
    form.close()
    return RadarSearch(first, last, (kind,) if kind else ())


def summary(row: Summary) -> pb.ApplicationSummary:
    return pb.ApplicationSummary(
        record_number=row.record_number,
        client_app_id=row.client_app_id,
        status=number(row.status),
        applicant_name=row.applicant_name,
        state=row.producer.state,
        submitted_on=iso(row.submitted_on),
        effective_date=iso(row.effective_date),
        product_name=row.product_name,
        monthly_premium=money(row.monthly_premium),
        payment_status=row.payment_status,
        producer=steps.producer(row.producer),
        current_step=number(row.current_step),
        expires_on=iso(row.expires_on),
        created_at=_instant(row.created_at),
        updated_at=_instant(row.updated_at),
    )


def deadline(row: OpenDeadline) -> pb.Deadline:
    return pb.Deadline(
        record_number=row.identifiers.record_number,
        client_app_id=row.identifiers.client_app_id,
        kind=number(row.deadline.kind),
        due_on=iso(row.deadline.due_on),
        status=number(row.status),
        applicant_name=row.applicant_name,
        producer=steps.producer(row.producer),
    )


def timeline_entry(entry: TimelineEntry) -> records_pb2.TimelineEntry:
    return records_pb2.TimelineEntry(
        at=_instant(entry.at),
        actor=entry.actor,
        on_behalf_of_writing_number=entry.on_behalf_of,
        action=entry.action,
        summary=entry.summary,
        changed_fields=entry.changed_fields,
    )


def _list(status: application_pb2.ApplicationStatus.ValueType) -> Status:
    found = word(Status, status)
    if found is None:
        raise InvalidInput.at("status", "Choose the incomplete, the submitted or the failed applications.")
    return found


def _word(form: Form, kind: type[E], given: int, field: str, message: str) -> E | None:
    """None for UNSPECIFIED; a number that this version does not know is refused."""
    found = word(kind, given)
    if given and found is None:
        form.refuse(field, message)
    return found


def _payment_status(form: Form, text: str) -> PaymentStatus | None:
    if text and text not in list(PaymentStatus):
        form.refuse("filter.payment_status", f"Choose one of: {', '.join(PaymentStatus)}.", "R94")
        return None
    return PaymentStatus(text) if text else None


def _days(form: Form, given: pb.ApplicationFilter, name: str) -> Days:
    first, last = (form.day(f"filter.{name}_{end}", getattr(given, f"{name}_{end}")) for end in ("from", "to"))
    return Days(first, last)


def _instant(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp

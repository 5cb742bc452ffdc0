"""Contract: lists, deadlines and timelines, as proto messages; filters and orders out of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2, records_pb2

from chassis.kernel import InvalidInput
from chassis.mapping import ToProto
from services.enrollment.contract.request_parsing import RequestParser
from services.enrollment.domain.application_list import ApplicationSearch, Column, DateRange
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.enums import PaymentStatus, Status, Step
from services.enrollment.usecases.dtos import TimelineEntry
from services.enrollment.usecases.overview_ports import DeadlineSearch, ListedApplication, OpenDeadline
from services.enrollment.wire.enums import enum_from_proto, enum_to_proto
from services.enrollment.wire.values import format_iso

E = TypeVar("E", bound=StrEnum)

summary = ToProto(ListedApplication, pb.ApplicationSummary, state="producer.state")
deadline = ToProto(
    OpenDeadline,
    pb.Deadline,
    record_number="identifiers.record_number",
    client_app_id="identifiers.client_app_id",
    kind=lambda row: enum_to_proto(row.deadline.kind),
    due_on=lambda row: format_iso(row.deadline.due_on),
    unsent=("deadline",),
)
timeline_entry = ToProto(
    TimelineEntry, records_pb2.TimelineEntry, on_behalf_of_writing_number="on_behalf_of", unsent=("entry_id",)
)


def search_to_domain(
    status: application_pb2.ApplicationStatus.ValueType,
    given: pb.ApplicationFilter,
    order: pb.ApplicationOrder,
    applicant: str = "",
) -> ApplicationSearch:
    """Raises InvalidInput, naming every field that cannot be read."""
    form = RequestParser()
    by = _word(form, Column, order.by, "order.by", "Choose a column from the list.")
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
        status=_word(form, Status, given.status, "filter.status", "Choose one of the statuses of this list."),
        submitted=_days(form, given, "submitted"),
        created=_days(form, given, "created"),
        effective=_days(form, given, "effective"),
        expires=_days(form, given, "expires"),
    )
    form.close()
    return found


def deadline_search(request: pb.ListDeadlinesRequest) -> DeadlineSearch:
    form = RequestParser()
    kind = _word(form, DeadlineKind, request.kind, "kind", "Choose one of the kinds of deadlines.")
    first = form.day("due_from", request.due_from)
    last = form.day("due_to", request.due_to)
    form.close()
    return DeadlineSearch(first, last, (kind,) if kind else ())


def _list(status: application_pb2.ApplicationStatus.ValueType) -> Status:
    found = enum_from_proto(Status, status)
    if found is None:
        raise InvalidInput.at("status", "Choose the incomplete, the submitted, the failed or the expired applications.")
    return found


def _word(form: RequestParser, kind: type[E], given: int, field: str, message: str) -> E | None:
    """None for UNSPECIFIED; a number that this version does not know is refused."""
    found = enum_from_proto(kind, given)
    if given and found is None:
        form.refuse(field, message)
    return found


def _payment_status(form: RequestParser, text: str) -> PaymentStatus | None:
    if text and text not in list(PaymentStatus):
        form.refuse("filter.payment_status", f"Choose one of: {', '.join(PaymentStatus)}.", "R94")
        return None
    return PaymentStatus(text) if text else None


def _days(form: RequestParser, given: pb.ApplicationFilter, name: str) -> DateRange:
    first, last = (form.day(f"filter.{name}_{end}", getattr(given, f"{name}_{end}")) for end in ("from", "to"))
    return DateRange(first, last)

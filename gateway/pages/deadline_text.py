"""Deadlines for people: what is due, by when, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suite.enrollment.v1 import application_overview_pb2 as pb

from gateway.notifications.calendar_feed import TITLES
from gateway.pages.formatting import NOTHING, format_day
from gateway.user import DelegatedAction, User

_PAYMENT, _DOCUMENT = pb.DEADLINE_KIND_FIRST_PAYMENT_DUE, pb.DEADLINE_KIND_DOCUMENT_DUE

_CONTINUE = ("Continue the application", "/resume", DelegatedAction.ENROLL)
# What is done next, where on the application's pages, and the action that it is.
_NEXT = {
    _PAYMENT: ("Take the payment", "", DelegatedAction.PAY),
    _DOCUMENT: ("Add the document", "#documents", DelegatedAction.ENROLL),
}


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """``address`` and ``action``: the next thing to do about it. ``overdue``: its day has passed."""

    title: str
    client: str
    record_number: str
    due: str
    overdue: bool
    address: str
    action: str


def describe_deadline(deadline: pb.Deadline, today: date, user: User) -> OpenDeadline:
    """A delegate who may not do what is next is offered to look."""
    address = f"/applications/{deadline.record_number}"
    action, where, needed = _NEXT.get(deadline.kind, _CONTINUE)
    if not user.may(needed, deadline.producer.writing_number):
        action, where = "See the application", ""
    return OpenDeadline(
        title=TITLES.get(deadline.kind, "Deadline"),
        client=deadline.applicant_name or NOTHING,
        record_number=deadline.record_number,
        due=format_day(deadline.due_on),
        overdue=bool(deadline.due_on) and deadline.due_on < today.isoformat(),
        address=address + where,
        action=action,
    )

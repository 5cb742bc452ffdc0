"""What waits for a producer: each group with its first rows, its count, and where to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Unavailable
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_clients import ServiceClients
from gateway.pages.application_fields.steps import CLIENT_REVIEW, TITLES
from gateway.pages.deadline_text import describe_deadline
from gateway.pages.formatting import NOTHING, format_day, format_moment
from gateway.user import DelegatedAction, User

Answer = TypeVar("Answer")
# As many rows of each group as fit on a screen beside the others.
SHOWN = 5
# What is due later than this is no work of today; what was due longer ago is history.
SOON, MISSED = timedelta(days=14), timedelta(days=30)
# First payments stay due until they are made or the application ends.
UNPAID = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of a group: about whom, what about it, and the link to what to do next."""

    record_number: str
    client: str
    about: str
    address: str
    action: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """``items`` None: the service did not answer. ``none``: what to say when nothing waits."""

    title: str
    all_address: str
    none: str
    items: Sequence[WorkRow] | None
    count: int = 0
    capped: bool = False


@dataclass(frozen=True, slots=True)
class WorkWaiting:
    """Asks enrollment for every group at once; one that gets no answer leaves the others their place."""

    services: ServiceClients
    user: User
    today: date

    async def find(self) -> list[WorkGroup]:
        return list(
            await asyncio.gather(
                self._due("Deadlines in the next 14 days", "/deadlines", "No deadline in the next 14 days."),
                self._applications(
                    "Incomplete applications", "incomplete", "No application is incomplete.", "Continue"
                ),
                self._applications("Failed applications", "failed", "No application failed.", "Fix and resubmit"),
                self._of_kind(
                    "First payment not made",
                    pb.DEADLINE_KIND_FIRST_PAYMENT_DUE,
                    "first_payment_due",
                    "Every first payment is made.",
                ),
                self._reviews("Waiting for the client", "No client has a review to answer."),
                self._of_kind("Documents owed", pb.DEADLINE_KIND_DOCUMENT_DUE, "document_due", "No document is owed."),
            )
        )

    async def _reviews(self, title: str, none: str) -> WorkGroup:
        asked = pb.ListAwaitedReviewsRequest(size=SHOWN)
        answer = await _or_none(
            self.services.ask(ENROLLMENT["ListAwaitedReviews"], asked, pb.ListAwaitedReviewsResponse, self.user.caller)
        )
        if answer is None:
            return WorkGroup(title, "/", none, None)
        items = [
            WorkRow(
                one.record_number,
                one.applicant_name or NOTHING,
                f"{'Opened' if one.opened else 'Not opened'}, link ends {format_moment(one.expires_at, one.state)}",
                f"/applications/{one.record_number}",
                "See the review",
            )
            for one in answer.reviews
        ]
        return WorkGroup(title, "/enroll?tab=incomplete", none, items, answer.count, answer.count_capped)

    async def _due(self, title: str, address: str, none: str) -> WorkGroup:
        first, last = (self.today - MISSED).isoformat(), (self.today + SOON).isoformat()
        return await self._deadlines(title, address, none, pb.ListDeadlinesRequest(due_from=first, due_to=last))

    async def _of_kind(self, title: str, kind: pb.DeadlineKind.ValueType, word: str, none: str) -> WorkGroup:
        first = (self.today - UNPAID).isoformat()
        asked = pb.ListDeadlinesRequest(kind=kind, due_from=first)
        return await self._deadlines(title, f"/deadlines?kind={word}&first={first}", none, asked)

    async def _deadlines(self, title: str, address: str, none: str, asked: pb.ListDeadlinesRequest) -> WorkGroup:
        asked.page.size = SHOWN
        answer = await _or_none(
            self.services.ask(ENROLLMENT["ListDeadlines"], asked, pb.ListDeadlinesResponse, self.user.caller)
        )
        if answer is None:
            return WorkGroup(title, address, none, None)
        found = [describe_deadline(one, self.today, self.user) for one in answer.deadlines]
        items = [
            WorkRow(
                one.record_number,
                one.client,
                f"{one.title} {one.due}{', overdue' if one.overdue else ''}",
                one.address,
                one.action,
                one.overdue,
            )
            for one in found
        ]
        return WorkGroup(title, address, none, items, answer.count, answer.count_capped)

    async def _applications(self, title: str, tab: str, none: str, action: str) -> WorkGroup:
        asked = pb.ListApplicationsRequest(
            status=_STATUSES[tab],
            order=pb.ApplicationOrder(by=pb.APPLICATION_COLUMN_UPDATED_AT, descending=True),
            page=common_pb2.Page(size=SHOWN),
        )
        answer = await _or_none(
            self.services.ask(ENROLLMENT["ListApplications"], asked, pb.ListApplicationsResponse, self.user.caller)
        )
        address = f"/enroll?tab={tab}"
        if answer is None:
            return WorkGroup(title, address, none, None)
        items = [self._application(row, action) for row in answer.applications]
        return WorkGroup(title, address, none, items, answer.count, answer.count_capped)

    def _application(self, row: pb.ApplicationSummary, action: str) -> WorkRow:
        where = f"/applications/{row.record_number}"
        about = f"{TITLES.get(row.next_step, CLIENT_REVIEW)}, expires {format_day(row.expires_on)}"
        if row.status == application_pb2.APPLICATION_STATUS_SUBMITTING:
            about, action = "Being submitted", "See the outcome"
        elif not self.user.may(DelegatedAction.ENROLL, row.producer.writing_number):
            action = "See the application"
        elif row.status == application_pb2.APPLICATION_STATUS_INCOMPLETE:
            where += "/resume"
        return WorkRow(row.record_number, row.applicant_name or "No name yet", about, where, action)


_STATUSES = {
    "incomplete": application_pb2.APPLICATION_STATUS_INCOMPLETE,
    "failed": application_pb2.APPLICATION_STATUS_FAILED,
}


async def _or_none(asked: Awaitable[Answer]) -> Answer | None:
    try:
        return await asked
    except Unavailable:
        return None

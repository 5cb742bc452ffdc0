"""Deadlines as a calendar (RFC 5545). It names applications by their record numbers alone: calendars are shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from suite.enrollment.v1 import application_overview_pb2 as pb

PRODUCT = "-//Producer Experience Portal//Deadlines//EN"
# How often calendar programs should look again: deadlines change by the day.
LOOK_AGAIN = timedelta(hours=6)

_KIND = pb.DeadlineKind
TITLES = {
    _KIND.DEADLINE_KIND_DRAFT_EXPIRY: "Application expires",
    _KIND.DEADLINE_KIND_SEP_WINDOW_END: "Special enrollment period ends",
    _KIND.DEADLINE_KIND_OPEN_ENROLLMENT_END: "Open enrollment ends",
    _KIND.DEADLINE_KIND_FIRST_PAYMENT_DUE: "First payment due",
    _KIND.DEADLINE_KIND_DOCUMENT_DUE: "Proof document due",
}


def build_calendar(deadlines: Sequence[pb.Deadline], origin: str, now: datetime) -> bytes:
    """``origin`` of the portal, to which each entry links."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", "Enrollment deadlines")
    found.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    for deadline in deadlines:
        found.add_component(_event(deadline, origin, now))
    return bytes(found.to_ical())


def _event(deadline: pb.Deadline, origin: str, now: datetime) -> Event:
    day, title = date.fromisoformat(deadline.due_on), TITLES.get(deadline.kind, "Deadline")
    event = Event()
    # the same entry at every reading, so that a day that moved moves in the calendar
    event.add("uid", f"{_KIND.Name(deadline.kind).lower()}-{deadline.record_number}@{urlsplit(origin).hostname}")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{title}: {deadline.record_number}")
    event.add("url", f"{origin}/applications/{deadline.record_number}")
    event.add("transp", "TRANSPARENT")
    return event

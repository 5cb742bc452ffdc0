"""Deadlines of applications, reviews that wait for clients, and reports."""

from __future__ import annotations

from gateway.api.routing.route import PAGE, Route
from gateway.edge.rpcs import ENROLLMENT, QUOTE

_REPORT = {name: name for name in ("first_month", "last_month", "state", "writing_number")}

ROUTES = (
    Route(
        "GET",
        "/deadlines",
        ENROLLMENT["ListDeadlines"],
        "Deadlines, soonest first",
        query={"kind": "kind", "due_from": "due_from", "due_to": "due_to", **PAGE},
    ),
    Route(
        "GET",
        "/awaited-reviews",
        ENROLLMENT["ListAwaitedReviews"],
        "Reviews by link that wait for a client",
        query={"page_size": "size"},
    ),
    Route(
        "GET",
        "/reports/quotes",
        QUOTE["GetQuoteReport"],
        "Quotes made, by state and month",
        query=_REPORT,
    ),
    Route(
        "GET",
        "/reports/enrollment",
        ENROLLMENT["GetEnrollmentReport"],
        "Applications started and submitted, premium and time from the quote, by state and month",
        query=_REPORT,
    ),
)

"""Deadlines of applications."""

from __future__ import annotations

from gateway.api.routing.route import PAGE, Route
from gateway.edge.rpcs import ENROLLMENT

ROUTES = (
    Route(
        "GET",
        "/deadlines",
        ENROLLMENT["ListDeadlines"],
        "Deadlines, soonest first",
        query={"kind": "kind", "due_from": "due_from", "due_to": "due_to", **PAGE},
    ),
)

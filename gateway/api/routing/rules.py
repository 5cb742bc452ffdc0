"""What the form of an application offers, asks, shows and locks."""

from __future__ import annotations

from gateway.api.routing.route import Route
from gateway.edge.rpcs import ENROLLMENT

ROUTES = (
    Route(
        "GET",
        "/enrollment-rules",
        ENROLLMENT["GetEnrollmentRules"],
        "What a state's application form offers, asks, shows and locks today",
        query={"state": "state", "rule_pack": "rule_pack", "effective_date": "effective_date"},
    ),
)

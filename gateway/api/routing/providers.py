"""Primary care providers."""

from __future__ import annotations

from gateway.api.routing.route import PAGE, WHOLE, Route
from gateway.edge.rpcs import PCP

ROUTES = (
    Route(
        "GET",
        "/providers",
        PCP["SearchProviders"],
        "Primary care providers of a plan near a ZIP code or a place, nearest first",
        query={
            "plan_id": "plan_id",
            "plan_year": "plan_year",
            "zip": "zip",
            "place": "place",
            "name": "name",
            "accepting_only": "accepting_only",
            "age": "age",
            "panel": "panel",
            "specialty": "specialty",
            "language": "language",
            "gender": "gender",
            "radius_miles": "radius_miles",
            **PAGE,
        },
    ),
    Route("GET", "/providers/{pcp_id}", PCP["GetProvider"], "A primary care provider with all offices"),
    Route(
        "POST",
        "/providers/{pcp_id}/reports",
        PCP["ReportProvider"],
        "Report an error in a provider's entry of the directory",
        body=WHOLE,
    ),
)

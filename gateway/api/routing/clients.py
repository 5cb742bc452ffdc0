"""Clients, duplicates and addresses. What is searched for is personal, so that it is in a body, never in a URL."""

from __future__ import annotations

from gateway.api.routing.route import WHOLE, Route
from gateway.edge.rpcs import ENROLLMENT

ROUTES = (
    Route(
        "POST",
        "/client-searches",
        ENROLLMENT["SearchClients"],
        "Clients by name, birth date, phone or last four digits",
        body=WHOLE,
    ),
    Route("GET", "/clients/{client_id}", ENROLLMENT["GetClient"], "One client with applications, deadlines and quotes"),
    Route(
        "POST",
        "/clients/{client_id}/enrollment",
        ENROLLMENT["StartClientEnrollment"],
        "Start an application for a client",
        body=WHOLE,
        body_optional=True,
    ),
    Route(
        "GET",
        "/applications/{record_number}/duplicates",
        ENROLLMENT["FindDuplicates"],
        "Applications and quotes with the same people",
    ),
    Route(
        "PUT",
        "/applications/{record_number}/duplicates/explanation",
        ENROLLMENT["ExplainDuplicates"],
        "Explain duplicate applications",
        body=WHOLE,
        if_match_required=True,
    ),
    Route("POST", "/address-searches", ENROLLMENT["SearchAddresses"], "Address suggestions", body=WHOLE),
)

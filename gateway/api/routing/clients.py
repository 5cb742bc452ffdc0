"""Clients, duplicates and addresses. What is searched for is personal, so that it stands in a body, never in a URL."""

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
        "The same people on other applications and quotes",
    ),
    Route(
        "PUT",
        "/applications/{record_number}/duplicates/explanation",
        ENROLLMENT["ExplainDuplicates"],
        "Say why an application stands beside others",
        body=WHOLE,
        if_match_required=True,
    ),
    Route("POST", "/address-searches", ENROLLMENT["SearchAddresses"], "Addresses while one is typed", body=WHOLE),
)

"""Clients and addresses, searched. What is searched for is personal, so that it stands in a body, never in a URL."""

from __future__ import annotations

from gateway.api.routing.route import WHOLE, Route
from gateway.api.routing.rpcs import ENROLLMENT

ROUTES = (
    Route(
        "POST",
        "/client-searches",
        ENROLLMENT["SearchClients"],
        "Clients by name, birth date, phone or last four digits",
        body=WHOLE,
    ),
    Route("POST", "/address-searches", ENROLLMENT["SearchAddresses"], "Addresses while one is typed", body=WHOLE),
)

"""Clients and addresses, searched."""

from __future__ import annotations

from gateway.api.routing.route import Route
from gateway.api.routing.rpcs import ENROLLMENT

ROUTES = (
    Route("GET", "/clients", ENROLLMENT["SearchClients"], "Clients known by name", query={"name": "name"}),
    Route(
        "GET",
        "/addresses",
        ENROLLMENT["SearchAddresses"],
        "Addresses that begin with a text",
        query={"text": "text", "state": "state"},
    ),
)

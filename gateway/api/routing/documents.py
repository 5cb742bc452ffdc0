"""Documents of an application."""

from __future__ import annotations

from gateway.api.routing.route import APPLICATION, SEARCH_DEADLINE_SECONDS, Route
from gateway.api.routing.rpcs import DOCUMENTS

ROUTES = (
    Route(
        "GET",
        f"{APPLICATION}/application.pdf",
        DOCUMENTS["GetApplicationPdf"],
        "The application as a PDF",
        media_type="application/pdf",
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route(
        "GET",
        "/texts/{kind}",
        DOCUMENTS["GetText"],
        "A text that a client reads and agrees to",
        query={"state": "state", "version": "text_version"},
    ),
)

"""Documents of an application."""

from __future__ import annotations

from gateway.api.routing.route import APPLICATION, Route
from gateway.edge.rpcs import DOCUMENTS

_PROOFS = f"{APPLICATION}/proof-documents"

ROUTES = (
    Route(
        "GET",
        f"{APPLICATION}/application.pdf",
        DOCUMENTS["GetApplicationPdf"],
        "The application as a PDF",
        query={"language": "language"},
    ),
    Route(
        "GET",
        f"{APPLICATION}/reviews/{{review_id}}/consent.pdf",
        DOCUMENTS["GetReviewPdf"],
        "The consent record of a client review as a PDF",
    ),
    Route(
        "POST",
        _PROOFS,
        DOCUMENTS["AddProofDocument"],
        "Add proof of a life event",
        query={"kind": "kind"},
        body="content",
        success=201,
        location="/applications/{0.record_number}/proof-documents/{0.document_id}",
    ),
    Route("GET", _PROOFS, DOCUMENTS["ListProofDocuments"], "Proof documents of an application"),
    Route(
        "GET",
        f"{_PROOFS}/{{document_id}}",
        DOCUMENTS["GetProofDocument"],
        "Download a proof document",
    ),
    Route(
        "GET",
        "/texts/{kind}",
        DOCUMENTS["GetText"],
        "A text that the client reads and agrees to",
        query={"state": "state", "version": "text_version", "language": "language"},
    ),
)

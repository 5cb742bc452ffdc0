"""Why, and at whose request, an application is cancelled or coverage ends: what a producer reads."""

from __future__ import annotations

from collections.abc import Mapping

from suite.enrollment.v1 import application_pb2 as app

CANCEL_REASONS: Mapping[int, str] = {
    app.CANCEL_REASON_CHANGED_MIND: "The client no longer wants the coverage",
    app.CANCEL_REASON_OTHER_COVERAGE: "The client has or gets other coverage",
    app.CANCEL_REASON_OTHER_PLAN: "The client wants another plan",
    app.CANCEL_REASON_MOVED: "The client is moving out of the service area",
    app.CANCEL_REASON_ENTERED_IN_ERROR: "The application was submitted by mistake",
    app.CANCEL_REASON_DUPLICATE: "There is another application for the same coverage",
    app.CANCEL_REASON_DECEASED: "The applicant has died",
}
TERMINATION_REASONS: Mapping[int, str] = {
    app.TERMINATION_REASON_NO_LONGER_WANTED: "The client no longer wants the coverage",
    app.TERMINATION_REASON_OTHER_COVERAGE: "The client has or gets other coverage",
    app.TERMINATION_REASON_MOVED: "The client is moving out of the service area",
    app.TERMINATION_REASON_DECEASED: "The applicant has died",
}
CANCEL_PARTIES: Mapping[int, str] = {
    app.CANCEL_PARTY_CLIENT: "The client",
    app.CANCEL_PARTY_PRODUCER: "The producer, for the client",
}

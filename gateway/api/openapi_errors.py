"""What an operation of the OpenAPI document can answer instead of what was asked for: statuses and their codes.

Most follow from how an address is called. What a thing's own state forbids is written down here; a test holds the codes
against the services' sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.api.routing.route import Route
from gateway.edge.problems import MEDIA_TYPE

_STATUSES = {
    "400": "`bad_json`: the body is not JSON.",
    "401": "`unauthenticated`: there is no session, or it has ended: sign in again. When signing in: wrong address or "
    "password.",
    "403": "`cross_site`: a session by cookie, asked by a page of another origin.",
    "404": "`not_found`: there is no such thing, or it is somebody else's.",
    "412": "`stale`: somebody saved meanwhile, or If-Match is no ETag of ours. Read again, then repeat the change.",
    "413": "`too_large`: a body of more than 1 MiB, or a file of more than 10 MiB.",
    "415": "`unsupported_media_type`: Content-Type is none of those of the body.",
    "422": "`malformed`: a name, a form or a word that is not known here. `missing_field`: something that is needed is "
    "left out. `idempotency_key_reused`: the key was sent before with other content. `invalid_input`, or a code of its "
    "own: a rule is broken. `errors` says where, and how to fix it.",
    "428": "`idempotency_key_missing`, `version_missing`: the header that the operation needs was not sent.",
    "429": "`too_many_attempts`: too many wrong passwords. Wait for the seconds that Retry-After says.",
    "503": "`unavailable`, or a code of its own: a part of the suite does not answer. Try again; with the same "
    "Idempotency-Key nothing is made twice.",
}
_FORBIDDEN = {"StartEnrollment": "`forbidden`: a delegate cannot enroll on-exchange (R19)."}
# They name something in the query or in the body that may be somebody else's, or unknown.
_MAY_MISS = frozenset({"ListCounties", "ListApplications", "SearchApplications", "CreateQuote", "StartApplication"})

_CLOSED = {
    "submission_running": "it is being submitted",
    "already_submitted": "it was submitted",
    "application_cancelled": "it was cancelled",
    "application_expired": "it has expired",
}
_EXPIRED = {"quote_expired": "the quote has expired"}
_NO_PROPOSAL = {"nothing_selected": "no plan is selected", "premium_changed": "the premium is another one today"}
_NOT_MADE = {"document_not_made": "it cannot be made; the help desk has to look at it"}
_CONFLICTS: dict[str, dict[str, str]] = {
    "SelectPlans": _EXPIRED,
    "CopyQuote": _EXPIRED,
    "GetProposalPdf": {**_NO_PROPOSAL, **_NOT_MADE},
    "DeliverQuote": _NO_PROPOSAL,
    "StartEnrollment": {**_EXPIRED, "not_ready": "no plan is selected"},
    "SaveStep": {**_CLOSED, "another_person": "somebody would become another person"},
    "SetEffectiveDate": {**_CLOSED, "not_ready": "no life event gives a date; `errors` says why"},
    "SubmitApplication": {**_CLOSED, "not_ready": "something is missing; `errors` lists all of it"},
    "ExplainDuplicates": {**_CLOSED, "not_ready": "there is no other application to explain"},
    "CancelApplication": {"not_submitted": "it is not submitted", "coverage_has_begun": "coverage has begun"},
    "CreatePaymentLink": {
        "already_paid": "it is paid",
        "payment_pending": "money is on its way",
        "application_cancelled": "the application was cancelled",
    },
    "GetApplicationPdf": {
        "not_ready": "it is being made; ask again in a few seconds",
        "document_delayed": "making it failed and is tried again by itself, for up to 90 minutes",
        "document_not_made": "it could not be made; the help desk can have it made again",
    },
    "AddProofDocument": {
        "not_submitted": "the application is not submitted",
        "no_proof_asked": "it has no special enrollment period",
        "too_many_documents": "there are 50 already",
    },
    "CreateDeadlineFeed": {"too_many_feeds": "there are 10 already"},
}


def shared() -> dict[str, Any]:
    """The responses that operations refer to."""
    return {f"Status{status}": _response(description) for status, description in _STATUSES.items()} | {
        "Problem": _response("Anything else, such as `internal`: something went wrong on our side.")
    }


def refusals(operation: str, statuses: Iterable[str]) -> dict[str, Any]:
    """The responses of one operation besides those of success."""
    found = {status: {"$ref": f"#/components/responses/Status{status}"} for status in sorted(statuses)}
    if forbidden := _FORBIDDEN.get(operation):
        found["403"] = _response(f"{_STATUSES['403']} {forbidden}")
    if conflicts := _CONFLICTS.get(operation):
        found["409"] = _response(" ".join(f"`{code}`: {meaning}." for code, meaning in conflicts.items()))
    return {**dict(sorted(found.items())), "default": {"$ref": "#/components/responses/Problem"}}


def of_route(route: Route) -> dict[str, Any]:
    statuses = {"422", "503"}
    if not route.public:
        statuses |= {"401"} if route.verb == "GET" else {"401", "403"}
    if route.path_fields or route.rpc.name in _MAY_MISS:
        statuses.add("404")
    if route.body is not None:
        statuses |= {"413", "415"} if route.consumes else {"400", "413", "415"}
    if route.versioned:
        statuses.add("412")
    if route.creates or route.if_match_required:
        statuses.add("428")
    return refusals(route.rpc.name, statuses)


def _response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

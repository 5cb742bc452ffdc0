"""The error responses of an operation in the OpenAPI document: statuses and their codes.

Most follow from how an operation is called. What the state of a thing can refuse is listed by the contract of the rpc,
as ``(suite.common.v1.error)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.contract_options import DeclaredError
from chassis.error_mapping import HTTP_STATUSES
from gateway.api.routing.route import Route
from gateway.edge.middleware import MAX_BODY_BYTES
from gateway.edge.problems import MEDIA_TYPE

_MIB = 1024 * 1024
_STATUSES = {
    "400": "`bad_json`: the body is not JSON.",
    "401": "`unauthenticated`: there is no session, or it has ended. Sign in again. When signing in: wrong email "
    "address or password; `code_required`: the password is right, send `code` along; `wrong_code`: it is not right or "
    "was used before; `two_step_set_up_required`: the operator asks for a code, which the sign-in page sets up.",
    "403": "`cross_site`: a page of another origin sent the request with a session cookie. `insufficient_scope`: "
    "an API client lacks the scope of this operation, or it is for people alone.",
    "404": "`not_found`: it does not exist, or it belongs to somebody else. A field that is missing or "
    "malformed is answered with 422 before anything is looked up.",
    "412": "`stale`: somebody saved in the meantime, or If-Match is not an ETag of this API. Read again, then repeat "
    "the change.",
    "413": f"`too_large`: the body has more than {MAX_BODY_BYTES // _MIB} MiB.",
    "415": "`unsupported_media_type`: Content-Type is not one of those that the body may have.",
    "422": "`malformed`: a field, a format or a value that this API does not know. `missing_field`: a required field "
    "is missing. `idempotency_key_reused`: the key was sent before with other content. `invalid_input`, or a more "
    "specific code: a rule is broken. `errors` says where, and how to fix it.",
    "428": "`idempotency_key_missing`, `version_missing`: a required header was not sent.",
    "429": "`too_many_requests`: more requests than a person may send in a minute. `too_many_attempts`: too many wrong "
    "passwords. Wait for the seconds in Retry-After. `RateLimit-Policy` of any answer says how many requests a minute "
    "has, and `RateLimit` how many are left.",
    "503": "`unavailable`, or a more specific code: part of the system does not answer. Try again; with the same "
    "Idempotency-Key nothing is created twice.",
}


def build_shared_responses() -> dict[str, Any]:
    """The responses that operations refer to."""
    return {f"Status{status}": _response(description) for status, description in _STATUSES.items()} | {
        "Problem": _response("Any other error, such as `internal`: something went wrong on our side.")
    }


def build_error_responses(statuses: Iterable[str], declared: Sequence[DeclaredError] = ()) -> dict[str, Any]:
    """The responses of one operation besides those of success; ``declared`` are errors of its own."""
    found = {status: {"$ref": f"#/components/responses/Status{status}"} for status in {*statuses, "429"}}
    if forbidden := _list_codes(declared, "PERMISSION_DENIED"):
        found["403"] = _response(f"{_STATUSES['403']} {forbidden}")
    if conflicts := _list_codes(declared, "FAILED_PRECONDITION"):
        found[str(HTTP_STATUSES["FAILED_PRECONDITION"])] = _response(conflicts)
    return {**dict(sorted(found.items())), "default": {"$ref": "#/components/responses/Problem"}}


def build_route_errors(route: Route) -> dict[str, Any]:
    statuses = {"422", "503"}
    if not route.public:
        statuses |= {"401", "403"}
    if route.path_fields or any(error.status == "NOT_FOUND" for error in route.errors):
        statuses.add("404")
    if route.body is not None:
        statuses |= {"413", "415"} if route.consumes else {"400", "413", "415"}
    if route.versioned:
        statuses.add("412")
    if route.creates or route.if_match_required:
        statuses.add("428")
    found = build_error_responses(statuses, route.errors)
    if route.max_bytes:
        found["413"] = _response(f"`too_large`: the file has more than {route.max_bytes // _MIB} MiB.")
    return found


def _list_codes(declared: Sequence[DeclaredError], status: str) -> str:
    return " ".join(f"`{error.code}`: {error.meaning}." for error in declared if error.status == status)


def _response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

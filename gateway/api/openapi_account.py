"""The operations of the OpenAPI document that come from no proto: sessions, people, notifications, calendars."""

from __future__ import annotations

from typing import Any

from chassis.contract_options import DeclaredError
from gateway.api.openapi_errors import build_error_responses
from gateway.api.openapi_examples import BODIES
from gateway.api.openapi_shapes import FEED, PRODUCER, Shape, listing, shape, text, whole
from gateway.notifications.deadline_feeds import MOST_FEEDS

_STATUSES = {
    "CreateSession": ("400", "401", "403", "413", "415", "422", "429"),
    "EndSession": ("401", "403"),
    "Me": ("401",),
    "ListProducers": ("401",),
    "ListNotifications": ("401",),
    "ReadNotifications": ("401", "403"),
    "ListDeadlineFeeds": ("401",),
    "CreateDeadlineFeed": ("401", "403"),
    "RevokeDeadlineFeed": ("401", "403", "404"),
}
_ERRORS = {
    "CreateDeadlineFeed": (DeclaredError("FAILED_PRECONDITION", "too_many_feeds", f"there are {MOST_FEEDS} already"),),
}


def _operation(
    name: str, summary: str, description: str, status: str, schema: Shape | None, **more: Any
) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if schema:
        done["content"] = {"application/json": {"schema": schema}}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "responses": {status: done} | build_error_responses(_STATUSES[name], _ERRORS.get(name, ())),
        **more,
    }


def _parameter(place: str, name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": place, "required": place == "path", "description": description, "schema": schema}


def _schema(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


_SIGN_IN = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _schema("Credentials"), "example": BODIES["CreateSession"]}},
    },
}
_URL = text("What the calendar subscribes to; shown this once. Whoever has it reads the deadlines.", format="uri")
ACCOUNT_PATHS: dict[str, Any] = {
    "/sessions": {
        "post": _operation(
            "CreateSession",
            "Sign in",
            "Opens a session: a token for programs, or a cookie for pages of this origin, never both. 429 with "
            "Retry-After after too many attempts.",
            "201",
            _schema("Session"),
            **_SIGN_IN,
        )
    },
    "/sessions/current": {"delete": _operation("EndSession", "Sign out", "Ends the session that asks.", "204", None)},
    "/me": {
        "get": _operation(
            "Me",
            "Who is signed in",
            "The person of the session, and the writing numbers that the person may act for.",
            "200",
            _schema("SignedInPerson"),
        )
    },
    "/producers": {
        "get": _operation(
            "ListProducers",
            "Writing numbers that you may act for",
            "At most 20, to choose from while one is typed (R23-R25).",
            "200",
            shape({"producers": listing(PRODUCER, "Those that pass what was asked.")}),
            parameters=[
                _parameter("query", "q", "Beginning of the writing number, or part of the producer's name."),
                _parameter("query", "state", "Two letters: only numbers that are good there."),
            ],
        )
    },
    "/notifications": {
        "get": _operation(
            "ListNotifications",
            "The newest notifications",
            "What the bell shows.",
            "200",
            shape(
                {
                    "unread": whole("How many are not marked as read, of all."),
                    "notifications": listing(_schema("Notification"), "Newest first; at most 50."),
                }
            ),
        )
    },
    "/notifications/read": {
        "post": _operation(
            "ReadNotifications",
            "Mark all as read",
            "Marks every notification of the person as read. Again, it changes nothing.",
            "204",
            None,
        )
    },
    "/deadline-feeds": {
        "get": _operation(
            "ListDeadlineFeeds",
            "Your calendar addresses",
            "Those that are open, without their secret.",
            "200",
            shape({"deadline_feeds": listing(_schema("DeadlineFeed"), "In the order in which they were made.")}),
        ),
        "post": _operation(
            "CreateDeadlineFeed",
            "A calendar address of your deadlines; shown this once",
            "Makes an address that a calendar reads without a sign-in, until it is revoked.",
            "201",
            shape({**FEED, "url": _URL}),
        ),
    },
    "/deadline-feeds/{feed_id}": {
        "delete": _operation(
            "RevokeDeadlineFeed",
            "Close a calendar address",
            "The address answers 404 from then on.",
            "204",
            None,
            parameters=[_parameter("path", "feed_id", "One of those that ListDeadlineFeeds gives.")],
        )
    },
    "/deadline-feeds/{secret}.ics": {
        "get": {
            "operationId": "ReadDeadlineFeed",
            "summary": "Deadlines of the address's owner as a calendar, without a sign-in and without names of clients",
            "description": "A day for all that is due from today on. 404 for an address that is closed or unknown.",
            "security": [],
            "parameters": [_parameter("path", "secret", "From the url that CreateDeadlineFeed gave.")],
            "responses": {"200": {"description": "RFC 5545.", "content": {"text/calendar": {}}}}
            | build_error_responses(("404", "503")),
        }
    },
}

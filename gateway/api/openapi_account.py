"""The operations of the OpenAPI document that come from no proto: sessions, people, notifications, calendars."""

from __future__ import annotations

from typing import Any

from chassis.contract_options import DeclaredError
from gateway.api.openapi_errors import build_error_responses
from gateway.api.openapi_examples import BODIES
from gateway.api.openapi_route import build_operation, build_parameter, refer_to
from gateway.api.openapi_shapes import (
    ACTION,
    FEED,
    PRODUCER,
    Shape,
    array_schema,
    integer_schema,
    object_schema,
    string_schema,
)
from gateway.notifications.deadline_feeds import MOST_FEEDS

_STATUSES = {
    "CreateSession": ("400", "401", "403", "413", "415", "422"),
    "EndSession": ("401", "403"),
    "ListSessions": ("401",),
    "EndAllSessions": ("401", "403"),
    "EndOtherSessions": ("401", "403"),
    "EndOneSession": ("401", "403", "404"),
    "Me": ("401",),
    "ListProducers": ("401", "422"),
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
    errors = _ERRORS.get(name, ())
    return build_operation(name, summary, description, status, schema, _STATUSES[name], errors, **more)


_SIGN_IN = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": refer_to("Credentials"), "example": BODIES["CreateSession"]}},
    },
}
_URL = string_schema(
    "The address for the calendar to subscribe to; shown once. Anyone who has it can read the deadlines.", format="uri"
)
ACCOUNT_PATHS: dict[str, Any] = {
    "/sessions": {
        "get": _operation(
            "ListSessions",
            "Where you are signed in",
            "The user's open sessions.",
            "200",
            object_schema({"sessions": array_schema(refer_to("OpenSession"), "The last used one first.")}),
        ),
        "delete": _operation(
            "EndAllSessions",
            "Sign out everywhere",
            "Ends all of the user's sessions, this one included; within a second everywhere.",
            "204",
            None,
        ),
        "post": _operation(
            "CreateSession",
            "Sign in",
            "Opens a session: a token for programs, or a cookie for pages of this origin, never both. 429 with "
            "Retry-After after too many attempts.",
            "201",
            refer_to("Session"),
            **_SIGN_IN,
        ),
    },
    "/sessions/current": {"delete": _operation("EndSession", "Sign out", "Ends the current session.", "204", None)},
    "/sessions/others": {
        "delete": _operation(
            "EndOtherSessions",
            "Sign out everywhere else",
            "Ends all of the user's sessions but this one; within a second everywhere.",
            "204",
            None,
        )
    },
    "/sessions/{session_id}": {
        "delete": _operation(
            "EndOneSession",
            "End one of your sessions",
            "Within a second everywhere.",
            "204",
            None,
            parameters=[build_parameter("path", "session_id", "From ListSessions.")],
        )
    },
    "/me": {
        "get": _operation(
            "Me",
            "Who is signed in",
            "The signed-in user, and the writing numbers the user can use.",
            "200",
            refer_to("SignedInPerson"),
        )
    },
    "/producers": {
        "get": _operation(
            "ListProducers",
            "Writing numbers you can use",
            "At most 20, for type-ahead (R23-R25).",
            "200",
            object_schema({"producers": array_schema(PRODUCER, "Those that match.")}),
            parameters=[
                build_parameter("query", "q", "Beginning of the writing number, or part of the producer's name."),
                build_parameter("query", "state", "Two-letter state: only numbers valid there."),
                {**build_parameter("query", "action", "Only numbers under which you may do this."), "schema": ACTION},
            ],
        )
    },
    "/notifications": {
        "get": _operation(
            "ListNotifications",
            "The newest notifications",
            "Notifications of submissions and payments.",
            "200",
            object_schema(
                {
                    "unread": integer_schema("Number of unread notifications."),
                    "notifications": array_schema(refer_to("Notification"), "Newest first; at most 50."),
                }
            ),
        )
    },
    "/notifications/read": {
        "post": _operation(
            "ReadNotifications",
            "Mark all as read",
            "Marks all of the user's notifications as read. Repeating it changes nothing.",
            "204",
            None,
        )
    },
    "/deadline-feeds": {
        "get": _operation(
            "ListDeadlineFeeds",
            "Your calendar addresses",
            "Active addresses, without their secret.",
            "200",
            object_schema({"deadline_feeds": array_schema(refer_to("DeadlineFeed"), "Oldest first.")}),
        ),
        "post": _operation(
            "CreateDeadlineFeed",
            "Create a calendar address for your deadlines; shown once",
            "Creates an address that a calendar reads without a sign-in, until you revoke it.",
            "201",
            object_schema({**FEED, "url": _URL}),
        ),
    },
    "/deadline-feeds/{feed_id}": {
        "delete": _operation(
            "RevokeDeadlineFeed",
            "Revoke a calendar address",
            "The address returns 404 from then on.",
            "204",
            None,
            parameters=[build_parameter("path", "feed_id", "From ListDeadlineFeeds.")],
        )
    },
    "/deadline-feeds/{secret}.ics": {
        "get": {
            "operationId": "ReadDeadlineFeed",
            "summary": "The owner's deadlines as a calendar, without a sign-in and without client names",
            "description": "One all-day event for each deadline from today on. 404 for an unknown or revoked address.",
            "security": [],
            "parameters": [build_parameter("path", "secret", "From the url of CreateDeadlineFeed.")],
            "responses": {"200": {"description": "RFC 5545.", "content": {"text/calendar": {}}}}
            | build_error_responses(("404", "503")),
        }
    },
}

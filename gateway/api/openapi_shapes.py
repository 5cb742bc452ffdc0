"""The schemas of the OpenAPI document that come from no proto: sessions, notifications, calendars, problems."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

PRODUCER: Shape = {"$ref": "#/components/schemas/Producer"}


def shape(properties: dict[str, Shape], description: str = "") -> Shape:
    """An object that has all of these, and nothing else."""
    told = {"description": description} if description else {}
    return {
        "type": "object",
        **told,
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def listing(item: Shape, description: str) -> Shape:
    return {"type": "array", "items": item, "description": description}


def text(description: str, **more: Any) -> Shape:
    return {"type": "string", "description": description, **more}


def moment(description: str) -> Shape:
    return text(f"{description} ISO 8601, in UTC.", format="date-time")


def flag(description: str) -> Shape:
    return {"type": "boolean", "description": description}


def whole(description: str) -> Shape:
    return {"type": "integer", "description": description}


def words(description: str, meanings: dict[str, str], **more: Any) -> Shape:
    told = "\n".join([description, "", *(f"- `{word}`: {meaning}" for word, meaning in meanings.items())])
    return text(told, enum=list(meanings), **more)


def _or_null(of_one: Shape) -> Shape:
    return {**of_one, "type": [of_one["type"], "null"]}


_TRANSPORT = words(
    "How the session is sent.",
    {
        "bearer": "A token, sent in the Authorization header of each request.",
        "cookie": "A browser cookie that pages of another origin cannot use.",
    },
)
FEED = {
    "feed_id": text("ID for revoking the address."),
    "created_at": moment("When it was created."),
    "last_read_at": _or_null(moment("When a calendar last read it; null before the first time.")),
}
SCHEMAS: dict[str, Shape] = {
    "SignedInPerson": shape(
        {
            "email": text("The name to sign in with."),
            "name": text("Display name."),
            "role": words(
                "What the user can do (R7).",
                {
                    "producer": "Uses the producer's own writing numbers.",
                    "delegate": "Uses the numbers that producers delegated; cannot enroll on-exchange (R19).",
                },
            ),
            "writing_numbers": listing(PRODUCER, "The numbers the user can use (R24, R25)."),
        },
        "Who is signed in.",
    ),
    "Credentials": {
        **shape(
            {
                "email": text("The name to sign in with.", minLength=1),
                "password": text("As typed.", minLength=1),
                "transport": {**_TRANSPORT, "default": "bearer"},
            },
            "Sign-in name and password.",
        ),
        "required": ["email", "password"],
    },
    "Session": shape(
        {
            "transport": _TRANSPORT,
            "token": _or_null(text('Send it as "Authorization: Bearer ..."; shown once. Null with a cookie.')),
            "expires_at": moment("When it ends at the latest."),
            "idle_minutes": whole("It ends earlier after this many minutes without a request."),
            "person": {"$ref": "#/components/schemas/SignedInPerson", "description": "The signed-in user."},
        },
        "A new session.",
    ),
    "Notification": shape(
        {
            "notification_id": whole("Increases over time."),
            "kind": text('What happened: "application.submitted", "payment.failed" and so on; more kinds may come.'),
            "record_number": text('Of the application: "A-0638".'),
            "message": text("A sentence to show, without names and amounts."),
            "at": moment("When it happened."),
            "read": flag("Marked as read."),
        },
        "One line under the bell (R3).",
    ),
    "DeadlineFeed": shape(FEED, "An address at which a calendar reads deadlines."),
    "Problem": {
        **shape(
            {
                "type": text('Address of the kind of problem: "/api/problems/" and the code.'),
                "title": text("Name of the status."),
                "status": whole("The HTTP status."),
                "detail": text("What is wrong and how to fix it, in a sentence to show."),
                "code": text("Stable word for programs; see the statuses of the operation."),
                "errors": listing(
                    shape(
                        {
                            "field": text(
                                'Path in the request: "people[1].last_name"; empty for the request as a whole.'
                            ),
                            "message": text("What to do, in a sentence to show."),
                            "rule": text('Requirement or rule that applies: "R26"; empty when there is none.'),
                        }
                    ),
                    "One for each field to correct; empty when no single field is wrong.",
                ),
                "trace_id": text("Reference for support, also in the logs. Empty when the request was not traced."),
            },
            "An RFC 9457 problem. It never repeats what was sent.",
        ),
        "additionalProperties": True,
    },
}

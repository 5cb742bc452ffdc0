"""The schemas of the OpenAPI document that come from no proto: sessions, notifications, calendars, problems."""

from __future__ import annotations

from typing import Any

from gateway.user import DelegatedAction

Shape = dict[str, Any]

PRODUCER: Shape = {"$ref": "#/components/schemas/Producer"}


def object_schema(properties: dict[str, Shape], description: str = "") -> Shape:
    """An object that has all of these, and nothing else."""
    told = {"description": description} if description else {}
    return {
        "type": "object",
        **told,
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def array_schema(item: Shape, description: str) -> Shape:
    return {"type": "array", "items": item, "description": description}


def string_schema(description: str, **more: Any) -> Shape:
    return {"type": "string", "description": description, **more}


def timestamp_schema(description: str) -> Shape:
    return string_schema(f"{description} ISO 8601, in UTC.", format="date-time")


def boolean_schema(description: str) -> Shape:
    return {"type": "boolean", "description": description}


def integer_schema(description: str) -> Shape:
    return {"type": "integer", "description": description}


def enum_schema(description: str, meanings: dict[str, str], **more: Any) -> Shape:
    told = "\n".join([description, "", *(f"- `{word}`: {meaning}" for word, meaning in meanings.items())])
    return string_schema(told, enum=list(meanings), **more)


def _or_null(of_one: Shape) -> Shape:
    return {**of_one, "type": [of_one["type"], "null"]}


_TRANSPORT = enum_schema(
    "How the session is sent.",
    {
        "bearer": "A token, sent in the Authorization header of each request.",
        "cookie": "A browser cookie that pages of another origin cannot use.",
    },
)
ACTION = enum_schema(
    "What a producer may let a delegate do; looking is always among it.",
    {
        DelegatedAction.QUOTE.value: "Make and share quotes.",
        DelegatedAction.ENROLL.value: "Start and edit applications.",
        DelegatedAction.SUBMIT.value: "Submit and cancel applications, terminate coverage, change contact details.",
        DelegatedAction.PAY.value: "Open the payment page.",
    },
)
FEED = {
    "feed_id": string_schema("ID for revoking the address."),
    "created_at": timestamp_schema("When it was created."),
    "last_read_at": _or_null(timestamp_schema("When a calendar last read it; null before the first time.")),
}
SCHEMAS: dict[str, Shape] = {
    "SignedInPerson": object_schema(
        {
            "email": string_schema("The name to sign in with."),
            "name": string_schema("Display name."),
            "role": enum_schema(
                "What the user can do (R7).",
                {
                    "producer": "Uses the producer's own writing numbers.",
                    "delegate": "Uses the numbers that producers delegated; cannot enroll on-exchange (R19).",
                },
            ),
            "writing_numbers": array_schema(PRODUCER, "The numbers the user can use (R24, R25)."),
            "allowed_actions": array_schema(
                object_schema(
                    {
                        "writing_number": string_schema("One of the user's."),
                        "actions": array_schema(ACTION, "None: the user can only look."),
                    }
                ),
                "What the user may do under each number: everything as a producer, what was delegated as a delegate.",
            ),
        },
        "Who is signed in.",
    ),
    "Credentials": {
        **object_schema(
            {
                "email": string_schema("The name to sign in with.", minLength=1),
                "password": string_schema("As typed.", minLength=1),
                "code": string_schema("Of the authenticator app, or a recovery code, where two-step sign-in is on."),
                "transport": {**_TRANSPORT, "default": "bearer"},
            },
            "Sign-in name and password.",
        ),
        "required": ["email", "password"],
    },
    "Session": object_schema(
        {
            "transport": _TRANSPORT,
            "token": _or_null(string_schema('Send it as "Authorization: Bearer ..."; shown once. Null with a cookie.')),
            "expires_at": timestamp_schema("When it ends at the latest."),
            "idle_minutes": integer_schema("It ends earlier after this many minutes without a request."),
            "person": {"$ref": "#/components/schemas/SignedInPerson", "description": "The signed-in user."},
        },
        "A new session.",
    ),
    "OpenSession": object_schema(
        {
            "session_id": string_schema("ID for ending the session."),
            "transport": _TRANSPORT,
            "opened_from": string_schema('Browser and system: "Firefox on Windows"; empty where unknown.'),
            "created_at": timestamp_schema("When it was opened."),
            "last_used_at": timestamp_schema("When it was last used, within half a minute."),
            "current": boolean_schema("Whether it is the session of this request."),
        },
        "One of the user's open sessions.",
    ),
    "Notification": object_schema(
        {
            "notification_id": integer_schema("Increases over time."),
            "kind": string_schema(
                'What happened: "application.submitted", "payment.failed" and so on; more kinds may come.'
            ),
            "record_number": string_schema('Of the application: "A-0638"; of the last one of several.'),
            "applications": integer_schema("How many it is about: several where they expired in one night."),
            "message": string_schema("A sentence to show, without names and amounts."),
            "at": timestamp_schema("When it happened."),
            "read": boolean_schema("Marked as read."),
        },
        "One line under the bell (R3).",
    ),
    "DeadlineFeed": object_schema(FEED, "An address at which a calendar reads deadlines."),
    "Problem": {
        **object_schema(
            {
                "type": string_schema('Address of the kind of problem: "/api/problems/" and the code.'),
                "title": string_schema("Name of the status."),
                "status": integer_schema("The HTTP status."),
                "detail": string_schema("What is wrong and how to fix it, in a sentence to show."),
                "code": string_schema("Stable word for programs; see the statuses of the operation."),
                "errors": array_schema(
                    object_schema(
                        {
                            "field": string_schema(
                                'Path in the request: "people[1].last_name"; empty for the request as a whole.'
                            ),
                            "message": string_schema("What to do, in a sentence to show."),
                            "rule": string_schema('Requirement or rule that applies: "R26"; empty when there is none.'),
                        }
                    ),
                    "One for each field to correct; empty when no single field is wrong.",
                ),
                "trace_id": string_schema(
                    "Reference for support, also in the logs. Empty when the request was not traced."
                ),
            },
            "An RFC 9457 problem. It never repeats what was sent.",
        ),
        "additionalProperties": True,
    },
}

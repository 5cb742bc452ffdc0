"""The part of the OpenAPI document that comes from no proto: sessions, people, notifications, calendars."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_PROBLEM = {"$ref": "#/components/responses/Problem"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _operation(name: str, summary: str, status: str, schema: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if schema:
        done["content"] = {"application/json": {"schema": schema}}
    return {"operationId": name, "summary": summary, "responses": {status: done, "default": _PROBLEM}, **more}


def _in_path(name: str) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "path", "required": True, "schema": _TEXT}]}


PERSON_SCHEMAS: dict[str, Any] = {
    "SignedInPerson": _object(
        {
            "email": _TEXT,
            "name": _TEXT,
            "role": {"enum": ["producer", "delegate"]},
            "writing_numbers": _list(
                _object({"writing_number": _TEXT, "name": _TEXT, "company_name": _TEXT, "state": _TEXT})
            ),
        }
    ),
    "Credentials": {
        "type": "object",
        "required": ["email", "password"],
        "properties": {
            "email": {"type": "string", "minLength": 1},
            "password": {"type": "string", "minLength": 1},
            "transport": {"enum": ["bearer", "cookie"], "default": "bearer"},
        },
        "additionalProperties": False,
    },
    "Session": _object(
        {
            "transport": {"enum": ["bearer", "cookie"]},
            "token": {"type": ["string", "null"], "description": "Null for a cookie session."},
            "expires_at": {"type": "string", "format": "date-time"},
            "idle_minutes": {"type": "integer"},
            "person": {"$ref": "#/components/schemas/SignedInPerson"},
        }
    ),
}
_NOTIFICATION = _object(
    {
        "notification_id": {"type": "integer"},
        "kind": _TEXT,
        "record_number": _TEXT,
        "message": _TEXT,
        "at": {"type": "string", "format": "date-time"},
        "read": {"type": "boolean"},
    }
)
_FEED = {
    "feed_id": _TEXT,
    "created_at": {"type": "string", "format": "date-time"},
    "last_read_at": {"type": ["string", "null"], "format": "date-time"},
}
_SIGN_IN = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Credentials"}}},
    },
}
PERSON_PATHS: dict[str, Any] = {
    "/sessions": {
        "post": _operation(
            "CreateSession", "Sign in", "201", {"$ref": "#/components/schemas/Session"}, tags=["sessions"], **_SIGN_IN
        )
    },
    "/sessions/current": {"delete": _operation("EndSession", "Sign out", "204", None, tags=["sessions"])},
    "/me": {
        "get": _operation("Me", "Who is signed in", "200", {"$ref": "#/components/schemas/SignedInPerson"}, tags=["me"])
    },
    "/producers": {
        "get": _operation(
            "ListProducers",
            "Writing numbers that you may act for",
            "200",
            _object(
                {
                    "producers": _list(
                        _object({"writing_number": _TEXT, "name": _TEXT, "company_name": _TEXT, "state": _TEXT})
                    )
                }
            ),
            tags=["producers"],
            parameters=[{"name": name, "in": "query", "required": False, "schema": _TEXT} for name in ("q", "state")],
        )
    },
    "/notifications": {
        "get": _operation(
            "ListNotifications",
            "The newest notifications",
            "200",
            _object({"unread": {"type": "integer"}, "notifications": _list(_NOTIFICATION)}),
            tags=["notifications"],
        )
    },
    "/notifications/read": {
        "post": _operation("ReadNotifications", "Mark all as read", "204", None, tags=["notifications"])
    },
    "/deadline-feeds": {
        "get": _operation(
            "ListDeadlineFeeds",
            "Your calendar addresses",
            "200",
            _object({"deadline_feeds": _list(_object(_FEED))}),
            tags=["deadlines"],
        ),
        "post": _operation(
            "CreateDeadlineFeed",
            "A calendar address of your deadlines; shown this once",
            "201",
            _object({**_FEED, "url": {"type": "string", "format": "uri"}}),
            tags=["deadlines"],
        ),
    },
    "/deadline-feeds/{feed_id}": {
        "delete": _operation(
            "RevokeDeadlineFeed", "Close a calendar address", "204", None, tags=["deadlines"], **_in_path("feed_id")
        )
    },
    "/deadline-feeds/{secret}.ics": {
        "get": {
            "operationId": "ReadDeadlineFeed",
            "summary": "Deadlines of the address's owner as a calendar, without a sign-in and without names of clients",
            "tags": ["deadlines"],
            "security": [],
            "responses": {"200": {"description": "RFC 5545.", "content": {"text/calendar": {}}}, "default": _PROBLEM},
            **_in_path("secret"),
        }
    },
}

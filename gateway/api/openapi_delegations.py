"""Delegations in the OpenAPI document: what a producer lets a delegate do (R7, R25)."""

from __future__ import annotations

from typing import Any

from gateway.api.openapi_examples import BODIES
from gateway.api.openapi_route import build_operation, build_parameter, refer_to
from gateway.api.openapi_shapes import (
    ACTION,
    PRODUCER,
    Shape,
    array_schema,
    enum_schema,
    object_schema,
    string_schema,
    timestamp_schema,
)


def _or_none(schema: Shape) -> Shape:
    return {**schema, "type": [schema["type"], "null"]}


def _day(description: str) -> Shape:
    # an empty text stands for null, as everywhere in a request
    kinds = [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}, {"type": "null"}]
    return {"anyOf": kinds, "description": description}


_TERMS = {
    "actions": array_schema(ACTION, "What the delegate may do besides looking."),
    "starts_at": _or_none(timestamp_schema("From when on; null: at once.")),
    "ends_at": _or_none(timestamp_schema("Before when; null: no end.")),
}
DELEGATION_SCHEMAS: dict[str, Shape] = {
    "Delegation": object_schema(
        {
            "delegate_id": string_schema("Of the delegate, for revoking."),
            "name": string_schema("The delegate's."),
            "email": string_schema("With which the delegate signs in."),
            "producer": {**PRODUCER, "description": "For whom the delegate may act, and under which number."},
            **_TERMS,
        },
        "What one delegate may do under one writing number.",
    ),
    "DelegationRequest": {
        **object_schema(
            {
                "email": string_schema("With which the delegate signs in.", minLength=1),
                "writing_numbers": _or_none(
                    array_schema(string_schema("One of your own."), "Under which the delegate may act.")
                ),
                "states": _or_none(
                    array_schema(string_schema("Two letters."), "All of your numbers in these states as well.")
                ),
                "actions": _or_none(
                    array_schema(ACTION, "Besides looking. Without it all of them; an empty list: none.")
                ),
                "first_day": _day("In the number's state; null: today."),
                "last_day": _day("Included; null: no end."),
            },
            "Who may do what, under which numbers and how long. Send writing_numbers, states or both.",
        ),
        "required": ["email"],
    },
    "DelegationChange": object_schema(
        {
            "at": timestamp_schema("When it was done."),
            "kind": enum_schema(
                "What was done.",
                {"granted": "Access was given.", "changed": "It got other terms.", "revoked": "It was ended."},
            ),
            "name": string_schema("The delegate's."),
            "writing_number": string_schema("Under which."),
            **_TERMS,
        },
        "One line of the record of access.",
    ),
}
_DELEGATIONS = object_schema({"delegations": array_schema(refer_to("Delegation"), "By delegate, state and number.")})
DELEGATION_PATHS: dict[str, Any] = {
    "/delegations": {
        "get": build_operation(
            "ListDelegations",
            "Delegates and what they may do",
            "A producer's own delegations, those that ended among them; for a delegate, those that were given.",
            "200",
            _DELEGATIONS,
            ("401",),
        ),
        "put": build_operation(
            "GrantDelegation",
            "Give a delegate access, or change it",
            "All of the numbers or none; a number that the delegate has already gets the new terms. The same request "
            "again changes nothing else. It counts within a second, also in open sessions. For producers only.",
            "200",
            _DELEGATIONS,
            ("400", "401", "403", "413", "415", "422"),
            requestBody={
                "required": True,
                "content": {
                    "application/json": {"schema": refer_to("DelegationRequest"), "example": BODIES["GrantDelegation"]}
                },
            },
        ),
    },
    "/delegations/{delegate_id}/{writing_number}": {
        "delete": build_operation(
            "RevokeDelegation",
            "Revoke a delegate's access",
            "Ends it within a second, also in sessions that are open. For producers only.",
            "204",
            None,
            ("401", "403", "404"),
            parameters=[
                build_parameter("path", "delegate_id", "From ListDelegations."),
                build_parameter("path", "writing_number", "From ListDelegations."),
            ],
        )
    },
    "/delegation-changes": {
        "get": build_operation(
            "ListDelegationChanges",
            "Record of access",
            "What you granted, changed and revoked; at most 100.",
            "200",
            object_schema({"changes": array_schema(refer_to("DelegationChange"), "Newest first.")}),
            ("401",),
        )
    },
}

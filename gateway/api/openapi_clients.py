"""API clients in the OpenAPI document: how a token is had, and which scope each operation needs."""

from __future__ import annotations

from typing import Any

from gateway.api.openapi_route import refer_to
from gateway.api.openapi_shapes import Shape, enum_schema, integer_schema, object_schema, string_schema
from gateway.user import ApiScope

_SCOPES = {
    ApiScope.READ: "Look at quotes, applications, clients, plans and providers.",
    ApiScope.QUOTE: "Make and share quotes.",
    ApiScope.ENROLL: "Start and edit applications.",
    ApiScope.SUBMIT: "Submit and cancel applications, terminate coverage, change contact details.",
    ApiScope.PAY: "Open the payment page.",
    ApiScope.DOCUMENTS: "Read and add files: applications, proposals, proofs.",
}
SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A person: the token of POST /sessions."},
    "api_client": {
        "type": "oauth2",
        "description": "A program: client credentials that the operator gives out, with scopes and writing numbers.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/api/v1/oauth/token",
                "scopes": {scope.value: meaning for scope, meaning in _SCOPES.items()},
            }
        },
    },
}
TOKEN_SCHEMAS: dict[str, Shape] = {
    "AccessToken": object_schema(
        {
            "access_token": string_schema('Send it as "Authorization: Bearer ...".'),
            "token_type": enum_schema("How it is sent.", {"Bearer": "RFC 6750."}),
            "expires_in": integer_schema("Seconds until it ends; ask for another one then."),
            "scope": string_schema("What it allows, separated by blanks."),
        },
        "A token of an API client.",
    ),
    "TokenError": object_schema(
        {
            "error": string_schema("Stable word for programs (RFC 6749, 5.2)."),
            "error_description": string_schema("What to do."),
        },
        "Why there is no token.",
    ),
}
_REQUEST: Shape = {
    **object_schema(
        {
            "grant_type": enum_schema("The grant.", {"client_credentials": "RFC 6749, 4.4."}),
            "scope": string_schema("Some of the client's scopes, separated by blanks; all of them without it."),
        }
    ),
    "required": ["grant_type"],
}


def _refused(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": refer_to("TokenError")}}}


TOKEN_PATHS: dict[str, Any] = {
    "/oauth/token": {
        "post": {
            "operationId": "CreateToken",
            "summary": "A token for an API client",
            "description": "Client id and secret come by HTTP Basic. The token is good for 15 minutes.",
            "security": [],
            "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _REQUEST}}},
            "responses": {
                "200": {
                    "description": "Done.",
                    "content": {"application/json": {"schema": refer_to("AccessToken")}},
                },
                "400": _refused("`invalid_request`, `unsupported_grant_type` or `invalid_scope`."),
                "401": _refused("`invalid_client`: id or secret is not known, or the client was revoked."),
                "403": {"$ref": "#/components/responses/Status403"},
                "415": {"$ref": "#/components/responses/Status415"},
                "413": {"$ref": "#/components/responses/Status413"},
                "429": {"$ref": "#/components/responses/Status429"},
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    },
}

"""``POST /oauth/token``: an API client exchanges its secret for a token (RFC 6749, 4.4 and 5)."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.kernel import Unauthenticated
from gateway.edge.context import find_session, get_gateway
from gateway.edge.problems import HttpProblem
from gateway.identity.api_clients import InvalidScope

# The three fields of the grant and then some: more is no such request.
MOST_FIELDS = 10


async def create_token(request: Request) -> Response:
    """The credentials come by HTTP Basic alone: not in a body, which is logged and kept more often."""
    credentials = _read_basic(request.headers.get("authorization", ""))
    if credentials is None:
        await find_session(request)  # refuses what another site makes a browser send
        return _refuse(401, "invalid_client", "Send client id and secret by HTTP Basic.")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if content_type not in ("", "application/x-www-form-urlencoded"):  # none: a request without a body
        raise HttpProblem(415, "unsupported_media_type", "Please send a form (application/x-www-form-urlencoded).")
    fields = await request.form(max_files=0, max_fields=MOST_FIELDS)
    if len(fields.multi_items()) > len(fields):
        return _refuse(400, "invalid_request", "Send each parameter once.")
    if "grant_type" not in fields:
        return _refuse(400, "invalid_request", "Send grant_type=client_credentials.")
    if fields["grant_type"] != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "Send grant_type=client_credentials.")
    scope = fields.get("scope")
    asked = scope.split() if isinstance(scope, str) and scope.strip() else None
    try:
        issued = await get_gateway(request).api_clients.issue_token(*credentials, asked)
    except Unauthenticated as refused:
        return _refuse(401, "invalid_client", refused.message)
    except InvalidScope as refused:
        return _refuse(400, "invalid_scope", refused.message)
    body = {
        "access_token": issued.token,
        "token_type": "Bearer",
        "expires_in": int(issued.lifetime.total_seconds()),
        "scope": " ".join(sorted(issued.scopes)),
    }
    return JSONResponse(body, headers={"Pragma": "no-cache"})


def _read_basic(header: str) -> tuple[str, str] | None:
    """Id and secret (RFC 6749, 2.3.1); None for what is no such header."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    client_id, separator, secret = text.partition(":")
    found = unquote_plus(client_id), unquote_plus(secret)
    return found if separator and "\x00" not in text and "\x00" not in found[0] else None


def _refuse(status: int, error: str, description: str) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="producer portal"'} if status == 401 else {}
    return JSONResponse({"error": error, "error_description": description}, status, headers)

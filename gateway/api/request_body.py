"""Reading the body of a request: JSON, or a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from starlette.requests import Request

from gateway.edge.middleware import BODY_LIMIT, too_large
from gateway.edge.problems import HttpProblem


async def read_json(request: Request, *, optional: bool = False) -> Any:
    """The parsed body; raises HttpProblem for anything that is not JSON said to be JSON."""
    if optional and not await request.body():
        return {}
    return parse_json(await read_json_bytes(request))


async def read_json_bytes(request: Request) -> bytes:
    """The body as it came; raises HttpProblem for what is not said to be JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HttpProblem(415, "unsupported_media_type", "Please send JSON with Content-Type: application/json.")
    return await request.body()


def parse_json(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    # ValueError: no JSON, no UTF-8, or a number of thousands of digits; RecursionError: nested without end
    except (ValueError, RecursionError):
        raise HttpProblem(400, "bad_json", "The body is not JSON. Please send a JSON object.") from None


async def read_file(request: Request, consumes: Sequence[str], max_bytes: int) -> tuple[str, bytes]:
    """Its declared type and its bytes; raises HttpProblem for another type and, before all of it came, for its size."""
    media_type = request.headers.get("content-type", "").strip().lower()
    if media_type not in consumes:
        message = f"Please send the file itself as the body, with Content-Type {', '.join(consumes)}."
        raise HttpProblem(415, "unsupported_media_type", message, "Content-Type")
    request.scope[BODY_LIMIT] = max_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_large(max_bytes)
    return media_type, await request.body()


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")

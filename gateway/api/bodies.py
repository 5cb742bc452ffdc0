"""Reading a JSON body."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from starlette.requests import Request

from gateway.api.problems import HttpProblem


async def read_json(request: Request, *, optional: bool = False) -> Any:
    """The parsed body; raises HttpProblem for anything that is not JSON said to be JSON."""
    raw = await request.body()
    if optional and not raw:
        return {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HttpProblem(415, "unsupported_media_type", "Please send JSON with Content-Type: application/json.")
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    # ValueError: no JSON, no UTF-8, or a number of thousands of digits; RecursionError: nested without end
    except (ValueError, RecursionError):
        raise HttpProblem(400, "bad_json", "The body is not JSON. Please send a JSON object.") from None


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")

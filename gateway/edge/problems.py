"""Errors of the API as RFC 9457 problem details; statuses come from the one table in ``chassis.error_mapping``."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from starlette.responses import JSONResponse

from chassis import telemetry
from chassis.error_mapping import http_status_of
from chassis.kernel import DomainError
from gateway.identity.sign_in import TooManyAttempts

MEDIA_TYPE = "application/problem+json"


class HttpProblem(Exception):
    """Something wrong with the HTTP itself (a missing header, a body that is no JSON), which no service ever sees."""

    def __init__(self, status: int, code: str, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.field = status, code, detail, field


def status_of(error: DomainError) -> int:
    return 429 if isinstance(error, TooManyAttempts) else http_status_of(error)


def from_domain_error(
    error: DomainError, strip: str = "", parameters: Mapping[str, str] = MappingProxyType({})
) -> JSONResponse:
    """A refusal of a service, or of our own, with fields by the names that the API has for them.

    ``strip``: a prefix of field paths that the API does not know. ``parameters``: request field -> query parameter.
    """
    errors = [
        {"field": parameters.get(p.field, p.field.removeprefix(strip)), "message": p.message, "rule": p.rule}
        for p in error.problems
    ]
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyAttempts) else {}
    if (status := status_of(error)) == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return build_problem(status, error.code, error.message, errors, headers)


def from_http_problem(error: HttpProblem) -> JSONResponse:
    errors = [{"field": error.field, "message": error.detail, "rule": ""}] if error.field else []
    return build_problem(error.status, error.code, error.detail, errors)


def build_problem(
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"/api/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors or [],
        "trace_id": trace_id(),
    }
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def trace_id() -> str:
    """What a person reads out to support, and what log lines carry."""
    parts = telemetry.trace_headers().get("traceparent", "").split("-")
    return parts[1] if len(parts) > 1 else ""

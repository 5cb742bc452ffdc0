"""What surrounds every request: trace and metrics, a limit on bodies, security headers, a last answer to faults."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import telemetry
from chassis.security_log import REFUSED, SecurityEvent, log_security_event, note_client_address
from gateway.edge.problems import HttpProblem, build_problem

# The largest form of ours, twenty people with addresses, has some 30 kB.
MAX_BODY_BYTES = 1024 * 1024
# Where an address that takes files puts another limit into the request's scope before it reads.
BODY_LIMIT = "suite.body_limit"

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RAW_SECURITY_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
# For addresses that hold a secret: no search engine lists them, and no other site learns of them.
UNLISTED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
# Refused for who asks, for what is asked or how often. 404 is what another person's record is answered with.
FAILED = "Something went wrong on our side. Please try again."
_REFUSALS = frozenset({401, 403, 404, 429})
_HSTS = "max-age=31536000; includeSubDomains"


def too_large(limit: int) -> HttpProblem:
    return HttpProblem(413, "too_large", f"The request is too large. The limit is {limit // (1024 * 1024)} MiB.")


class RequestMiddleware:
    """The outermost layer of our own; nothing that an inner layer raises gets past it."""

    def __init__(
        self, app: ASGIApp, secure: bool, tell_failure: Callable[[Request], Awaitable[Response]] | None = None
    ) -> None:
        """``tell_failure``: the answer when an inner layer raised; a problem document where there is none."""
        self._app, self._secure, self._tell_failure = app, secure, tell_failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        telemetry.start_trace(Headers(scope=scope).get("traceparent"))
        note_client_address(scope["client"][0] if scope.get("client") else "")
        exchange = _HttpExchange(scope, receive, send, self._secure)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            pass  # whoever asked has gone before the body was whole: there is nobody to answer
        except Exception as error:
            telemetry.get_logger().error("request failed", exc_info=error)
            if not exchange.status:
                answer = await self._answer_failure(Request(scope))
                await answer(scope, exchange.receive, exchange.send)
        finally:
            exchange.measure()

    async def _answer_failure(self, request: Request) -> Response:
        try:
            if self._tell_failure:
                return await self._tell_failure(request)
        except Exception as error:
            telemetry.get_logger().error("failure not told", exc_info=error)
        return build_problem(500, "internal", FAILED)


class _HttpExchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, secure: bool) -> None:
        self._scope, self._receive, self._send, self._secure = scope, receive, send, secure
        self._received = 0
        self._started = time.perf_counter()
        self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > (limit := self._scope.get(BODY_LIMIT, MAX_BODY_BYTES)):
            raise too_large(limit)
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(message)
        await self._send(message)

    def _add_headers(self, start: MutableMapping[str, Any]) -> None:
        given = {name.lower() for name, _ in start["headers"]}
        start["headers"] = [*start["headers"], *(pair for pair in _RAW_SECURITY_HEADERS if pair[0] not in given)]
        if self._secure:
            MutableHeaders(scope=start)["Strict-Transport-Security"] = _HSTS
        # static files carry no personal data and say themselves how long they may be kept
        if not self._scope["path"].startswith("/static/") or self.status >= 400:
            MutableHeaders(scope=start)["Cache-Control"] = "no-store"

    def measure(self) -> None:
        # the route's pattern, never the path: labels stay few and hold no ids
        route = getattr(self._scope.get("route"), "path", "none")
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        answered, seconds = _metrics(f"{method} {route}", self.status)
        answered.inc()
        seconds.observe(time.perf_counter() - self._started)
        # an address that does not exist is a mistyped one, or a scanner's: counted, and no line for each
        if self.status in _REFUSALS and (route != "none" or self.status != 404):
            state = self._scope.get("state", {})
            facts = {key: state.get(key, "") for key in ("user_id", "code")}
            log_security_event(SecurityEvent.REQUEST, REFUSED, method=f"{method} {route}", status=self.status, **facts)


@cache
def _metrics(route: str, status: int) -> tuple[Counter, Histogram]:
    """Looked up once for each: the labels are few."""
    return telemetry.CALLS.labels("http", route, str(status)), telemetry.CALL_SECONDS.labels("http", route)

"""What the rate limits cost a request: ``python -m benchmarks.rate_limits``.

An application that looks the session up, as nearly every handler does, and answers; with the limits around it and
without, by turns, without HTTP and database. The figure is processor time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from datetime import UTC, datetime
from statistics import median
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.identity import CallerKind
from chassis.kernel import SystemClock
from gateway.edge.context import find_session
from gateway.edge.rate_limits import MOST_COUNTERS, Quota, RateCounter, RateLimiter, RateLimits
from gateway.identity.sessions import Session, SessionTransport
from gateway.settings import WebSettings
from gateway.user import User

ROUNDS, CALLS = 15, 4_000


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await find_session(Request(scope, receive))
    await Response("{}", media_type="application/json")(scope, receive, send)


async def refuse(_request: Request, _seconds: int) -> Response:
    return Response(status_code=429)


class OneSession:
    """Stands for the sessions of the gateway: one person, found without a database."""

    def __init__(self) -> None:
        person = User("1", "producer@example.com", "Sample", CallerKind.PRODUCER, ())
        self._session = Session("secret", SessionTransport.BEARER, person, datetime.now(UTC))

    async def recognize(self, _secret: str, _transport: SessionTransport) -> Session:
        return self._session


async def measure(app: ASGIApp, headers: list[tuple[bytes, bytes]]) -> float:
    """Microseconds of processor time of one request."""
    state = SimpleNamespace(gateway=SimpleNamespace(sessions=OneSession(), cookie="sid"))
    shared = {"app": SimpleNamespace(state=state), "headers": headers, "client": ("192.0.2.1", 1)}
    plain = {"type": "http", "method": "GET", "path": "/api/v1/quotes", "query_string": b"", "scheme": "http"}

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: MutableMapping[str, Any]) -> None: ...

    started = time.process_time()
    for _ in range(CALLS):
        await app({**plain, **shared, "state": {}}, receive, send)
    return (time.process_time() - started) / CALLS * 1e6


async def compare(headers: list[tuple[bytes, bytes]]) -> tuple[float, float]:
    settings = WebSettings(suite_env="test", rate_limit_reads=10**9, rate_limit_visitors=10**9)
    limited = RateLimits(answer, RateLimiter(settings, SystemClock()), refuse)
    found = [(await measure(answer, headers), await measure(limited, headers)) for _ in range(ROUNDS)]
    return median(one for one, _ in found), median(one for _, one in found)


def measure_counter() -> float:
    """Microseconds of one look at a counter, with as many people as it holds."""
    counter = RateCounter(Quota("reads", 10**6), SystemClock())
    keys = [str(number) for number in range(MOST_COUNTERS)]
    started = time.process_time()
    for key in keys:
        counter.take(key)
    return (time.process_time() - started) / len(keys) * 1e6


def main() -> None:
    for who, headers in (("a person", [(b"authorization", b"Bearer secret")]), ("a visitor", [])):
        without, limited = asyncio.run(compare(headers))
        print(f"a request of {who}: {limited - without:.1f} µs more ({without:.1f} without, {limited:.1f} with limits)")
    print(f"one look at a counter: {median(measure_counter() for _ in range(ROUNDS)):.1f} µs")


if __name__ == "__main__":
    main()

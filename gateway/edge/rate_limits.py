"""How many requests one person, or one address where nobody is signed in, may send in a minute.

Each gateway process counts for itself, in memory: with several, a person gets as much of each. Signing in has limits of
its own, which all processes share (``gateway.identity.sign_in``).
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.kernel import Clock
from gateway.edge.context import client_address, find_session
from gateway.edge.csrf import SAFE_METHODS
from gateway.settings import WebSettings

WINDOW_SECONDS = 60
# Counters of one class; more people than one process serves, and about 3 MB.
MOST_COUNTERS = 20_000
# Probes must not be turned away, style sheets are cheap and kept by browsers, and streams are counted when they open.
_UNLIMITED = re.compile(r"/(?:livez|readyz|notifications/stream|static/.*)")
# What is typeset, inspected or written line by line: it costs a hundred times a page.
_FILE = re.compile(r".*(?:\.pdf|\.csv|/proof-documents(?:/.*)?)")


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in a window; the whole of it may be used at once, and comes back evenly."""

    name: str
    requests: int

    @property
    def policy(self) -> str:
        """The value of ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{self.name}";q={self.requests};w={WINDOW_SECONDS}'


@dataclass(frozen=True, slots=True)
class RateDecision:
    """One request of a quota: whether it was left, how many are, and when the whole quota is back."""

    granted: bool
    left: int
    whole_in: int
    # Seconds until the next request is granted; 0 when this one was.
    retry_after: int = 0


class RateCounter:
    """Token buckets of one quota, each as a single number: the time at which it is full again.

    A full bucket needs no entry, so memory holds only who sent something within the window, and never more than
    ``most``: beyond, those who used the least are forgotten, which gives them back what they used.
    """

    def __init__(self, quota: Quota, clock: Clock, most: int = MOST_COUNTERS) -> None:
        self.quota = quota
        self.policy = quota.policy.encode()
        self._clock = clock
        self._most = most
        self._interval = WINDOW_SECONDS / quota.requests
        # more than sums of floating-point seconds are off by
        self._tolerance = self._interval / 1000
        self._started = clock.now()
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str) -> RateDecision:
        now = (self._clock.now() - self._started).total_seconds()
        # no longer than a window from now, or a clock that was set back would lock everybody out
        spent = min(max(self._full_at.get(key, now) - now, 0), WINDOW_SECONDS)
        after = spent + self._interval
        if after > WINDOW_SECONDS + self._tolerance:
            return RateDecision(False, 0, _whole(spent), max(1, _whole(after - WINDOW_SECONDS)))
        self._full_at[key] = now + after
        if len(self._full_at) > self._most:
            self._forget(now)
        return RateDecision(True, int((WINDOW_SECONDS - after + self._tolerance) / self._interval), _whole(after))

    def _forget(self, now: float) -> None:
        used = [entry for entry in self._full_at.items() if entry[1] > now]
        self._full_at = dict(heapq.nlargest(self._most // 2, used, key=lambda entry: entry[1]))


class RateLimiter:
    """Which quota a request takes from, and whether there is any left."""

    def __init__(self, settings: WebSettings, clock: Clock) -> None:
        self._reads = RateCounter(Quota("reads", settings.rate_limit_reads), clock)
        self._changes = RateCounter(Quota("changes", settings.rate_limit_changes), clock)
        self._files = RateCounter(Quota("files", settings.rate_limit_files), clock)
        self._visitors = RateCounter(Quota("visitors", settings.rate_limit_visitors), clock)

    async def take(self, request: Request) -> tuple[RateCounter, RateDecision]:
        person = await _find_person(request)
        if not person:
            return self._visitors, self._visitors.take(name_network(client_address(request)))
        counter = self._reads if request.method in SAFE_METHODS else self._changes
        if _FILE.fullmatch(request.url.path):
            counter = self._files
        return counter, counter.take(person)


class RateLimits:
    """Refuses what is beyond a limit before anything is read or asked; every other answer says how much is left."""

    def __init__(
        self, app: ASGIApp, limiter: RateLimiter, refuse: Callable[[Request, int], Awaitable[Response]]
    ) -> None:
        self._app, self._limiter, self._refuse = app, limiter, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _UNLIMITED.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        counter, taken = await self._limiter.take(request)
        told = [
            (b"ratelimit-policy", counter.policy),
            (b"ratelimit", f'"{counter.quota.name}";r={taken.left};t={taken.whole_in}'.encode()),
        ]

        async def send_with_limit(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *told]
            await send(message)

        if taken.granted:
            await self._app(scope, receive, send_with_limit)
            return
        answer = await self._refuse(request, taken.retry_after)
        answer.headers["Retry-After"] = str(taken.retry_after)
        await answer(scope, receive, send_with_limit)


async def _find_person(request: Request) -> str:
    """The id of the person who is signed in; empty for visitors.

    The handler finds what was found here, and meets by itself what went wrong: a request from another site, a database
    that is away.
    """
    try:
        session = await find_session(request)
    except Exception:  # whatever it is, nobody is known
        return ""
    return session.user.user_id if session else ""


def _whole(seconds: float) -> int:
    """Rounded up, but for a thousandth, which is rounding itself."""
    return ceil(round(seconds, 3))


def name_network(address: str) -> str:
    """One connection's IPv6 addresses are the 2**64 of its network."""
    if ":" not in address:
        return address
    try:
        six = IPv6Address(address)
    except AddressValueError:
        return address
    return str(six.ipv4_mapped or int(six) >> 64)

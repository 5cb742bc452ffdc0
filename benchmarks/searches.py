"""Plan searches against a running suite: what one costs in processor time, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from typing import Any, cast

import httpx

from benchmarks.http import BODY, CONNECTIONS
from benchmarks.workers import cpu_seconds

SEARCHES = 1_600
# The first of them fill what is kept; they are not counted.
WARM_UP = 64
_NUMBERS = count()
FIRST_BIRTH_DATE = date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class SearchRun:
    """Processor seconds of a search by part of the suite, and all latencies in seconds, shortest first."""

    cost: Mapping[str, float]
    latencies: Sequence[float]

    def percentile(self, percent: int) -> float:
        return self.latencies[len(self.latencies) * percent // 100]


def same_household() -> Iterator[dict[str, Any]]:
    while True:
        yield BODY


def another_household() -> Iterator[dict[str, Any]]:
    """Adults of other birth dates each time, so that no answer is at hand; never the same again in this process."""
    for number in _NUMBERS:
        born = [FIRST_BIRTH_DATE + timedelta(days=days) for days in divmod(number, 4_000)]
        household = cast(list[dict[str, Any]], BODY["members"])
        adults = [member | {"date_of_birth": day.isoformat()} for member, day in zip(household, born, strict=False)]
        yield BODY | {"members": [*adults, *household[len(adults) :]]}


def measure_searches(suite: Mapping[str, Any], token: str, bodies: Iterator[dict[str, Any]]) -> SearchRun:
    """At ``CONNECTIONS`` connections."""
    url, headers = f"{suite['portal_url']}/api/v1/plan-searches", {"Authorization": f"Bearer {token}"}

    def search(own: Sequence[dict[str, Any]]) -> list[float]:
        took = []
        with httpx.Client(headers=headers, timeout=30) as client:
            for body in own:
                started = time.monotonic()
                client.post(url, json=body).raise_for_status()
                took.append(time.monotonic() - started)
        return took

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        search(list(islice(bodies, WARM_UP)))
        wanted = list(islice(bodies, SEARCHES))
        before = cpu_seconds(suite["processes"])
        took = pool.map(search, [wanted[place::CONNECTIONS] for place in range(CONNECTIONS)])
        latencies = sorted(seconds for one in took for seconds in one)
        after = cpu_seconds(suite["processes"])
    return SearchRun({name: (after[name] - before.get(name, 0.0)) / SEARCHES for name in after}, latencies)

"""The portal's pages with 100,000 applications: ``python -m benchmarks.pages``.

A suite of its own, on a fixed day and fresh servers; the demo's household is enrolled up to the last step, 100,000
made-up applications are copied beside it, and the signed-in producer owns the busiest writing number. Each page is
fetched one time after the other, over HTTP on this machine: what is measured is the server's time and a loopback trip.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from statistics import quantiles

import httpx
from sqlalchemy import text

from benchmarks.enrollment_samples import TODAY
from benchmarks.enrollment_seed import seed
from chassis.db import Database
from chassis.kernel import get_markets
from chassis.settings import load_markets
from deploy.local.demo.__main__ import fresh_suite
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey

CALLS = 100
WARM_UP = 5
GOAL_MS = 50.0
STEPS = ("general", "household", "plans", "other-coverage", "signatures")


def main() -> None:
    load_markets()
    with fresh_suite(TODAY) as suite:
        journey = Journey(Api(suite["portal_url"]), date.fromisoformat(TODAY.isoformat()))
        _enroll(journey)
        started = time.monotonic()
        _seed(suite["database_urls"])
        print(f"Pages with 100,000 applications (seeded in {time.monotonic() - started:.0f} s), {CALLS} calls each:")
        client = _signed_in(suite["portal_url"])
        slowest = max((_measure(client, name, path) for name, path in _paths(journey).items()), default=0.0)
        print(f"Slowest p95: {slowest:.1f} ms (goal {GOAL_MS:.0f})")


def _enroll(journey: Journey) -> None:
    """Up to the last step, which stays open: the pages are those of work under way."""
    journey.sign_in()
    journey.save_quote()
    journey.start()
    journey.explain_dates()
    journey.fill_household()
    journey.choose_plans()


def _seed(databases: Mapping[str, str]) -> None:
    enrollment, gateway = Database(databases["enrollment"]), Database(databases["gateway"])
    book = seed(enrollment, first=2)  # behind the one that is filled in
    with gateway.transaction() as session:
        session.execute(
            text(
                "insert into writing_numbers (number, state, producer_name, company_name, user_id) "
                "select :number, :state, 'PRODUCER 0000', '', user_id from users where email = 'producer@example.com'"
            ),
            {"number": book.numbers[0], "state": get_markets().home.state},
        )
    enrollment.close()
    gateway.close()


def _signed_in(portal: str) -> httpx.Client:
    client = httpx.Client(base_url=portal, follow_redirects=False, headers={"Sec-Fetch-Site": "same-origin"})
    fields = {"email": "producer@example.com", "password": "demo", "next": "/"}
    assert client.post("/sign-in", data=fields).status_code == 303
    return client


def _paths(journey: Journey) -> dict[str, str]:
    at, quote = f"/applications/{journey.record_number}", f"/quotes/{journey.quote['quote_id']}"
    return {
        "home": "/",
        "completed applications": "/enroll?tab=completed",
        "incomplete applications": "/enroll?tab=incomplete",
        "failed applications": "/enroll?tab=failed",
        "quotes": "/quotes",
        "new quote": "/quotes/new",
        "plans of a quote": f"{quote}/plans",
        "review of a quote": quote,
        "notifications": "/notifications",
        "deadlines": "/deadlines",
        "clients": "/clients",
        "my hierarchy": "/my-hierarchy",
        "reporting": "/reporting",
        "resources": "/resources",
        "news": "/news",
        **{f"step {step}": f"{at}/steps/{step}" for step in STEPS},
        "check your answers": f"{at}/check-answers",
        "application details": at,
    }


def _measure(client: httpx.Client, name: str, path: str) -> float:
    """Milliseconds of the 95th percentile."""
    path = client.get(path).headers.get("location", path)  # a new form gets an address of its own
    taken = []
    for _ in range(CALLS + WARM_UP):
        started = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - started) * 1e3)
        assert answer.status_code == 200, (path, answer.status_code)
    cuts = quantiles(taken[WARM_UP:], n=100)
    print(f"  {name:<28} p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f} ms  {len(answer.content):>7,} bytes")
    return cuts[94]


if __name__ == "__main__":
    main()

"""The portal's pages with 100,000 applications: ``python -m benchmarks.pages``.

A suite of its own, on a fixed day and fresh servers. The demo's household is enrolled twice, once up to the last step
and once submitted; 100,000 made-up applications are copied beside them, and the signed-in producer owns the busiest
writing number. Each page is fetched one time after the other, over HTTP on this machine: what is measured is the
server's time and a loopback trip.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date
from statistics import quantiles

import httpx
from sqlalchemy import text

from benchmarks import targets
from benchmarks.enrollment_samples import TODAY
from benchmarks.enrollment_seed import seed
from benchmarks.measurement import print_targets
from chassis.db import Database
from chassis.kernel import get_markets
from chassis.settings import load_markets
from deploy.local.demo.__main__ import fresh_suite
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey

CALLS = 100
WARM_UP = 5
STEPS = ("general", "household", "plans", "other-coverage", "signatures")
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
APPLICANT = {"month": "6", "day": "14", "year": "1987", "last_name": "Sample"}


def main() -> None:
    load_markets()
    with fresh_suite(TODAY) as suite:
        api = Api(suite["portal_url"])
        draft, submitted = _enroll(api), _enroll(api)
        submitted.submit()
        started = time.monotonic()
        _seed(suite["database_urls"])
        print(f"Pages with 100,000 applications (seeded in {time.monotonic() - started:.0f} s), {CALLS} calls each:")
        client = _signed_in(suite["portal_url"])
        paths = _paths(api, draft, submitted) | _searches(client)
        found = [_measure(client, name, path) for name, path in paths.items()]
        found += [
            _measure(*_reviewing(api, draft, suite["portal_url"])),
            _measure(*_paying(api, submitted)),
        ]
        slowest = {targets.PAGE: max(found)}
        print_targets(slowest, slowest)


def _enroll(api: Api) -> Journey:
    """Up to the last step: the pages are those of work under way."""
    journey = Journey(api, date.fromisoformat(TODAY.isoformat()))
    journey.until_ready()
    return journey


def _seed(databases: Mapping[str, str]) -> None:
    enrollment, gateway = Database(databases["enrollment"]), Database(databases["gateway"])
    book = seed(enrollment, first=3)  # behind the two that are filled in
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


def _searches(client: httpx.Client) -> dict[str, str]:
    """A search leads to an address without the name that was searched for."""
    csrf = _CSRF.findall(client.get("/clients").text)[0]
    searches = {
        "search": client.post("/search", data={"csrf": csrf, "q": "Sample"}),
        "clients": client.post("/clients/searches", data={"csrf": csrf, "name": "Sample"}),
    }
    return {name: answer.headers["location"] for name, answer in searches.items()}


def _paths(api: Api, draft: Journey, submitted: Journey) -> dict[str, str]:
    at, done = f"/applications/{draft.record_number}", f"/applications/{submitted.record_number}"
    quote = f"/quotes/{draft.quote['quote_id']}"
    person = draft.application["household"]["people"][1]["person_id"]
    client = api.post("/client-searches", {"name": "Sample"})["clients"][0]["client_id"]
    plans = [one["plan_id"] for one in api.get(f"{at}/plans", coverage="medical")["plans"][:4]]
    return {
        "home": "/",
        "quote & enroll": "/quote-and-enroll",
        "completed applications": "/enroll?tab=completed",
        "incomplete applications": "/enroll?tab=incomplete",
        "failed applications": "/enroll?tab=failed",
        "quotes": "/quotes",
        "new quote": "/quotes/new",
        "quote, edited": f"{quote}/edit",
        "plans of a quote": f"{quote}/plans",
        "plan of a quote": f"{quote}/plans/{plans[0]}",
        "comparison of four plans": f"{quote}/comparison?{'&'.join(f'compare={one}' for one in plans)}",
        "review of a quote": quote,
        "quote, shared": httpx.URL(api.post(f"{quote}/share-links", {})["url"]).raw_path.decode(),
        "notifications": "/notifications",
        "deadlines": "/deadlines",
        "client": f"/clients/{client}",
        "my hierarchy": "/my-hierarchy",
        "reporting": "/reporting",
        "resources": "/resources",
        "news": "/news",
        "new application": "/applications/new",
        **{f"step {step}": f"{at}/steps/{step}" for step in STEPS},
        "life event": f"{at}/steps/general/life-events/0",
        "effective date": f"{at}/steps/general/effective-date",
        "person": f"{at}/steps/household/people/{person}",
        "provider finder": f"{at}/steps/plans/providers/{person}",
        "other coverage, new": f"{at}/steps/other-coverage/others/new",
        "check your answers": f"{at}/check-answers",
        "application details": at,
        "the same, submitted": done,
        "proof documents": f"{done}/proof-documents",
        "cancellation": f"{done}/cancellation",
    }


def _reviewing(api: Api, journey: Journey, portal: str) -> tuple[httpx.Client, str, str]:
    """The client, behind the question for birth date and last name."""
    at = f"/applications/{journey.record_number}"
    household = journey.application["household"] | {"authorization": "client_review"}
    api.put(f"{at}/steps/household", household, journey.application["version"])
    sent = api.post(f"{at}/reviews", {"language": "en", "days": 14, "proof": "birth_date_and_last_name"})
    client = httpx.Client(base_url=portal, headers={"Origin": portal, "Sec-Fetch-Site": "same-origin"})
    path = httpx.URL(sent["url"]).path
    assert client.post(path, data=APPLICANT).status_code == 303
    return client, "client review", path


def _paying(api: Api, journey: Journey) -> tuple[httpx.Client, str, str]:
    """The payment page, behind its one-time link."""
    client = httpx.Client()
    start = client.get(api.post(f"/applications/{journey.record_number}/payment")["url"], follow_redirects=True)
    return client, "payment", str(start.url)


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

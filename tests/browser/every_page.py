"""Every address that somebody can come to, for tests that hold all pages against one rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from tests.browser.conftest import TODAY


@dataclass(frozen=True)
class EveryPage:
    """By who can open them."""

    producer: list[str]
    delegate: list[str]
    visitor: list[str]
    # One-time link of the payment page, which is an origin of its own.
    payment: str
    # For those who look at one page of a kind.
    quote: str
    draft: str
    submitted: str
    review: str


def collect_pages(api: Api) -> EveryPage:
    """Pages of a quote, of an application under way and of a submitted one, beside those that need nothing."""
    quoted = Journey(api, date.fromisoformat(TODAY))
    quoted.until_ready()
    quote = f"/quotes/{quoted.quote['quote_id']}"
    draft = f"/applications/{quoted.record_number}"
    household = quoted.application["household"] | {"authorization": "client_review"}
    quoted.application = api.put(f"{draft}/steps/household", household, quoted.application["version"])
    person = quoted.application["household"]["people"][1]["person_id"]
    sent = api.post(f"{draft}/reviews", {"language": "en", "days": 14, "proof": "birth_date_and_last_name"})
    submitted = Journey(api, date.fromisoformat(TODAY))
    submitted.until_ready()
    submitted.submit()
    done = f"/applications/{submitted.record_number}"
    client = api.post("/client-searches", {"name": "Sample"})["clients"][0]["client_id"]
    share = api.post(f"{quote}/share-links", {})["url"]
    plans = api.get(f"{draft}/plans", coverage="medical")["plans"]
    compared = "&".join(f"compare={one['plan_id']}" for one in plans[:4])
    general = ["/", "/quote-and-enroll", "/quotes", "/enroll", "/enroll?tab=incomplete", "/enroll?tab=failed"]
    general += ["/enroll?tab=completed", "/clients", "/search", "/deadlines", "/notifications", "/my-hierarchy"]
    general += ["/resources", "/reporting", "/news", "/applications/new", "/quotes/new", "/no/such/page", "/api"]
    steps = ["general", "general/life-events/0", "general/life-events/new", "general/effective-date", "household"]
    steps += [f"household/people/{person}", "household/people/new-dependent", f"household/people/{person}/remove"]
    steps += ["plans", f"plans/providers/{person}", f"plans/details/{plans[0]['plan_id']}", "other-coverage"]
    steps += ["other-coverage/replaced/new", "other-coverage/others/new", "signatures"]
    of_draft = [draft, *(f"{draft}/steps/{step}" for step in steps)]
    of_draft += [f"{draft}/check-answers", f"{draft}/leave", f"{draft}/texts/terms"]
    of_quote = [
        quote,
        f"{quote}/edit",
        f"{quote}/plans",
        f"{quote}/comparison?{compared}",
        f"{quote}/plans/{plans[0]['plan_id']}",
    ]
    of_done = [done, f"{done}/proof-documents", f"{done}/cancellation", f"{done}/duplicates"]
    return EveryPage(
        [*general, *of_quote, *of_draft, *of_done, f"/clients/{client}", "/my-hierarchy/access"],
        [*general, quote, f"{quote}/plans", draft, f"{draft}/steps/general", f"{draft}/steps/plans", done],
        ["/sign-in", sent["url"], share],
        api.post(f"{done}/payment")["url"],
        quote,
        draft,
        done,
        sent["url"],
    )

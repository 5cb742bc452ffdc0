"""A producer's day, stage by stage: quote a family, enroll it, submit, pay, fetch the PDF.

Everybody in it is made up. Each stage returns what a person would want to see of it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx

from deploy.local.demo.api import Api, Refused
from deploy.local.demo.payer import Payer

# An example: the journey is one household in one state.
STATE, ZIP, COUNTY = "IL", "60601", "17031"
MEDICAL, DENTAL = "Blue Precision Silver HMO Standard", "BlueCare Dental 1D"
# How long outcomes that travel over the bus may take while a process restarts.
PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.3
# Precondition Failed: the version that we sent is not the newest.
STALE = 412


@dataclass
class Journey:
    """One household from sign-in to PDF; ``today`` is the business date of the suite."""

    api: Api
    today: date
    writing_number: str = ""
    quote: dict[str, Any] = field(default_factory=dict)
    application: dict[str, Any] = field(default_factory=dict)

    @property
    def birth(self) -> date:
        """The life event: a child was born ten days ago."""
        return self.today - timedelta(days=10)

    @property
    def record_number(self) -> str:
        return str(self.application["record_number"])

    @property
    def members(self) -> list[dict[str, Any]]:
        return [
            {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False},
            {"relationship": "spouse", "date_of_birth": "1988-02-10", "sex": "male", "tobacco_use": False},
            {"relationship": "child", "date_of_birth": "2019-09-03", "sex": "male", "tobacco_use": False},
            {"relationship": "child", "date_of_birth": self.birth.isoformat(), "sex": "female", "tobacco_use": False},
        ]

    def sign_in(self, email: str = "producer@example.com") -> str:
        self.api.sign_in(email, "demo")
        me = self.api.get("/me")
        self.writing_number = next(n["writing_number"] for n in me["writing_numbers"] if n["state"] == STATE)
        return f"{email}, writing number {self.writing_number} ({STATE})"

    def search_filed_2014(self) -> str:
        """The real CMS-filed catalogue, on a day of its own year."""
        plans = self._search("medical", "2014-06-01")
        cheapest, dearest = plans[0], plans[-1]
        return (
            f"{len(plans)} plans filed for 2014 in Cook County: {_dollars(cheapest)} "
            f"({cheapest['name']}) to {_dollars(dearest)} ({dearest['name']})"
        )

    def search_current(self) -> str:
        medical = self._search("medical", self.birth.isoformat())
        dental = self._search("dental", self.birth.isoformat())
        return f"{len(medical)} medical and {len(dental)} dental plans for a family of 4 (illustrative catalogue)"

    def save_quote(self) -> str:
        body = {
            "writing_number": self.writing_number,
            "state": STATE,
            "zip": ZIP,
            "county_fips": COUNTY,
            "effective_date": self.birth.isoformat(),
            "members": self.members,
        }
        self.quote = self.api.post("/quotes", body)
        selection = {
            "medical_plan_id": self._plan_named("medical", MEDICAL),
            "dental_plan_id": self._plan_named("dental", DENTAL),
        }
        path = f"/quotes/{self.quote['quote_id']}/selection"
        self.quote = self.api.put(path, selection, self.quote["version"])
        return f"{MEDICAL} + {DENTAL} = {_dollars(self.quote)} a month"

    def start(self) -> str:
        answer = self.api.post(f"/quotes/{self.quote['quote_id']}/enrollment")
        assert answer["outcome"] == "started", answer["outcome"]
        self.application = answer["application"]
        return f"application {self.record_number}, client app id {self.application['client_app_id']}"

    def explain_dates(self) -> str:
        event = {"kind": "birth", "date": self.birth.isoformat()}
        self._save("general", {"special_enrollment": True, "life_events": [event]})
        dates = self.api.get(f"/applications/{self.record_number}/effective-dates")
        path = f"/applications/{self.record_number}/effective-date"
        self.application = self.api.post_on(path, {}, self.application["version"])
        first = dates["options"][0]
        return f"{self.application['effective_date']} by rule {first['rule']}: {first['explanation']}"

    def fill_household(self) -> str:
        names = [("Ada", "Sample"), ("Ben", "Sample"), ("Cal", "Sample"), ("Dee", "Sample")]
        people = []
        for (first, last), member in zip(names, self.members, strict=True):
            person = {**member, "first_name": first, "last_name": last}
            if member["relationship"] == "child":
                del person["tobacco_use"]
            people.append(person)
        body = {
            "form_type": "medical_dental",
            "authorization": "paper",
            "people": people,
            "home_address": {
                "street": "200 E Randolph St",
                "city": "Chicago",
                "state": STATE,
                "zip": ZIP,
                "county_fips": COUNTY,
            },
            "contact": {"phone": "312-555-0142", "phone_type": "mobile", "email": "ada@example.com"},
        }
        self._save("household", body)
        return f"{len(people)} people, {self.application['header']['applicant_name']} as primary applicant"

    def choose_plans(self) -> str:
        plans = self.application["plans"]
        lines = {line["coverage"]: line for line in self.application["plan_lines"]}
        found = self.api.get(
            "/providers",
            plan_id=plans["medical_plan_id"],
            plan_year=self.application["effective_date"][:4],
            zip=ZIP,
            accepting_only="true",
        )["providers"]
        adult = next(p for p in found if p["panel"] in ("any", "adult"))
        choices = [{"member_index": 0, "pcp_id": adult["pcp_id"]}]
        body = {key: plans[key] for key in ("medical_plan_id", "dental_plan_id")}
        self._save("plans", {**body, "pcp_choices": choices})
        return (
            f"medical {_dollars(lines['medical'])}, dental {_dollars(lines['dental'])}; "
            f"{len(found)} providers near {ZIP}, one chosen, three left to the carrier"
        )

    def sign(self) -> str:
        self._save("other-coverage", {"replaces_coverage": False, "has_other_coverage": False})
        self._save("signatures", {"payment_choice": "pay_now"})
        readiness = self.api.get(f"/applications/{self.record_number}/readiness")
        assert readiness["ready"], readiness["missing"]
        return "the application is ready to submit"

    def submit(self) -> str:
        self.application = self.api.post_on(
            f"/applications/{self.record_number}/submission", {}, self.application["version"]
        )
        self.wait_for_outcome()
        assert self.application["status"] == "submitted", self.application["failures"]
        assigned = sum(pcp["auto_assigned"] for pcp in self.application["assigned_pcps"])
        return f"Submitted on {self.application['submitted_on']}; {assigned} providers assigned by the carrier"

    def pay(self) -> str:
        """Pay by card; when the page was interrupted, ask for a new link as a person would."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        receipt = None
        while receipt is None:
            try:
                receipt = self._pay_once()
            except (httpx.HTTPError, Refused):
                # a refusal is "already paid" or "under way" when only the answer of the try before was lost
                self._reload()
                if self.application["payment_status"] in ("pending", "successful"):
                    break
                if time.monotonic() > give_up:
                    raise
                time.sleep(PAUSE_SECONDS)
        self.wait_for_payment("successful")
        confirmation, amount = receipt or ("seen before the interruption", "the balance")
        return f"{amount} by card, confirmation {confirmation}, status Successful"

    def _pay_once(self) -> tuple[str, str]:
        link = self.api.post(f"/applications/{self.record_number}/payment")
        return Payer(link["url"]).pay_by_card("4242 4242 4242 4242")

    def until_ready(self) -> None:
        """Everything up to the point where the application can be submitted."""
        for stage in (self.sign_in, self.save_quote, self.start, self.explain_dates):
            stage()
        for stage in (self.fill_household, self.choose_plans, self.sign):
            stage()

    def wait_for_outcome(self) -> None:
        self._wait(lambda: self.application["status"] != "submitting", "the submission's outcome")

    def wait_for_payment(self, status: str) -> None:
        self._wait(lambda: self.application["payment_status"] == status, f"the payment status {status}")

    def fetch_pdf(self) -> bytes:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.api.get_bytes(f"/applications/{self.record_number}/application.pdf")
            except Exception as not_yet:
                if getattr(not_yet, "status", 0) not in (404, 409) or time.monotonic() > give_up:
                    raise
                time.sleep(PAUSE_SECONDS)

    def _search(self, coverage: str, effective_date: str) -> list[dict[str, Any]]:
        body = {
            "state": STATE,
            "zip": ZIP,
            "county_fips": COUNTY,
            "effective_date": effective_date,
            "coverage": coverage,
            "exchange": "any" if effective_date < "2015" else "off",
            "members": self.members if effective_date >= "2015" else _BORN_BEFORE_2014,
        }
        plans: list[dict[str, Any]] = self.api.post("/plan-searches", body)["plans"]
        assert all(Decimal(plan["monthly_premium"]) > 0 for plan in plans)
        return plans

    def _plan_named(self, coverage: str, name: str) -> str:
        plans = self._search(coverage, self.birth.isoformat())
        return str(next(p["plan_id"] for p in plans if p["name"].startswith(name)))

    def _save(self, step: str, body: dict[str, Any]) -> None:
        """Save a step; when an earlier try was saved but its answer lost, read again and save the same once more."""
        path = f"/applications/{self.record_number}/steps/{step}"
        try:
            self.application = self.api.put(path, body, self.application["version"])
        except Refused as refused:
            if refused.status != STALE:
                raise
            self._reload()
            self.application = self.api.put(path, body, self.application["version"])

    def _wait(self, done: Any, what: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > give_up:
                raise TimeoutError(f"{what} did not come within {PATIENCE_SECONDS:.0f} s")
            time.sleep(PAUSE_SECONDS)
            self._reload()

    def _reload(self) -> None:
        self.application = self.api.get(f"/applications/{self.record_number}")


def _dollars(priced: dict[str, Any]) -> str:
    return f"${Decimal(priced['monthly_premium']):,.2f}"


# The filed catalogue is history: people for it have to have been born.
_BORN_BEFORE_2014 = [
    {"relationship": "self", "date_of_birth": "1979-06-14", "sex": "female", "tobacco_use": False},
    {"relationship": "spouse", "date_of_birth": "1978-02-10", "sex": "male", "tobacco_use": False},
    {"relationship": "child", "date_of_birth": "2009-09-03", "sex": "male", "tobacco_use": False},
]

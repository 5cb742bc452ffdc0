"""An application brought to where a story begins, through the JSON API: a story walks only what it is about.

Everybody in it is made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite

Person = Mapping[str, Any]

ADA = {
    "relationship": "self",
    "first_name": "Ada",
    "last_name": "Sample",
    "date_of_birth": "1987-06-14",
    "sex": "female",
    "tobacco_use": False,
}
BEN = {**ADA, "relationship": "spouse", "first_name": "Ben", "date_of_birth": "1988-02-10", "sex": "male"}
CAL = {
    "relationship": "child",
    "first_name": "Cal",
    "last_name": "Sample",
    "date_of_birth": "2019-09-03",
    "sex": "male",
}

HOMES = {
    "IL": {"street": "200 E Randolph St", "city": "Chicago", "state": "IL", "zip": "60601", "county_fips": "17031"},
    "OK": {"street": "300 SW 7th St", "city": "Oklahoma City", "state": "OK", "zip": "73102", "county_fips": "40109"},
    "TX": {"street": "901 Bagby St", "city": "Houston", "state": "TX", "zip": "77002", "county_fips": "48201"},
}
WRITING_NUMBERS = {"IL": "220002580", "OK": "550007246", "TX": "107864325"}
# Under these the demo lets its delegate act.
DELEGATE, DELEGATED = "delegate@example.com", ("107864325", "220002580", "440001937")
# Gives the first of the next month, and asks for nothing else than that it happened.
EVENT = {"kind": "marriage", "date": "2026-05-02", "prior_coverage_attested": True}


@dataclass
class Prepared:
    """An application as the API last answered it."""

    api: Api
    state: str = "IL"
    application: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return str(self.application["record_number"])

    @property
    def path(self) -> str:
        return f"/applications/{self.number}"

    def save(self, step: str, **body: Any) -> None:
        self.reload()
        self.application = self.api.put(f"{self.path}/steps/{step}", body, self.application["version"])

    def reload(self) -> dict[str, Any]:
        self.application = self.api.get(self.path)
        return self.application

    def date(self, event: Mapping[str, Any] = EVENT) -> None:
        """Step 1, done: a life event and the effective date that it gives."""
        self.save("general", special_enrollment=True, life_events=[event])
        self.application = self.api.post_on(f"{self.path}/effective-date", {}, self.application["version"])

    def household(self, people: Sequence[Person], form_type: str = "medical_dental") -> None:
        """Step 2, done: paper application, home in the state's biggest city."""
        self.save(
            "household",
            form_type=form_type,
            authorization="paper",
            people=people,
            home_address=HOMES[self.state],
            contact={"phone": "312-555-0142", "phone_type": "mobile"},
        )

    def plan(self, name: str, coverage: str = "medical") -> str:
        """The id of the first plan that the household can have whose name begins so."""
        found = self.api.get(f"{self.path}/plans", coverage=coverage)["plans"]
        return str(next(one["plan_id"] for one in found if one["name"].startswith(name)))

    def plans(self, medical: str = "", dental: str = "", **more: Any) -> None:
        """Step 3, done, by the beginnings of the plans' names."""
        chosen = {"medical_plan_id": self.plan(medical)} if medical else {}
        chosen |= {"dental_plan_id": self.plan(dental, "dental")} if dental else {}
        self.save("plans", **chosen, **more)

    def rest(self, **signatures: Any) -> None:
        """Steps 4 and 5, done."""
        self.save("other-coverage", replaces_coverage=False, has_other_coverage=False)
        self.save("signatures", payment_choice="pay_later", **signatures)


def prepare(api: Api, state: str = "IL", people: Sequence[Person] = (), form_type: str = "medical_dental") -> Prepared:
    """A new application; with people, its first two steps are done."""
    prepared = Prepared(api, state, api.post("/applications", {"writing_number": WRITING_NUMBERS[state]}))
    if people:
        prepared.date()
        prepared.household(people, form_type)
    return prepared


@contextmanager
def signed_in(portal: LocalSuite, email: str = "producer@example.com") -> Iterator[Api]:
    with closing(Api(portal.ports.portal_url)) as api:
        api.sign_in(email, "demo")
        yield api


@contextmanager
def keep_delegation(api: Api) -> Iterator[None]:
    """Whatever becomes of the delegate's access in between, afterwards it is as the demo gives it."""
    try:
        yield
    finally:
        api.put("/delegations", {"email": DELEGATE, "writing_numbers": list(DELEGATED)}, 0)


def choose_latest_date(api: Api, journey: Journey) -> None:
    """Coverage from next month on: it has not begun once the application is submitted, so that it can be cancelled."""
    path = f"/applications/{journey.record_number}"
    latest = max(one["effective_date"] for one in api.get(f"{path}/effective-dates")["options"])
    body = {"effective_date": latest}
    journey.application = api.post_on(f"{path}/effective-date", body, journey.application["version"])

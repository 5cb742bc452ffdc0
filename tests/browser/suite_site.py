"""A producer at a running suite as the tests of bad input need him: signed in, with an application to spoil."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser.bad_input import Site, each, origin_headers
from tests.browser.conftest import TODAY
from tests.browser.form_place import FormPlace
from tests.browser.page_forms import read_page

PRODUCER = {"email": "producer@example.com", "password": "demo"}


@dataclass
class Desk:
    """A producer signed in, and an application with something in every list."""

    site: Site
    api: Api
    application: dict[str, Any]

    @property
    def number(self) -> str:
        return str(self.application["record_number"])

    @property
    def people(self) -> list[str]:
        return [str(one["person_id"]) for one in self.application["household"]["people"]]

    def at(self, place: FormPlace) -> FormPlace:
        """On this application."""
        _, spouse, child = self.people
        return place.at(record_number=self.number, spouse=spouse, child=child)


@contextmanager
def open_site(address: str, api: Api) -> Iterator[Site]:
    """A browser at one of the suite's origins; what is saved is read through the API."""
    with httpx.Client(base_url=address, headers=origin_headers(address), timeout=30) as client:
        yield Site(client, lambda path: api.get(path.partition("?")[0], **dict(parse_qsl(urlsplit(path).query))))


@contextmanager
def open_desk(portal: LocalSuite) -> Iterator[Desk]:
    address = portal.ports.portal_url
    with closing(Api(address)) as api, open_site(address, api) as site:
        api.sign_in(**PRODUCER)
        form = read_page(site.open("/sign-in").text, "/sign-in").form("/sign-in")
        site.send(form, form.fields() | each(PRODUCER), "/sign-in")
        yield Desk(site, api, fill_application(api))


def start_journey(api: Api) -> Journey:
    """A family of four, complete and not submitted."""
    journey = Journey(api, date.fromisoformat(TODAY))
    journey.until_ready()
    return journey


def save_household(journey: Journey, **changes: Any) -> None:
    path = f"/applications/{journey.record_number}"
    read = journey.api.get(path)
    journey.application = journey.api.put(f"{path}/steps/household", read["household"] | changes, read["version"])


def fill_application(api: Api) -> dict[str, Any]:
    """A couple and a child from blank, every list with one item."""
    numbers = api.get("/me")["writing_numbers"]
    number = next(one["writing_number"] for one in numbers if one["state"] == "IL")
    application = api.post("/applications", {"writing_number": number})
    journey = Journey(api, date.fromisoformat(TODAY), application=application)
    path = f"/applications/{journey.record_number}"

    def save(step: str, body: dict[str, Any]) -> None:
        journey.application = api.put(f"{path}/steps/{step}", body, journey.application["version"])

    people = [
        {"first_name": name, "last_name": "Sample", **member}
        for name, member in zip(("Ada", "Ben", "Cal"), journey.members[:3], strict=True)
    ]
    save(
        "general",
        {
            "producer": {"writing_number": number},
            "special_enrollment": True,
            "life_events": [{"kind": "birth", "date": journey.birth.isoformat()}],
        },
    )
    journey.application = api.post_on(f"{path}/effective-date", {}, journey.application["version"])
    save(
        "household",
        {
            "form_type": "medical_dental",
            "authorization": "paper",
            "people": people,
            "home_address": {
                "street": "200 E Randolph St",
                "city": "Chicago",
                "state": "IL",
                "zip": "60601",
                "county_fips": "17031",
            },
            "contact": {"phone": "312-555-0142", "phone_type": "mobile", "email": "ada@example.com"},
        },
    )
    person = journey.application["household"]["people"][0]["person_id"]
    save(
        "other-coverage",
        {
            "replaces_coverage": True,
            "replacement_rights_shown": True,
            "has_other_coverage": True,
            "replaced": [
                {"person_id": person, "insurer": "Acme", "policy_number": "P-1", "termination_date": "2026-05-31"}
            ],
            "others": [{"person_id": person, "member_number": "M-1", "group_id": "G-1"}],
        },
    )
    return journey.application

"""Bad input in every field of every form: a message beside it, what was typed kept, never a 500, nothing half saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser.bad_input import BAD, MARKUP, FormPlace, Site, origin_headers, problems_of_form, report
from tests.browser.conftest import TODAY
from tests.browser.page_forms import read_page

# Answers that make a part of a step count; what is typed into a part that is not asked for is dropped (R48, R53, R80).
ASKED: dict[str, dict[str, str]] = {
    "mailing_address.": {"mailing_differs": "yes"},
    "hra.": {"hra.kind": "ICHRA"},
    "authorized_representative.": {"has_representative": "yes"},
    **{f"people[{one}].tobacco_last_used": {f"people[{one}].tobacco_use": "yes"} for one in range(2)},
    "replacement_rights_shown": {"replaces_coverage": "yes"},
}


@dataclass
class Desk:
    """A producer signed in, and an application with something in every list."""

    site: Site
    api: Api
    number: str
    people: list[str]

    def stored(self) -> str:
        return str(self.api.get(f"/applications/{self.number}"))

    def step(self, page: str) -> FormPlace:
        address = f"/applications/{self.number}/steps/{page}"
        # how a list of plans is filtered is no answer and nothing that is kept
        passed_over = frozenset({"list.medical.search", "list.dental.search", "people[2].tobacco_last_used"})
        return FormPlace(
            address,
            address,
            press={"action": "exit"},
            asked=ASKED,
            passed_over=passed_over,
            stored=self.stored,
            undo={"action": "discard"},
        )


def signed_in(address: str, email: str) -> Iterator[Site]:
    with httpx.Client(base_url=address, headers=origin_headers(address), timeout=30) as client:
        site = Site(client)
        form = read_page(site.open("/sign-in").text, "/sign-in").form("/sign-in")
        site.send(form, form.fields() | {"email": [email], "password": ["demo"]}, "/sign-in")
        yield site


@pytest.fixture(scope="module")
def desk(portal: LocalSuite) -> Iterator[Desk]:
    address = portal.ports.portal_url
    with closing(Api(address)) as api:
        api.sign_in("producer@example.com", "demo")
        for site in signed_in(address, "producer@example.com"):
            application = fill_application(api)
            people = [one["person_id"] for one in application["household"]["people"]]
            yield Desk(site, api, application["record_number"], people)


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


NEW_QUOTE = {
    "writing_number": "220002580",
    "zip": "60601",
    "effective_date": "2026-06-01",
    "members[0].date_of_birth": "1987-06-14",
    "members[0].sex": "female",
    "members[0].tobacco_use": "no",
}
STEPS = (
    "general",
    "general/life-events/0",
    "household",
    "household/people/SPOUSE",
    "household/people/CHILD",
    "plans",
    "other-coverage/replaced/0",
    "other-coverage/others/0",
    "other-coverage",
    "signatures",
)


@pytest.mark.parametrize("page", STEPS)
def test_bad_input_in_a_step(desk: Desk, page: str) -> None:
    page = page.replace("SPOUSE", desk.people[1]).replace("CHILD", desk.people[2])
    report(problems_of_form(desk.site, desk.step(page)))


def test_bad_input_in_a_quote(desk: Desk) -> None:
    journey = Journey(desk.api, date.fromisoformat(TODAY))
    journey.sign_in()
    journey.save_quote()
    quote = f"/quotes/{journey.quote['quote_id']}"
    edit = FormPlace(
        f"{quote}/edit",
        f"{quote}/edit",
        {"action": "save"},
        stored=lambda: str(desk.api.get(quote)["members"]),
        undo={"action": "discard"},
    )
    new = FormPlace("/quotes/new", "/quotes/new/", {"action": "save"}, filled=NEW_QUOTE, shown_at="/quotes/new/")
    send = FormPlace(quote, f"{quote}/deliveries", filled={"email": "ada@example.com"})
    again = FormPlace(quote, f"{quote}/requotes", filled={"effective_date": "2026-07-01"})
    share = FormPlace(quote, f"{quote}/share-links")
    filters = FormPlace(f"{quote}/plans", f"{quote}/plans", searches=frozenset({"name"}))
    places = (edit, new, send, again, share, filters, FormPlace("/quotes", "/quotes"))
    report(line for place in places for line in problems_of_form(desk.site, place))


def test_bad_input_in_lists_and_searches(desk: Desk) -> None:
    clients = {"name": "Sample", "date_of_birth": "1987-06-14", "phone": "", "ssn_last_four": ""}
    grant = {"email": "delegate@example.com", "numbers": "220002580", "actions": "quote"}
    places = [
        FormPlace("/enroll", "/enroll/searches"),
        FormPlace("/clients", "/clients/searches", filled=clients),
        FormPlace("/deadlines", "/deadlines"),
        FormPlace("/reporting", "/reporting"),
        FormPlace("/resources", "/resources"),
        FormPlace("/search", "/search", searches=frozenset({"q"})),
        FormPlace(
            "/my-hierarchy/access",
            "/my-hierarchy/access",
            filled=grant,
            stored=lambda: read_page(desk.site.open("/my-hierarchy").text).texts["main"],
        ),
        FormPlace("/applications/new", "/applications/new"),
        FormPlace(f"/applications/{desk.number}/steps/plans/providers/{desk.people[1]}", "/steps/plans/providers/"),
        FormPlace(f"/applications/{desk.number}/steps/general/effective-date", "/effective-date"),
    ]
    try:
        report(line for place in places for line in problems_of_form(desk.site, place))
    finally:  # what was given to the delegate last is less than the other tests of this suite count on
        whole = {"email": "delegate@example.com", "writing_numbers": ["220002580"]}
        desk.api.put("/delegations", whole, 0)


def test_bad_input_in_the_parts_that_scripts_ask_for(desk: Desk) -> None:
    """What a page sends while somebody types."""
    at = f"/applications/{desk.number}"
    form = read_page(desk.site.open(f"{at}/steps/household").text).form("/steps/household")
    for address in (
        f"{at}/address-search",
        f"{at}/counties",
        f"{at}/steps/household/draft",
        f"{at}/steps/plans/list",
        f"{at}/steps/plans/check",
    ):
        for text in BAD.values():
            typed = {name: [text] for name in (*form.fields(), "q", "address", "zip")} | {"csrf": form.fields()["csrf"]}
            answer = desk.site.http.post(address, data=typed)
            assert answer.status_code < 500 and MARKUP not in answer.text, (address, text[:20], answer.status_code)
    desk.site.send(form, form.fields() | {"action": ["discard"]}, f"{at}/steps/household")


def test_bad_input_after_submit(portal: LocalSuite, desk: Desk) -> None:
    journey = Journey(desk.api, date.fromisoformat(TODAY))
    journey.until_ready()
    journey.submit()
    at = f"/applications/{journey.record_number}"

    def stored() -> str:
        return str(desk.api.get(at))

    places = [
        FormPlace(f"{at}/proof-documents", f"{at}/proof-documents", stored=stored),
        FormPlace(f"{at}/cancellation", f"{at}/cancellation", filled={"reason": "", "asked_by": ""}, stored=stored),
    ]
    report(line for place in places for line in problems_of_form(desk.site, place))
    link = desk.api.post(f"{at}/payment")["url"]
    page = portal.ports.page_url
    with httpx.Client(base_url=page, headers=origin_headers(page), timeout=30) as client:
        client.get(link)
        card = {
            "method": "card",
            "card_number": "4242424242424242",
            "card_expires": "12/39",
            "card_security_code": "123",
            "accept_terms": "yes",
        }
        bank = {"method": "bank", "routing_number": "071000013", "account_number": "12345678", "accept_terms": "yes"}
        of_bank = frozenset(("routing_number", "account_number"))
        of_card = frozenset(("card_number", "card_expires", "card_security_code"))
        places = [
            FormPlace("/pay", "/pay", filled=card, passed_over=of_bank),
            FormPlace("/pay", "/pay", filled=bank, passed_over=of_card),
            FormPlace("/pay/review", "/pay/submit"),
        ]
        site = Site(client)
        report(line for place in places[:2] for line in problems_of_form(site, place))
    assert desk.api.get(at)["payment_status"] in ("not_started", "pending")


def test_bad_input_at_the_sign_in(portal: LocalSuite) -> None:
    address = portal.ports.portal_url
    with httpx.Client(base_url=address, headers=origin_headers(address), timeout=30) as client:
        place = FormPlace("/sign-in", "/sign-in", filled={"email": "nobody@example.com", "password": "x"})
        report(problems_of_form(Site(client), place))


def test_bad_input_of_a_client_who_reviews(portal: LocalSuite, desk: Desk) -> None:
    journey = Journey(desk.api, date.fromisoformat(TODAY))
    journey.until_ready()
    at = f"/applications/{journey.record_number}"
    household = journey.application["household"] | {"authorization": "client_review"}
    desk.api.put(f"{at}/steps/household", household, journey.application["version"])
    report(problems_of_form(desk.site, FormPlace(at, f"{at}/reviews")))
    sent = desk.api.post(f"{at}/reviews", {"language": "en", "days": 14, "proof": "birth_date_and_last_name"})
    address = portal.ports.portal_url
    link = sent["url"].removeprefix(address)
    born = {"month": "6", "day": "14", "year": "1987", "last_name": "Sample"}
    # each wrong name is a try, and few are allowed: it is looked at alone
    tries = frozenset({"last_name", "section", "person", "field", "remark"})
    with httpx.Client(base_url=address, headers=origin_headers(address), timeout=30) as client:
        site = Site(client)
        report(problems_of_form(site, FormPlace(link, link, filled=born, passed_over=tries)))
        form = read_page(site.open(link).text, link).form(link)
        for text in ("x" * 5_000, MARKUP):
            answer = site.send(form, form.fields() | {**_each(born), "last_name": [text]}, link)[-1]
            page = read_page(answer.text)
            assert answer.status_code == 422 and page.texts["last_name-error"] and MARKUP not in answer.text
            assert page.form(link).fields()["last_name"] == [text]
        site.send(form, form.fields() | _each(born), link)
        remark = FormPlace(link, f"{link}/remarks", stored=lambda: str(desk.api.get(f"{at}/reviews")))
        report(problems_of_form(site, remark))


def _each(values: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in values.items()}

"""Bad input in every field of every form: a message beside it, what was typed kept, never a 500, nothing half saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser import form_places as forms
from tests.browser.bad_input import BAD, MARKUP, Site, each, problems_of_form, report
from tests.browser.conftest import TODAY
from tests.browser.form_place import FormPlace
from tests.browser.page_forms import read_page
from tests.browser.prepared import choose_latest_date, keep_delegation
from tests.browser.suite_site import Desk, open_desk, open_site, save_household, start_journey


@pytest.fixture(scope="module")
def desk(portal: LocalSuite) -> Iterator[Desk]:
    with open_desk(portal) as opened:
        yield opened


@pytest.mark.parametrize("place", forms.STEPS, ids=lambda one: one.address.partition("steps/")[2])
def test_bad_input_in_a_step(desk: Desk, place: FormPlace) -> None:
    report(problems_of_form(desk.site, desk.at(place)))


def test_bad_input_in_the_pages_of_a_step(desk: Desk) -> None:
    report(line for place in forms.STEP_PAGES for line in problems_of_form(desk.site, desk.at(place)))


def test_bad_input_in_a_quote(desk: Desk) -> None:
    journey = Journey(desk.api, date.fromisoformat(TODAY))
    journey.sign_in()
    journey.save_quote()
    places = [place.at(quote_id=journey.quote["quote_id"], key="") for place in forms.QUOTES]
    report(line for place in places for line in problems_of_form(desk.site, place))


def test_bad_input_in_lists_and_searches(desk: Desk) -> None:
    report(line for place in forms.LISTS for line in problems_of_form(desk.site, place))


def test_bad_input_in_the_access_of_a_delegate(desk: Desk) -> None:
    with keep_delegation(desk.api):
        report(problems_of_form(desk.site, forms.DELEGATION))


def test_bad_input_beside_an_application_of_the_same_people(desk: Desk) -> None:
    start_journey(desk.api).submit()  # one beside a submitted application needs a reason
    journey = start_journey(desk.api)
    path = f"/quotes/{journey.quote['quote_id']}"
    form = read_page(desk.site.open(path).text, path).form(f"{path}/enrollment")
    asked = desk.site.send(form, form.fields(), path)[-1]
    assert asked.url.query == b"choose=1"
    report(problems_of_form(desk.site, forms.ENROLLMENT_FROM_QUOTE.at(quote_id=journey.quote["quote_id"])))
    report(problems_of_form(desk.site, forms.DUPLICATES.at(record_number=journey.record_number)))
    found = desk.api.post("/client-searches", {"name": "Ada Sample"})["clients"]
    client = next(one["client_id"] for one in found if one["submissions"])
    report(line for place in forms.CLIENTS for line in problems_of_form(desk.site, place.at(client_id=client)))


def test_bad_input_after_submit(desk: Desk) -> None:
    journey = start_journey(desk.api)
    choose_latest_date(desk.api, journey)
    journey.submit()
    places = [place.at(record_number=journey.record_number) for place in forms.AFTER_SUBMIT]
    report(line for place in places for line in problems_of_form(desk.site, place))


def test_bad_input_in_a_termination(desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    report(problems_of_form(desk.site, forms.TERMINATION.at(record_number=journey.record_number)))


def test_bad_input_in_the_payment(portal: LocalSuite, desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    details, _, review = (place.at(record_number=journey.record_number) for place in forms.PAYMENTS)
    link = desk.api.post(f"/applications/{journey.record_number}/payment")["url"]
    with open_site(portal.ports.page_url, desk.api) as site:
        site.http.get(link)
        for place in forms.PAYMENTS[:2]:
            report(problems_of_form(site, place.at(record_number=journey.record_number)))
        form = read_page(site.open("/pay").text, "/pay").form("/pay")
        assert site.send(form, form.fields() | each(details.filled), "/pay")[-1].url.path == "/pay/review"
        report(problems_of_form(site, review))
    assert desk.api.get(f"/applications/{journey.record_number}/payment")["status"] == "not_started"


def test_bad_input_at_the_sign_in(portal: LocalSuite, desk: Desk) -> None:
    with open_site(portal.ports.portal_url, desk.api) as site:
        report(problems_of_form(site, forms.SIGN_IN))


def check_remarks(site: Site, link: str) -> None:
    """What is taken stands there as it was typed, what is refused in its field; every remark is taken back at last."""
    for fault, text in BAD.items():
        form = read_page(site.open(link).text, link).form(f"{link}/remarks")
        site.send(form, form.fields() | {"section": ["coverage"], "coverage-remark": [text]}, link)
        if text:
            assert text.strip() in unescape(site.open(link).text), fault
    form = read_page(site.open(link).text, link).form(f"{link}/remarks")
    for button in form.buttons("take_back"):
        site.send(form, form.fields() | button, link)


def test_bad_input_of_a_client_who_reviews(portal: LocalSuite, desk: Desk) -> None:
    journey = start_journey(desk.api)
    number = journey.record_number
    at = f"/applications/{number}"
    save_household(journey, authorization="client_review")
    report(problems_of_form(desk.site, forms.SEND_FOR_REVIEW.at(record_number=number)))
    sent = desk.api.post(f"{at}/reviews", {"language": "en", "days": 14, "proof": "birth_date_and_last_name"})
    link = sent["url"].removeprefix(portal.ports.portal_url)
    token = link.rpartition("/")[2]
    prove, remark, sign, withdraw = (
        place.at(record_number=number, token=token) for place in (forms.PROVE, forms.REMARK, forms.SIGN, forms.WITHDRAW)
    )
    with open_site(portal.ports.portal_url, desk.api) as site:
        report(problems_of_form(site, prove))
        form = read_page(site.open(link).text, link).form(link)
        for text in ("x" * 5_000, MARKUP):
            answer = site.send(form, form.fields() | each({**prove.filled, "last_name": text}), link)[-1]
            page = read_page(answer.text)
            assert page.texts["last_name-error"] and MARKUP not in answer.text
            assert page.form(link).fields()["last_name"] == [text]
        site.send(form, form.fields() | each(prove.filled), link)
        report(problems_of_form(site, remark))
        check_remarks(site, link)
        confirm = replace(read_page(site.open(link).text, link).form(f"{link}/remarks"), action=f"{link}/confirm")
        assert site.send(confirm, confirm.fields(), link)[-1].url.path == sign.address
        report(problems_of_form(site, sign))
        form = read_page(site.open(sign.address).text).form(sign.address)
        site.send(form, form.fields() | each(sign.filled), sign.address)
        report(problems_of_form(site, withdraw))

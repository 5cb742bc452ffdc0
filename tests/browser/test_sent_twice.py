"""A form that arrives twice at once, as after a double click: one effect, and both answers lead to the same page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pypdf import PdfWriter

from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser import form_places as forms
from tests.browser.bad_input import Site, each
from tests.browser.page_forms import Form, read_page
from tests.browser.suite_site import Desk, open_desk, open_site, save_household, start_journey


@pytest.fixture(scope="module")
def desk(portal: LocalSuite) -> Iterator[Desk]:
    with open_desk(portal) as opened:
        yield opened


def form_at(site: Site, address: str, action: str) -> Form:
    return read_page(site.open(address).text, address).form(action)


def send_twice(site: Site, form: Form, address: str, **typed: str) -> httpx.Response:
    """The page that both answers lead to."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: site.send(form, form.fields() | each(typed), address)[-1], range(2)))
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].url == answers[1].url
    return answers[0]


def count_open(desk: Desk) -> int:
    return len(desk.api.get("/applications", status="incomplete", page_size=200)["applications"])


def count_acts(desk: Desk, number: str, act: str) -> int:
    entries = desk.api.get(f"/applications/{number}/timeline")["entries"]
    return [one["action"] for one in entries].count(act)


def test_enrolling_from_a_quote_twice_starts_one_application(desk: Desk) -> None:
    journey = Journey(desk.api, start_journey(desk.api).today)
    journey.sign_in()
    journey.save_quote()
    path, before = f"/quotes/{journey.quote['quote_id']}", count_open(desk)
    page = send_twice(desk.site, form_at(desk.site, path, f"{path}/enrollment"), path)
    assert "/steps/" in page.url.path
    assert count_open(desk) == before + 1


def test_enrolling_a_client_twice_starts_one_application(desk: Desk) -> None:
    found = desk.api.post("/client-searches", {"name": "Ada Sample"})["clients"][0]["client_id"]
    path, before = f"/clients/{found}/enrollment", count_open(desk)
    form = form_at(desk.site, path, path)
    page = send_twice(desk.site, form, path, choice="create_new", reason="other", writing_number="220002580")
    assert "/steps/" in page.url.path
    assert count_open(desk) == before + 1


@pytest.mark.parametrize("act", ["copies", "requotes"])
def test_an_act_on_a_quote_sent_twice_makes_one_quote(desk: Desk, act: str) -> None:
    quote, before = start_journey(desk.api).quote, desk.api.get("/quotes", page_size=100)["quotes"]
    path = f"/quotes/{quote['quote_id']}"
    send_twice(desk.site, form_at(desk.site, path, f"{path}/{act}"), path, effective_date="2026-07-01")
    assert len(desk.api.get("/quotes", page_size=100)["quotes"]) == len(before) + 1


def test_a_share_link_made_twice_is_one(desk: Desk) -> None:
    path = f"/quotes/{start_journey(desk.api).quote['quote_id']}"
    send_twice(desk.site, form_at(desk.site, path, f"{path}/share-links"), path)
    assert len(desk.api.get(f"{path}/share-links")["links"]) == 1


@pytest.mark.parametrize("act", ["copies", "requotes", "share-links"])
def test_without_the_key_in_common_two_forms_have_two_effects(desk: Desk, act: str) -> None:
    """The control: the page opened twice is two keys, so what makes one of a double click is its one key."""
    path = f"/quotes/{start_journey(desk.api).quote['quote_id']}"

    def count() -> int:
        if act == "share-links":
            return len(desk.api.get(f"{path}/share-links")["links"])
        return len(desk.api.get("/quotes", page_size=100)["quotes"])

    before, opened = count(), [form_at(desk.site, path, f"{path}/{act}") for _ in range(2)]
    assert opened[0].fields()["key"] != opened[1].fields()["key"]
    for form in opened:
        desk.site.send(form, form.fields() | each({"effective_date": "2026-07-01"}), path)
    assert count() == before + 2


def test_a_payment_submitted_twice_is_one_and_the_way_back_shows_it(portal: LocalSuite, desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    number = journey.record_number
    link = desk.api.post(f"/applications/{number}/payment")["url"]
    with open_site(portal.ports.page_url, desk.api) as site:
        site.http.get(link)
        form = form_at(site, "/pay", "/pay")
        site.send(form, form.fields() | each(forms.CARD), "/pay")
        review = form_at(site, "/pay/review", "/pay/submit")
        with ThreadPoolExecutor(2) as pool:
            typed = review.fields() | {"agree": ["yes"]}
            answers = list(pool.map(lambda _: site.http.post("/pay/submit", data=typed), range(2)))
        assert [one.status_code for one in answers] == [303, 303]
        assert {one.headers["location"] for one in answers} == {f"{portal.ports.portal_url}/applications/{number}"}
        journey.wait_for_payment("successful")
        for address in ("/pay/review", "/pay"):
            again = read_page(site.open(address).text, address)
            assert not [one for one in again.forms if one.action in ("/pay", "/pay/submit")]
    assert count_acts(desk, number, "payment.successful") == 1


def test_a_proof_uploaded_twice_is_one(desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    address = f"/applications/{journey.record_number}/proof-documents"
    form = form_at(desk.site, address, address)
    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.write(content)
    fields = {name: texts[-1] for name, texts in form.fields().items()} | {"kind": "other"}

    def upload(_: int) -> httpx.Response:
        file = {"file": ("scan.pdf", content.getvalue(), "application/pdf")}
        return desk.site.http.post(address, data=fields, files=file)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(upload, range(2)))
    assert {(one.status_code, one.headers.get("location")) for one in answers} == {
        (303, f"/applications/{journey.record_number}#documents")
    }
    assert len(desk.api.get(address)["documents"]) == 1


def test_coverage_terminated_twice_ends_once(desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    address = f"/applications/{journey.record_number}/termination"
    typed = {"coverages": "dental", "last_day": "6/30/2026", "reason": "moved", "asked_by": "client"}
    page = send_twice(desk.site, form_at(desk.site, address, address), address, **typed)
    assert page.url.path == f"/applications/{journey.record_number}"
    assert count_acts(desk, journey.record_number, "coverage.terminated") == 1


def test_contact_details_changed_twice_change_once(desk: Desk) -> None:
    journey = start_journey(desk.api)
    journey.submit()
    address = f"/applications/{journey.record_number}/contact"
    page = send_twice(
        desk.site, form_at(desk.site, address, address), address, **{"contact.email": "ada.sample@example.com"}
    )
    assert page.url.path == f"/applications/{journey.record_number}"
    assert count_acts(desk, journey.record_number, "contact.changed") == 1


@pytest.fixture
def reviewed(desk: Desk) -> Journey:
    """An application that waits for the client's signature."""
    journey = start_journey(desk.api)
    save_household(journey, authorization="client_review")
    return journey


def list_reviews(desk: Desk, journey: Journey) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.api.get(f"/applications/{journey.record_number}/reviews")["reviews"]
    return found


def test_a_review_is_sent_signed_and_withdrawn_once_each(portal: LocalSuite, desk: Desk, reviewed: Journey) -> None:
    at, base = f"/applications/{reviewed.record_number}", portal.ports.portal_url
    sent = send_twice(desk.site, form_at(desk.site, at, f"{at}/reviews"), at)
    assert len(list_reviews(desk, reviewed)) == 1
    link = read_page(sent.text).texts["review-link"].strip().removeprefix(base)
    with open_site(base, desk.api) as client:
        prove = form_at(client, link, link)
        client.send(prove, prove.fields() | each(forms.PROVE.filled), link)
        confirm = replace(form_at(client, link, f"{link}/remarks"), action=f"{link}/confirm")
        client.send(confirm, confirm.fields(), link)
        sign = form_at(client, f"{link}/sign", f"{link}/sign")
        signed = send_twice(client, sign, f"{link}/sign", agreed="yes", signature="Ada Sample")
        assert signed.url.path == link
        assert [one["status"] for one in list_reviews(desk, reviewed)] == ["signed"]
        assert client.open(f"{link}/sign").url.path == link, "the way back leads to what was signed"
        withdraw = form_at(client, link, f"{link}/withdraw")
        assert send_twice(client, withdraw, link, withdraw="yes").url.path == link
    assert [one["status"] for one in list_reviews(desk, reviewed)] == ["withdrawn"]
    for act in ("review.sent", "review.signed", "review.withdrawn"):
        assert count_acts(desk, reviewed.record_number, act) == 1

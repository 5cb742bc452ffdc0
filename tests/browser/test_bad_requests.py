"""Bad input in what a page's scripts ask for while somebody types, and in forms that are no page of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from deploy.local.suite import LocalSuite
from tests.browser.bad_input import BAD, MARKUP, each, origin_headers
from tests.browser.page_forms import Form, read_page
from tests.browser.suite_site import Desk, open_desk, start_journey

FAULTS = pytest.mark.parametrize("text", BAD.values(), ids=BAD)


@pytest.fixture(scope="module")
def desk(portal: LocalSuite) -> Iterator[Desk]:
    with open_desk(portal) as opened:
        yield opened


@pytest.fixture(scope="module")
def submitted(desk: Desk) -> str:
    """The number of an application that waits for proof of a birth."""
    journey = start_journey(desk.api)
    journey.submit()
    return journey.record_number


def form_of(desk: Desk, step: str) -> Form:
    address = f"/applications/{desk.number}/steps/{step}"
    return read_page(desk.site.open(address).text, address).form(address)


def ask(desk: Desk, address: str, **typed: str) -> httpx.Response:
    """As a script does; nothing of it is saved, and no markup comes back."""
    before = desk.api.get(f"/applications/{desk.number}")
    csrf = form_of(desk, "household").fields()["csrf"]
    answer = desk.site.http.post(f"/applications/{desk.number}{address}", data={**each(typed), "csrf": csrf})
    assert MARKUP not in answer.text
    assert desk.api.get(f"/applications/{desk.number}") == before
    return answer


@FAULTS
def test_an_address_search_for_anything_finds_nothing(desk: Desk, text: str) -> None:
    answer = ask(desk, "/address-search", text=text)
    assert answer.status_code == 200 and "data-street" not in answer.text
    assert ("No address found." in answer.text) == bool(text)


@FAULTS
def test_counties_of_no_zip_code_ask_for_one(desk: Desk, text: str) -> None:
    answer = ask(desk, "/counties", zip=text, county_fips=text)
    assert answer.status_code == 200 and "Enter the Zip Code first." in answer.text
    assert re.findall(r'<option value="([^"]+)"', answer.text) == []


@FAULTS
@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("household", "contact.email"),
        ("general/life-events/0", "life_events[0].date"),
        ("household/people/SPOUSE", "people[1].first_name"),
        ("other-coverage/replaced/0", "replaced[0].insurer"),
        ("other-coverage/others/0", "others[0].member_number"),
    ],
)
def test_what_is_typed_is_kept_as_it_is_until_it_is_saved(desk: Desk, step: str, field: str, text: str) -> None:
    step = step.replace("SPOUSE", desk.people[1])
    form = form_of(desk, step)
    before = form.fields()
    answer = ask(desk, f"/steps/{step}/draft", **{name: texts[-1] for name, texts in before.items()} | {field: text})
    assert answer.status_code == 200 and answer.text.startswith("Draft kept")
    assert form_of(desk, step).fields()[field] == [text.strip()]
    desk.site.send(form, form.fields() | {"action": ["discard"]}, f"/applications/{desk.number}/steps/{step}")
    assert form_of(desk, step).fields()[field] == before[field]


@FAULTS
def test_a_filter_of_plans_shows_what_it_looked_for(desk: Desk, text: str) -> None:
    answer = ask(desk, "/steps/plans/list", **{"list.medical.search": text})
    assert answer.status_code == 303
    page = read_page(desk.site.open(answer.headers["location"]).text).form("/steps/plans")
    shown = page.fields()["list.medical.search"][0]
    assert text.strip().startswith(shown) and bool(shown) == bool(text)


@FAULTS
def test_a_made_up_plan_and_provider_are_told_of_while_they_are_chosen(desk: Desk, text: str) -> None:
    answer = ask(desk, "/steps/plans/check", medical_plan_id=text, **{"pcp_choices[0].pcp_id": text})
    assert answer.status_code == 200
    assert "With the plan you chose now" not in answer.text
    assert "Illustrative" not in answer.text, "no provider has such an ID"


@FAULTS
def test_removing_providers_leaves_none_in_the_form(desk: Desk, text: str) -> None:
    answer = ask(desk, "/steps/plans/providers", **{"pcp_choices[0].pcp_id": text, "medical_plan_id": ""})
    assert answer.status_code == 303
    form = form_of(desk, "plans")
    assert form.fields()["pcp_choices[0].pcp_id"] == [""]
    desk.site.send(form, form.fields() | {"action": ["discard"]}, f"/applications/{desk.number}/steps/plans")


@pytest.mark.parametrize("text", [text for text in BAD.values() if text], ids=[one for one in BAD if BAD[one]])
def test_a_made_up_provider_is_kept_with_its_reason_and_not_saved(desk: Desk, text: str) -> None:
    answer = ask(desk, f"/steps/plans/providers/{desk.people[1]}", pcp_id="", medical_group_id=text)
    assert answer.status_code == 303
    address = f"/applications/{desk.number}/steps/plans"
    page, field = read_page(desk.site.open(address).text, address), "pcp_choices[1].medical_group_id"
    form = page.form(address)
    assert form.fields()[field] == [text.strip()]
    assert page.message_beside(form, field, ("pcp_choices-1-medical_group_id",))
    desk.site.send(form, form.fields() | {"action": ["discard"]}, address)


@pytest.mark.parametrize(
    ("name", "media_type", "content", "said"),
    [
        ("proof.txt", "text/plain", b"born", "Upload a PDF, PNG or JPG file."),
        ("proof.pdf", "application/pdf", b"", "The file is empty"),
        ("proof.pdf", "application/pdf", b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
        ("proof.pdf", "application/pdf", b"no PDF at all", "PDF"),
        (f"{MARKUP}.png", "image/png", b"no image at all", "This file is not a PDF, PNG or JPG."),
        ("שלום.jpg", "image/jpeg", b"\x89PNG\r\n\x1a\n", "The file is damaged or incomplete."),
    ],
    ids=["wrong type", "empty", "too big", "no PDF", "markup in its name", "broken, with a name in another script"],
)
def test_a_file_that_is_no_proof_is_refused_beside_the_field(
    desk: Desk, submitted: str, name: str, media_type: str, content: bytes, said: str
) -> None:
    address = f"/applications/{submitted}/proof-documents"
    form = read_page(desk.site.open(address).text, address).form(address)
    kinds = [one.value for one in form.controls if one.name == "kind"]
    fields = {name: texts[-1] for name, texts in form.fields().items()} | {"kind": kinds[0]}
    answer = desk.site.http.post(address, data=fields, files={"file": (name, content, media_type)})
    assert answer.status_code == 422 and MARKUP not in answer.text
    page = read_page(answer.text, address)
    assert said in page.message_beside(page.form(address), "file", ("file",))
    assert page.form(address).fields()["kind"] == [kinds[0]]
    assert desk.api.get(address)["documents"] == []


@FAULTS
def test_a_plan_that_does_not_exist_is_not_selected(desk: Desk, text: str) -> None:
    quote = start_journey(desk.api).quote
    path = f"/quotes/{quote['quote_id']}"
    form = read_page(desk.site.open(f"{path}/plans").text, f"{path}/plans").form(f"{path}/plans")
    csrf = form_of(desk, "household").fields()["csrf"]
    typed = {"csrf": csrf, "version": form.fields()["version"], "medical_plan_id": text, "dental_plan_id": text}
    before = desk.api.get(path)
    answer = desk.site.http.post(f"{path}/plans", data=typed, follow_redirects=True)
    assert answer.status_code == 200 and answer.url.path == f"{path}/plans" and MARKUP not in answer.text
    assert "ds-c-alert--error" in answer.text
    assert desk.api.get(path) == before


@pytest.mark.parametrize("text", [BAD["empty"], BAD["too long"], BAD["markup"]])
def test_signing_in_again_over_a_page_says_that_it_is_wrong(portal: LocalSuite, text: str) -> None:
    address = portal.ports.portal_url
    answer = httpx.post(f"{address}/session", data={"email": text, "password": text}, headers=origin_headers(address))
    assert answer.status_code == 401
    assert answer.json() == {"message": "The password is incorrect. Try again."}
    assert "set-cookie" not in answer.headers

"""Several mistakes on one form: one answer names them all, whoever finds each of them, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.local.suite import LocalSuite
from gateway.pages.error_summary import id_of
from tests.browser.bad_input import each
from tests.browser.page_forms import ReadPage, read_page
from tests.browser.suite_site import Desk, open_desk


@pytest.fixture(scope="module")
def desk(portal: LocalSuite) -> Iterator[Desk]:
    with open_desk(portal) as opened:
        yield opened


def send(desk: Desk, address: str, changes: dict[str, str], action: str) -> ReadPage:
    """The page after its form was sent with these changes."""
    opened = desk.site.open(address)
    path = opened.url.path
    form = read_page(opened.text, path).form(path)
    answer = desk.site.send(form, form.fields() | each(changes) | {"action": [action]}, path)[-1]
    assert answer.status_code == 200
    return read_page(answer.text, path)


def told(page: ReadPage) -> set[str]:
    """The fields that have a message beside them."""
    return {name.removesuffix("-error") for name, text in page.texts.items() if name.endswith("-error") and text}


def test_a_new_quote_is_told_every_fault_in_one_answer(desk: Desk) -> None:
    before = desk.api.get("/quotes")
    faults = {
        "writing_number": "220002580",
        "zip": "6060",
        "effective_date": "13/1/27",
        "members[0].first_name": "123",
        "members[0].date_of_birth": "13/45/1990",
        "members[0].tobacco_use": "no",
    }
    wrong = {"zip", "effective_date", "members[0].first_name", "members[0].date_of_birth", "members[0].sex"}
    assert told(send(desk, "/quotes/new", faults, "save")) == set(map(id_of, wrong))
    assert desk.api.get("/quotes") == before


def test_a_new_quote_without_a_writing_number_is_told_what_is_wrong_with_its_people(desk: Desk) -> None:
    faults = {"zip": "60601", "effective_date": "6/1/2026", "members[0].last_name": "#", "members[0].tobacco_use": "no"}
    shown = told(send(desk, "/quotes/new", faults | {"members[0].date_of_birth": "1/1/2999"}, "save"))
    wrong = {"writing_number", "members[0].last_name", "members[0].date_of_birth", "members[0].sex"}
    assert shown == set(map(id_of, wrong))


def test_a_step_is_told_of_an_amount_a_name_and_dates_in_one_answer(desk: Desk) -> None:
    address = f"/applications/{desk.number}"
    before = desk.api.get(address)
    faults = {
        "hra.kind": "ICHRA",
        "hra.monthly_contribution": "plenty",
        "hra.employer_name": "x" * 101,
        "people[0].first_name": "123",
        "people[0].date_of_birth": "13/45/1990",
        "home_address.street": "PO Box 12",
        "contact.email": "nobody",
    }
    shown = told(send(desk, f"{address}/steps/household", faults, "exit"))
    assert shown == {id_of(name) for name in faults if name != "hra.kind"}
    assert desk.api.get(address) == before


def test_a_policy_is_told_that_its_person_and_its_date_are_missing_in_one_answer(desk: Desk) -> None:
    address = f"/applications/{desk.number}/steps/other-coverage/replaced/new"
    place = len(desk.application["other_coverage"]["replaced"])
    shown = told(send(desk, address, {f"replaced[{place}].termination_date": "tomorrow"}, "next"))
    assert shown == {
        f"replaced-{place}-{name}" for name in ("person_id", "insurer", "policy_number", "termination_date")
    }


def test_a_step_is_told_what_is_missing_beside_what_is_wrong(desk: Desk) -> None:
    address = f"/applications/{desk.number}"
    before = desk.api.get(address)
    faults = {
        "mailing_differs": "yes",
        "mailing_address.street": "",
        "people[0].last_name": "",
        "contact.email": "nobody",
        "contact.phone": "12",
    }
    send(desk, f"{address}/steps/household", {}, "discard")
    shown = told(send(desk, f"{address}/steps/household", faults, "next"))
    assert shown >= set(map(id_of, faults)) - {"mailing_differs"}
    assert told(send(desk, f"{address}/steps/household", faults, "exit")) == {"contact.email", "contact.phone"}
    assert desk.api.get(address) == before

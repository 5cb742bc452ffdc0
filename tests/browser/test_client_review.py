"""The client's review in a browser: a remark, a correction, a new review, a signature; in Spanish on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser.checks import check_page
from tests.browser.conftest import TODAY, PageOpener
from tests.browser.keyboard import Keyboard
from tests.browser.suite_site import save_household

PHONE = 320


@pytest.fixture
def journey(portal: LocalSuite) -> Iterator[Journey]:
    """A family of four, complete but for the client's signature."""
    with closing(Api(portal.ports.portal_url)) as api:
        found = Journey(api, date.fromisoformat(TODAY))
        found.until_ready()
        save_household(found, authorization="client_review")
        yield found


def make_link(producer: Page, number: str, **choices: str) -> str:
    """Send to client for review; the link that is shown once."""
    producer.goto(f"/applications/{number}")
    section = producer.locator("#client-review")
    if not section.get_by_role("button", name="Make the link").is_visible():
        section.get_by_text("Send again for review").click()
    for label, choice in choices.items():
        section.get_by_label(label.replace("_", " ")).select_option(label=choice)
    section.get_by_role("button", name="Make the link").click()
    return producer.get_by_label("Link", exact=True).input_value()


def answer_question(client: Page, day: str = "14", *, spanish: bool = False) -> None:
    """The applicant was born on 14 June 1987."""
    month, day_label, year, name = ("Mes", "Día", "Año", "Apellido") if spanish else ("Month", "Day", "Year", "Last")
    client.get_by_label(month, exact=True).select_option(index=6)
    client.get_by_label(day_label, exact=True).fill(day)
    client.get_by_label(year, exact=True).fill("1987")
    client.get_by_label(name).fill("sample")
    client.get_by_role("button", name="Continuar" if spanish else "Continue").click()


def test_a_remark_leads_to_a_correction_and_a_new_review(
    journey: Journey, producer: Page, open_page: PageOpener
) -> None:
    number = journey.record_number
    link = make_link(producer, number)
    check_page(producer, "review-sent")
    for width in (PHONE, 820, 1280):
        producer.set_viewport_size({"width": width, "height": 860})
        hidden = "field => field.scrollHeight - field.clientHeight"
        assert producer.get_by_label("Link", exact=True).evaluate(hidden) <= 0, f"a link cut off at {width} px"
    client = open_page(width=PHONE)
    client.goto(link)
    check_page(client, "review-question")
    answer_question(client, "15")
    expect(client.get_by_role("alert")).to_contain_text("do not match the application")
    check_page(client, "review-question-wrong")
    answer_question(client)
    expect(client.get_by_role("heading", level=1)).to_have_text("Review your application")
    check_page(client, "review-application")

    section = client.locator("#contact")
    section.get_by_text("Something is wrong here").click()
    section.get_by_label("What is wrong?").select_option(label="Phone")
    section.get_by_label("What should it be?").fill("My number is 312-555-0199.")
    section.get_by_role("button", name="Mark as wrong").click()
    expect(section.get_by_text("You marked this as wrong: Phone")).to_be_visible()
    check_page(client, "review-marked")
    client.get_by_role("button", name="Send to").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Your remarks were sent")
    check_page(client, "review-returned")

    producer.goto(f"/applications/{number}")
    section = producer.locator("#client-review")
    expect(section.get_by_text("My number is 312-555-0199.")).to_be_visible()
    check_page(producer, "review-remarks-of-the-client")
    section.get_by_role("link", name=re.compile("phone", re.IGNORECASE)).click()
    expect(producer).to_have_url(re.compile(rf"/applications/{number}/steps/household#"))
    contact = {"phone": "312-555-0199", "phone_type": "mobile", "email": "ada@example.com"}
    save_household(journey, contact=contact)

    client.goto(make_link(producer, number))
    answer_question(client)
    expect(client.get_by_text("312-555-0199")).to_be_visible()
    client.goto(link)
    expect(client.get_by_role("heading", level=1)).to_have_text("This link is not available")
    check_page(client, "review-closed")


def test_a_client_signs_in_spanish_on_a_phone_and_a_later_change_asks_for_a_new_review(
    journey: Journey, producer: Page, open_page: PageOpener
) -> None:
    number = journey.record_number
    client = open_page(width=PHONE)
    client.goto(make_link(producer, number, Language="Spanish"))
    answer_question(client, spanish=True)
    check_page(client, "review-application-es")
    client.get_by_role("button", name="Todo está bien. Continuar").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Lea y firme")
    client.get_by_label("He leído los textos").check()
    client.get_by_label("Escriba su nombre completo").fill("Ben Sample")
    client.get_by_role("button", name="Firmar").click()
    expect(client.get_by_role("alert")).to_contain_text("como está en la solicitud: Ada Sample")
    check_page(client, "review-sign-es")
    client.get_by_label("Escriba su nombre completo").fill("Ada Sample")
    client.get_by_role("button", name="Firmar").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Gracias. Usted ha firmado.")
    check_page(client, "review-signed-es")

    producer.goto(f"/applications/{number}")
    expect(producer.locator("#client-review")).to_contain_text("signed by Ada Sample")
    expect(producer.get_by_text("Ready to submit.")).to_be_visible()
    check_page(producer, "review-signed")
    pdf = journey.api.get_bytes(
        f"/applications/{number}/reviews/{journey.api.get(f'/applications/{number}/reviews')['reviews'][0]['review_id']}"
        "/consent.pdf"
    )
    assert pdf.startswith(b"%PDF")

    save_household(journey, contact={"phone": "312-555-0199", "phone_type": "mobile", "email": "ada@example.com"})
    producer.reload()
    expect(producer.locator("#client-review")).to_contain_text("Needs a new review")
    expect(producer.get_by_text("Ready to submit.")).not_to_be_visible()
    client.reload()
    expect(client.get_by_role("heading", level=1)).to_have_text("La solicitud cambió después de que usted firmó")


def test_without_javascript_a_client_signs_and_withdraws_the_consent(
    journey: Journey, producer: Page, open_page: PageOpener
) -> None:
    number = journey.record_number
    client = open_page(javascript=False, width=PHONE)
    client.goto(make_link(producer, number))
    answer_question(client)
    client.get_by_role("button", name="Everything is right").click()
    client.get_by_label("I have read the texts above").check()
    client.get_by_label("Type your full name").fill("ada sample")
    client.get_by_role("button", name="Sign", exact=True).click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Thank you. You have signed.")
    client.get_by_label("I withdraw my consent.").check()
    client.get_by_role("button", name="Withdraw my consent").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("You withdrew your consent")


def test_a_wrong_birth_date_five_times_closes_the_link(journey: Journey, producer: Page, open_page: PageOpener) -> None:
    number = journey.record_number
    client = open_page(width=PHONE)
    link = make_link(producer, number)
    client.goto(link)
    for _ in range(5):
        answer_question(client, "15")
    expect(client.get_by_role("heading", level=1)).to_have_text("This link is not available")
    client.goto(link)
    expect(client.get_by_role("heading", level=1)).to_have_text("This link is not available")
    producer.goto(f"/applications/{number}")
    expect(producer.locator("#client-review")).to_contain_text("Link locked")


def check_both(client: Page, name: str) -> None:
    """The page at its address in Spanish and in English, at three widths."""
    address = client.url.partition("#")[0].partition("?")[0]
    for language in ("es", "en"):
        client.goto(f"{address}?lang={language}")
        assert client.locator("html").get_attribute("lang") == language
        check_page(client, f"{name}-{language}")


def test_a_client_reviews_with_the_keyboard_alone_and_each_page_is_right_in_both_languages(
    journey: Journey, producer: Page, open_page: PageOpener
) -> None:
    number = journey.record_number
    client = open_page(width=PHONE)
    keyboard = Keyboard(client)
    client.goto(make_link(producer, number))
    check_both(client, "review-keyboard-question")
    keyboard.select(client.get_by_label("Month", exact=True), "June")
    keyboard.fill(client.get_by_label("Day", exact=True), "14")
    keyboard.fill(client.get_by_label("Year", exact=True), "1987")
    keyboard.fill(client.get_by_label("Last name"), "Simple")
    keyboard.press("Continue")
    expect(client.get_by_role("alert")).to_contain_text("do not match the application")
    keyboard.fill(client.get_by_label("Last name"), "Sample")
    keyboard.press("Continue")
    expect(client.get_by_role("heading", level=1)).to_have_text("Review your application")
    expect(client.get_by_role("region", name="What you pay")).to_contain_text("First payment")
    check_both(client, "review-keyboard-application")

    section = client.locator("#contact")
    keyboard.reach(section.locator("summary"))
    client.keyboard.press("Enter")
    keyboard.select(section.get_by_label("What is wrong?"), "Phone")
    keyboard.fill(section.get_by_label("What should it be?"), "312-555-0199")
    keyboard.reach(section.get_by_role("button", name="Mark as wrong"))
    client.keyboard.press("Enter")
    expect(section.get_by_text("You marked this as wrong: Phone")).to_be_visible()
    check_both(client, "review-keyboard-marked")
    keyboard.reach(section.get_by_role("button", name="Remove this remark"))
    client.keyboard.press("Enter")
    expect(section.get_by_text("You marked this as wrong: Phone")).to_have_count(0)

    keyboard.press("Everything is right. Continue")
    expect(client.get_by_role("heading", level=1)).to_have_text("Read and sign")
    check_both(client, "review-keyboard-sign")
    keyboard.tick(client.get_by_label("I have read the texts above"))
    keyboard.fill(client.get_by_label("Type your full name"), "Ben Sample")
    keyboard.press("Sign")
    expect(client.get_by_role("alert")).to_contain_text("Ada Sample")
    check_page(client, "review-keyboard-sign-refused")
    keyboard.fill(client.get_by_label("Type your full name"), "Ada Sample")
    keyboard.press("Sign")
    expect(client.get_by_role("heading", level=1)).to_have_text("Thank you. You have signed.")
    check_both(client, "review-keyboard-signed")
    keyboard.tick(client.get_by_label("I withdraw my consent."))
    keyboard.press("Withdraw my consent")
    expect(client.get_by_role("heading", level=1)).to_have_text("You withdrew your consent")
    check_both(client, "review-keyboard-withdrawn")
    client.goto(f"/review/{'A' * 50}")
    check_both(client, "review-keyboard-closed")
    expect(client.get_by_role("heading", level=1)).to_have_text("This link is not available")
    expect(client.get_by_role("main")).to_contain_text("Please ask your producer whether you need a new one.")


@pytest.mark.parametrize("javascript", [True, False])
def test_back_after_a_wrong_answer_and_a_wrong_name_shows_pages_and_sends_nothing(
    journey: Journey, producer: Page, open_page: PageOpener, javascript: bool
) -> None:
    client = open_page(javascript=javascript)
    client.goto(make_link(producer, journey.record_number))
    answer_question(client, "15")
    expect(client.get_by_role("alert")).to_contain_text("do not match the application")
    client.reload()
    expect(client.get_by_label("Day", exact=True)).to_have_value("15")
    answer_question(client)
    expect(client.get_by_role("heading", level=1)).to_have_text("Review your application")
    client.get_by_role("button", name="Everything is right").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Read and sign")
    client.go_back()
    expect(client.get_by_role("heading", level=1)).to_have_text("Review your application")

    client.get_by_role("button", name="Everything is right").click()
    client.get_by_label("I have read the texts above").check()
    client.get_by_label("Type your full name").fill("Somebody Else")
    client.get_by_role("button", name="Sign", exact=True).click()
    expect(client.get_by_role("alert")).to_contain_text("Type the name as it is on the application")
    expect(client.get_by_label("Type your full name")).to_have_value("Somebody Else")
    client.get_by_label("Type your full name").fill("Ada Sample")
    client.get_by_role("button", name="Sign", exact=True).click()
    signed = client.get_by_role("heading", name="Thank you. You have signed.")
    expect(signed).to_be_visible()
    for _ in range(2):
        client.go_back()
        expect(signed).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_another_language_keeps_what_is_typed_on_every_page_and_enter_sends_the_form(
    journey: Journey, producer: Page, open_page: PageOpener, javascript: bool
) -> None:
    client = open_page(javascript=javascript, width=PHONE)
    client.goto(make_link(producer, journey.record_number))
    client.get_by_label("Day", exact=True).fill("14")
    client.get_by_label("Year", exact=True).fill("1987")
    client.get_by_label("Last name").fill("sample")
    client.get_by_role("button", name="Español").click()
    expect(client.get_by_label("Día", exact=True)).to_have_value("14")
    expect(client.get_by_label("Apellido")).to_have_value("sample")
    expect(client.get_by_role("alert")).to_have_count(0)
    client.get_by_label("Mes", exact=True).select_option(index=6)
    client.get_by_label("Apellido").press("Enter")
    expect(client.get_by_role("heading", level=1)).to_have_text("Revise su solicitud")

    plans, contact = client.locator("#plans"), client.locator("#contact")
    for section, remark in ((plans, "Muy caro."), (contact, "312-555-0199")):
        section.locator("summary").click()
        section.get_by_label("¿Cómo debería ser?").fill(remark)
    contact.get_by_label("¿Qué está mal?").select_option(label="Teléfono")
    client.get_by_role("button", name="English").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Review your application")
    expect(plans.get_by_label("What should it be?")).to_have_value("Muy caro.")
    expect(contact.get_by_label("What is wrong?").locator("option:checked")).to_have_text("Phone")
    if javascript:
        check_page(client, "review-typed-in-another-language")
    contact.get_by_role("button", name="Mark as wrong").click()
    expect(contact.get_by_text("You marked this as wrong: Phone")).to_be_visible()
    expect(plans.get_by_label("What should it be?")).to_have_value("Muy caro.")
    contact.get_by_role("button", name="Remove this remark").click()
    expect(contact.get_by_text("You marked this as wrong: Phone")).to_have_count(0)
    expect(plans.get_by_label("What should it be?")).to_have_value("Muy caro.")

    client.get_by_role("button", name="Everything is right").click()
    expect(client.get_by_role("alert")).to_contain_text('Choose "Mark as wrong"')
    expect(plans.get_by_label("What should it be?")).to_have_value("Muy caro.")
    if javascript:
        check_page(client, "review-written-and-not-marked")
    plans.get_by_label("What should it be?").fill("")
    client.get_by_role("button", name="Everything is right").click()
    client.get_by_label("Type your full name").fill("Ada Sample")
    client.get_by_role("button", name="Español").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Lea y firme")
    expect(client.get_by_label("Escriba su nombre completo")).to_have_value("Ada Sample")
    assert "Ada" not in client.url
    client.get_by_label("He leído los textos").check()
    client.get_by_label("Escriba su nombre completo").press("Enter")
    expect(client.get_by_role("heading", level=1)).to_have_text("Gracias. Usted ha firmado.")

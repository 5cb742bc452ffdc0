"""The plan step: premiums that follow each choice, providers by Provider Finder, and what a change of plan does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.demo.api import Api
from gateway.pages.formatting import NOTHING
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener
from tests.browser.enrollment import Enrollment, choose_plan
from tests.browser.keyboard import Keyboard
from tests.browser.prepared import ADA, BEN, CAL, Prepared, prepare

SILVER, PPO, POS = "Blue Precision Silver HMO", "Blue Choice Preferred Silver PPO", "MyBlue Plus Bronze 903"
MEDICAL, DENTAL = "Select Medical Coverage", "Select Dental Coverage"


@pytest.fixture
def family(api: Api) -> Prepared:
    return prepare(api, people=[ADA, BEN, CAL])


def open_plans(page: Page, prepared: Prepared) -> Enrollment:
    page.goto(f"{prepared.path}/steps/plans")
    return Enrollment(page, prepared.number)


def providers_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Primary Care Provider (PCP) Information")


def expect_premium(page: Page, wanted: dict[str, str]) -> None:
    """What the bar says, by its label, as soon as it has followed the last click."""
    expect(page.locator(".premium-bar dt")).to_have_text(list(wanted))
    amounts = page.locator(".premium-bar dd .figures, .premium-bar dd.figures")
    expect(amounts).to_have_text(list(wanted.values()))


def test_premium_providers_and_pediatric_dental_follow_the_plans_ticked(producer: Page, family: Prepared) -> None:
    enrollment = open_plans(producer, family)
    attest = producer.get_by_label("I/we already have coverage for pediatric dental")
    expect_premium(producer, dict.fromkeys(("Medical Premium", "Dental Premium", "Total Monthly Premium"), NOTHING))
    expect(providers_of(producer)).to_be_hidden()
    check_page(producer, "plans-nothing-chosen")

    choose_plan(enrollment, MEDICAL, SILVER)
    expect(providers_of(producer)).to_be_visible()
    expect(attest).to_be_visible()
    choose_plan(enrollment, DENTAL, "BlueCare Dental 1D")
    expect(attest).to_be_hidden()
    expect_premium(
        producer,
        {"Medical Premium": "$1,352.83", "Dental Premium": "$42.34", "Total Monthly Premium": "$1,395.17"},
    )
    header = producer.get_by_role("region", name="General Information")
    for shown in ("$1,395.17", "BlueCare Dental 1D"):  # before anything is saved (R63)
        expect(header).to_contain_text(shown)
    choose_plan(enrollment, DENTAL, "No dental coverage")
    expect(header).to_contain_text("$1,352.83")
    expect(header).not_to_contain_text("BlueCare Dental 1D")
    expect(attest).to_be_visible()
    expect_premium(
        producer,
        {"Medical Premium": "$1,352.83", "Dental Premium": NOTHING, "Total Monthly Premium": "$1,352.83"},
    )
    choose_plan(enrollment, MEDICAL, PPO)
    expect(providers_of(producer)).to_be_hidden()
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(producer.locator(".error-summary li")).to_contain_text(re.compile("pediatric dental"))
    check_page(producer, "plans-pediatric-dental-owed")
    enrollment.tick("I/we already have coverage")
    enrollment.next("Other Coverage and Proxy")
    expect(producer.locator(".general")).to_contain_text("$1,425.45")
    expect(producer.locator(".general")).to_contain_text("Blue Choice Preferred Silver PPO 305")


def test_the_details_of_a_plan_on_a_phone_begin_with_its_name(open_page: PageOpener, family: Prepared) -> None:
    """Not with the links at the end of them, which are the first that can have the focus."""
    phone = open_page("producer@example.com", width=320)
    open_plans(phone, family)
    phone.get_by_role("link", name=f"Plan details of {SILVER}").first.click()
    details = phone.get_by_role("dialog", name=SILVER)
    expect(details.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(details.get_by_role("link").first).not_to_be_in_viewport()


def test_provider_finder_on_a_phone_begins_with_the_nearest_provider(open_page: PageOpener, family: Prepared) -> None:
    """The filters are folded there, and stay as a person opened or closed them while the providers change."""
    family.plans(SILVER)
    phone = open_page("producer@example.com", width=320)
    open_plans(phone, family)
    phone.get_by_role("button", name="Provider Finder for Cal Sample").click()
    finder = phone.get_by_role("dialog", name="Provider Finder")
    expect(finder.locator(".provider h2").first).to_be_in_viewport()
    gender, filters = finder.get_by_label("Gender"), finder.locator("summary", has_text="Filters")
    expect(gender).to_be_hidden()
    filters.click()
    gender.select_option("female")
    expect(filters).to_have_text("Filters (1 set)")
    expect(gender).to_be_visible()
    check_page(phone, "provider-finder-filters-open")


def test_an_entry_is_looked_at_and_an_error_reported_without_leaving_the_step(producer: Page, family: Prepared) -> None:
    family.plans(SILVER)
    open_plans(producer, family)
    producer.get_by_role("button", name="Provider Finder for Cal Sample").click()
    finder = producer.locator(".finder-dialog")
    finder.get_by_label("Specialty").select_option("Pediatrics")
    expect(finder.locator(".provider p:nth-of-type(1)", has_not_text="Pediatrics")).to_have_count(0)
    name = finder.locator(".provider h2 a").first.inner_text()
    finder.get_by_role("link", name=name).click()
    expect(finder.get_by_role("heading", name=name)).to_be_visible()
    finder.locator("summary", has_text="Report an error in this entry").click()
    check_page(producer, "provider-entry")
    finder.get_by_label("Something else").check()
    finder.get_by_role("button", name="Send Report").click()
    expect(finder.locator(".error-summary")).to_be_focused()
    expect(finder.locator(".error-summary li")).to_have_text(re.compile("Say what is wrong with the entry"))
    finder.get_by_label("What is right instead?").fill("The door is on the other street.")
    finder.get_by_role("button", name="Send Report").click()
    expect(finder.get_by_role("status")).to_be_focused()
    expect(finder).to_contain_text("An error in this entry was reported on")
    check_page(producer, "provider-entry-reported")
    finder.get_by_role("link", name="Back to the providers").click()
    expect(finder.locator(".provider", has_text="was reported on")).to_have_count(1)
    expect(finder.get_by_label("Specialty")).to_have_value("Pediatrics")
    finder.get_by_role("link", name=name).click()
    finder.get_by_role("button", name=f"Choose {name}").click()
    expect(finder).to_have_count(0)
    expect(producer.locator('[name="pcp_choices[2].pcp_id"]')).not_to_have_value("")


def test_provider_finder_with_the_keyboard_alone(producer: Page, family: Prepared) -> None:
    family.plans(SILVER, "BlueCare Dental 1D")
    open_plans(producer, family)
    keyboard = Keyboard(producer)
    opener = producer.get_by_role("button", name="Provider Finder for Cal Sample")
    keyboard.reach(opener)
    producer.keyboard.press("Enter")
    finder = producer.get_by_role("dialog", name="Provider Finder")
    expect(finder.get_by_label("Provider or medical group name")).to_be_focused()
    expect(finder).to_contain_text("PCP for Cal Sample, age 6, in the 2026 network of Blue Precision Silver HMO")
    expect(finder).to_contain_text("call the office before you choose")
    distances = [float(text.split()[0]) for text in finder.locator(".provider b").all_inner_texts()]
    assert distances == sorted(distances) and len(distances) == 20
    expect(finder.locator(".provider", has_text="Internal Medicine")).to_have_count(0)
    check_page(producer, "provider-finder")
    producer.keyboard.press("Escape")
    expect(finder).to_have_count(0)
    expect(opener).to_be_focused()
    producer.keyboard.press("Enter")
    specialty, language = finder.get_by_label("Specialty"), finder.get_by_label("Language")
    keyboard.select(specialty, "Pediatrics")
    expect(finder.locator(".provider p:nth-of-type(1)", has_not_text="Pediatrics")).to_have_count(0)
    expect(specialty).to_be_focused()
    keyboard.select(language, "Tagalog")
    expect(finder.locator(".provider", has_not_text="Tagalog")).to_have_count(0)
    expect(language).to_be_focused()
    expect(specialty).to_have_value("Pediatrics")
    check_page(producer, "provider-finder-narrowed")
    keyboard.fill(finder.get_by_label("Provider or medical group name"), "thistlebourne")
    expect(finder).to_contain_text("No provider matches within 25 miles.")
    check_page(producer, "provider-finder-nobody")
    keyboard.reach(finder.get_by_role("link", name="Remove the filter: Tagalog"))
    producer.keyboard.press("Enter")
    expect(finder.locator("#finder-results")).to_be_focused()
    expect(language).to_have_value("")
    keyboard.reach(finder.get_by_label("Provider or medical group name"))
    producer.context.set_offline(True)
    producer.keyboard.press("Enter")
    expect(finder.get_by_role("alert")).to_have_text("Providers could not be loaded. Search again.")
    producer.context.set_offline(False)
    keyboard.reach(finder.get_by_role("button", name="Search"))
    producer.keyboard.press("Enter")
    expect(finder.locator(".provider")).to_have_count(1)
    expect(finder.locator("#finder-results")).to_be_focused()
    keyboard.reach(finder.get_by_role("button", name="Choose Lena Thistlebourne"))
    producer.keyboard.press("Enter")
    expect(finder).to_have_count(0)
    chosen = producer.locator('[name="pcp_choices[2].pcp_id"]')
    expect(chosen).to_have_value("IL000206")
    expect(chosen).to_be_focused()
    expect(producer.locator('[data-pcp-name="2"]')).to_contain_text("Lena Thistlebourne, Pediatrics")
    keyboard.press("Next")
    expect(producer.get_by_role("heading", level=1, name="Other Coverage and Proxy")).to_be_visible()
    assert [one["pcp_id"] for one in family.reload()["plans"]["pcp_choices"]] == ["", "", "IL000206"]


def test_one_provider_for_all_and_what_a_change_of_plan_does_to_each(producer: Page, family: Prepared) -> None:
    family.plans(SILVER, "BlueCare Dental 1D", pcp_choices=[{"member_index": 1, "pcp_id": "IL000446"}])
    enrollment = open_plans(producer, family)
    section = providers_of(producer)
    enrollment.tick("Use Same PCP Number for All")
    expect(section.get_by_role("group", name="Ben Sample")).to_be_hidden()
    section.get_by_label("Primary Care Provider (PCP) ID").first.fill("IL000446")
    expect(producer.locator('[data-pcp-name="0"]')).to_contain_text("Naomi Larchbourne, Internal Medicine")
    check_page(producer, "plans-one-provider-for-all")
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(producer.locator(".error-summary li")).to_contain_text(["Cal"])
    check_page(producer, "plans-provider-refused")
    section.get_by_label("Primary Care Provider (PCP) ID").first.fill("IL000276")
    expect(producer.locator('[data-pcp-name="0"]')).to_contain_text("Quentin Cinderstead")
    enrollment.next("Other Coverage and Proxy")

    open_plans(producer, family)
    choose_plan(enrollment, MEDICAL, POS)
    outcomes = section.locator("[data-pcp-outcomes] li")
    expect(outcomes).to_have_count(3)
    check_page(producer, "plans-changed")
    choose_plan(enrollment, MEDICAL, PPO)
    expect(section).to_contain_text("The plan you chose requires no PCP")
    enrollment.press("Remove All PCPs")
    expect(section).to_be_hidden()
    enrollment.next("Other Coverage and Proxy")
    assert not any(one["pcp_id"] for one in family.reload()["plans"]["pcp_choices"])


def test_dental_form_has_dental_plans_alone(producer: Page, api: Api) -> None:
    enrollment = open_plans(producer, prepare(api, people=[ADA], form_type="dental"))
    expect(producer.get_by_role("group", name=MEDICAL)).to_have_count(0)
    expect(providers_of(producer)).to_have_count(0)
    enrollment.press("Next")
    expect(producer.locator(".error-summary li")).to_have_count(1)
    choose_plan(enrollment, DENTAL, "BlueCare Dental 1D")
    expect_premium(producer, {"Dental Premium": "$14.87", "Total Monthly Premium": "$14.87"})
    check_page(producer, "plans-dental-form")
    enrollment.next("Other Coverage and Proxy")

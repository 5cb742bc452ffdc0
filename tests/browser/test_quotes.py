"""The quote pages in a browser: a family quoted, chosen for, shared, requoted and enrolled."""

from __future__ import annotations

import re
import secrets
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from deploy.local.demo.api import Api
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener

PRODUCER = "producer@example.com"
MEDICAL = "Blue Precision Silver HMO Standard"
DENTAL = "BlueCare Dental 1D"
STATE, ZIP, COUNTY = "IL", "60601", "17031"
FAMILY = [
    {"relationship": "self", "first_name": "Ada", "date_of_birth": "1987-06-14", "sex": "female"},
    {"relationship": "spouse", "first_name": "Ben", "date_of_birth": "1988-02-10", "sex": "male"},
    {"relationship": "child", "first_name": "Cal", "date_of_birth": "2019-09-03", "sex": "male"},
]


def make_letters() -> str:
    """For a name that no other client has: a second application for one client is asked about."""
    return "".join(secrets.choice("abcdefgh") for _ in range(6))


def save_quote(api: Api, *, on_exchange: bool = False, effective_date: str = "2026-07-01") -> str:
    """The id of a quote with one medical plan selected; a last name of its own, so that it duplicates no other."""
    number = next(n for n in api.get("/me")["writing_numbers"] if n["state"] == STATE)["writing_number"]
    last_name = "Sample" + make_letters()
    place = {"state": STATE, "zip": ZIP, "county_fips": COUNTY, "effective_date": effective_date}
    members = [{"tobacco_use": False, "last_name": last_name, **member} for member in FAMILY]
    quote = api.post("/quotes", {"writing_number": number, "members": members, **place})
    asked = {"coverage": "medical", "exchange": "on" if on_exchange else "off", "members": members, **place}
    plans: list[dict[str, Any]] = api.post("/plan-searches", asked)["plans"]
    plan = next(one["plan_id"] for one in plans if one["name"].startswith(MEDICAL))
    path = f"/quotes/{quote['quote_id']}/selection"
    saved = api.put(path, {"medical_plan_id": plan, "dental_plan_id": ""}, quote["version"])
    return str(saved["quote_id"])


def person(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def enter_person(part: Locator, first_name: str, born: str, sex: str, tobacco: str = "") -> None:
    part.get_by_label("First name").fill(first_name)
    part.get_by_label("Date of birth").fill(born)
    pick(part, "Sex", sex)
    if tobacco:
        pick(part, "Tobacco", tobacco)


def pick(part: Page | Locator, question: str, answer: str) -> None:
    """One answer of a question: its label is what people click."""
    group = part.get_by_role("radiogroup", name=re.compile("^" + question))
    group.get_by_text(answer, exact=True).click()


def press(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def card(page: Page, plan: str) -> Locator:
    return page.locator("article.plan").filter(has_text=plan).first


def choose(page: Page, plan: str, way: str = "Off exchange") -> None:
    card(page, plan).locator("label").filter(has_text=way).click()


def test_a_family_is_quoted_and_its_plans_are_found(producer: Page) -> None:
    producer.goto("/quotes/new")
    press(producer, "View Plans")
    expect(producer.locator(".error-summary")).to_be_focused()
    check_page(producer, "quote-new-errors")
    enter_family(producer)
    producer.wait_for_url("**/plans")
    go_back_and_correct(producer)
    filter_plans(producer)


def test_plans_are_sorted_read_compared_and_chosen(producer: Page, api: Api) -> None:
    producer.goto(f"/quotes/{save_quote(api)}/plans")
    sort_plans(producer)
    follow_the_total(producer)
    read_and_compare(producer)
    choose_both(producer)


def sort_plans(page: Page) -> None:
    names = page.locator("#results .plan__name")
    cheapest = names.first.inner_text()
    page.get_by_label("Sort by").select_option(label="Lowest deductible")
    expect(page).to_have_url(re.compile("sort=deductible"))
    expect(names.first).not_to_have_text(cheapest)
    check_page(page, "quote-plans")


def follow_the_total(page: Page) -> None:
    """The total is that of what is ticked, before anything is saved."""
    total = page.locator("#total .total__sum")
    expect(page.locator("#total")).to_contain_text(MEDICAL)
    before = total.inner_text()
    choose(page, DENTAL)
    expect(page.locator("#total")).to_contain_text(DENTAL)
    expect(total).not_to_have_text(before)


def read_and_compare(page: Page) -> None:
    """A plan of its own page, then side by side; back at the plans, both choices are still there."""
    card(page, MEDICAL).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(MEDICAL)
    check_page(page, "quote-plan")
    page.go_back()
    for place in (0, 1):
        page.locator("#results label").filter(has_text="Compare").nth(place).click()
    expect(page.get_by_role("button", name="Compare (2)")).to_be_visible()
    press(page, "Compare (2)")
    expect(page.get_by_role("columnheader")).to_have_count(2)
    check_page(page, "quote-comparison")
    page.go_back()
    expect(page.locator("#total")).to_contain_text(f"{MEDICAL} - Select Rx Copays + {DENTAL}")


def choose_both(page: Page) -> None:
    """One on and one off the exchange are refused with both still chosen; then the review shows the choice."""
    choose(page, MEDICAL, "On exchange")
    expect(page.locator("#total .ds-c-inline-error, #total .total__sum")).to_be_visible()
    press(page, "Review Selected Plans")
    expect(page.get_by_role("alert").filter(has_text="These plans could not be selected")).to_be_focused()
    expect(card(page, MEDICAL).get_by_role("radio", name="On exchange")).to_be_checked()
    expect(card(page, DENTAL).get_by_role("radio", name="Off exchange")).to_be_checked()
    check_page(page, "quote-plans-refused")
    choose(page, MEDICAL)
    expect(page.locator("#total .total__sum")).to_be_visible()
    press(page, "Review Selected Plans")
    expect(page.locator(".chosen")).to_have_count(2)
    check_page(page, "quote-review")


def test_an_answer_that_is_given_while_the_page_asks_the_server_stays(producer: Page) -> None:
    producer.goto("/quotes/new")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "refresh" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    producer.route("**/quotes/new/*", hold)
    primary = person(producer, "Primary applicant")
    enter_person(primary, "Ada", "6/14/1987", "Female", "Yes")
    producer.evaluate("document.getElementById('tobacco-0').dataset.before = 'yes'")
    held.pop().continue_()
    expect(producer.locator("#tobacco-0")).not_to_have_attribute("data-before", "yes")
    expect(primary.get_by_role("radio", name="Yes")).to_be_checked()


def test_changes_that_are_made_while_the_page_asks_the_server_are_all_answered(producer: Page) -> None:
    producer.goto("/quotes/new")
    held: list[Route] = []
    let_go = False

    def hold(route: Route) -> None:
        if let_go:
            route.continue_()
        else:
            held.append(route)

    producer.route("**/quotes/new/*", hold)
    producer.get_by_label("State and writing number").select_option(index=1)
    producer.get_by_label("ZIP code").fill("60601")
    producer.get_by_label("Date of birth").fill("6/14/1987")
    producer.get_by_label("First name").focus()
    expect(producer.locator("#county")).not_to_contain_text("Cook County")
    let_go = True
    held.pop().continue_()
    expect(producer.locator("#county")).to_contain_text("Cook County")


def enter_family(page: Page) -> None:
    """People are added and removed where one is, and a page that refuses the form keeps what was typed."""
    page.get_by_label("State and writing number").select_option(index=1)
    expect(page.get_by_label("Coverage effective date")).not_to_have_value("")
    expect(page.locator("#why")).to_be_visible()  # the date that the rules give, with its reason
    page.get_by_label("ZIP code").fill("60601")
    enter_person(person(page, "Primary applicant"), "Mary-Jo", "06141987", "Female", "No")
    press(page, "+ Add Spouse")
    spouse = person(page, "Spouse")
    expect(spouse.get_by_label("First name")).to_be_focused()
    enter_person(spouse, "Pat", "2/10/1988", "Male", "No")
    for title in ("Dependent 1", "Dependent 2"):
        press(page, "+ Add Dependent")
        expect(person(page, title).get_by_label("Relationship")).to_be_focused()
    enter_person(person(page, "Dependent 1"), "Cal", "9-3-2019", "Male")
    person(page, "Dependent 2").get_by_role("button", name=re.compile("^Remove")).click()
    expect(person(page, "Dependent 2")).to_have_count(0)
    page.get_by_label("Date of birth").nth(1).fill("February")
    press(page, "View Plans")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary li")).to_have_count(1)
    expect(spouse.get_by_label("Date of birth")).to_have_value("February")
    expect(person(page, "Dependent 1").get_by_label("First name")).to_have_value("Cal")
    check_page(page, "quote-new-refused")
    page.locator(".error-summary a").click()
    expect(spouse.get_by_label("Date of birth")).to_be_focused()
    spouse.get_by_label("Date of birth").fill("2/10/1988")
    press(page, "View Plans")


def go_back_and_correct(page: Page) -> None:
    """Back from the plans is the saved quote, ready to be corrected."""
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit Quote")
    expect(page.get_by_label("First name").nth(1)).to_have_value("Pat")
    expect(page.get_by_label("Date of birth").nth(2)).to_have_value("09/03/2019")
    check_page(page, "quote-edit")
    page.get_by_label("Last name").first.fill("O'Brien")
    press(page, "Save Changes")
    page.wait_for_url("**/plans")


def filter_plans(page: Page) -> None:
    """Filters answer as they are moved; a plan that is sold on and off the exchange is one card."""
    cards = page.locator("#results article.plan")
    names = page.locator("#results .plan__name").all_inner_texts()
    assert len(names) == len(set(names)) > 4
    page.locator("#filters label").filter(has_text="Gold").click()
    expect(cards.filter(has_text="Silver")).to_have_count(0)
    expect(page).to_have_url(re.compile("metal=Gold"))
    page.get_by_label("Plan name").fill("no such plan")
    expect(page.locator("#results .empty")).to_have_count(2)


def test_a_quote_is_shared_sent_requoted_copied_and_archived(producer: Page, visitor: Page, api: Api) -> None:
    quote_id = save_quote(api)
    producer.goto(f"/quotes/{quote_id}")
    share(producer, visitor)
    send_proposal(producer)
    requote(producer)
    archive(producer)


def share(page: Page, visitor: Page) -> None:
    press(page, "Make Share Link")
    expect(page.get_by_text("The share link is ready")).to_be_visible()
    check_page(page, "quote-shared-by-link")
    link = page.get_by_label("Share link 1").input_value()
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your health coverage quote")
    check_page(visitor, "shared-quote")
    visitor.get_by_role("link", name="Español").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Su cotización de cobertura de salud")
    check_page(visitor, "shared-quote-es")
    page.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(page.get_by_text("The share link is closed")).to_be_visible()
    answer = visitor.goto(f"{link}?lang=es")
    assert answer and answer.status == 404
    check_page(visitor, "shared-quote-closed-es")


def send_proposal(page: Page) -> None:
    page.get_by_label("Send it by email to").fill("ada@")
    press(page, "Send Proposal")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Send it by email to")).to_have_value("ada@")
    check_page(page, "quote-review-refused")
    page.get_by_label("Send it by email to").fill("ada@example.com")
    press(page, "Send Proposal")
    expect(page.get_by_text("The proposal is on its way")).to_be_visible()
    answer = page.request.get(f"{page.url.partition('?')[0]}/proposal.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF")


def requote(page: Page) -> None:
    """For another year: what becomes of the plans is said (R13)."""
    page.get_by_label("Effective date of the new quote").fill("soon")
    press(page, "Requote")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Effective date of the new quote")).to_have_value("soon")
    page.get_by_label("Effective date of the new quote").fill("1/1/2027")
    press(page, "Requote")
    expect(page.get_by_text("What changed in the selected plans")).to_be_visible()
    check_page(page, "quote-requoted")


def archive(page: Page) -> None:
    press(page, "Copy Quote")
    expect(page.get_by_text("This is a copy of the quote")).to_be_visible()
    press(page, "Archive Quote")
    expect(page.get_by_text("The quote is archived")).to_be_visible()
    press(page, "Bring Back")
    expect(page.get_by_text("The quote is back in the list")).to_be_visible()
    page.goto("/quotes")
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Effective from").fill("13/1/2026")
    press(page, "Apply")
    expect(page.locator(".error-summary")).to_be_focused()
    check_page(page, "quotes-refused")


def test_a_second_enrollment_of_a_quote_is_asked_about_in_a_dialog(producer: Page, api: Api) -> None:
    quote_id = save_quote(api)
    producer.goto(f"/quotes/{quote_id}")
    press(producer, "Enroll in Selected Plans")
    producer.wait_for_url("**/steps/general*")
    producer.goto(f"/quotes/{quote_id}")
    press(producer, "Enroll in Selected Plans")
    question = producer.get_by_role("dialog")
    expect(question).to_contain_text("Enrollment has already been started")
    check_page(producer, "quote-enrollment-started")
    producer.keyboard.press("Escape")
    expect(question).to_be_hidden()
    press(producer, "Enroll in Selected Plans")
    producer.get_by_role("button", name=re.compile("^Go To Incomplete Application")).click()
    producer.wait_for_url("**/steps/general*")


def test_on_exchange_plans_open_the_exchange_and_leave_this_tab_at_the_list(
    producer: Page, delegate: Page, api: Api
) -> None:
    quote_id = save_quote(api, on_exchange=True)
    producer.goto(f"/quotes/{quote_id}")
    with producer.expect_popup() as opened:
        press(producer, "Enroll in Selected Plans")
    producer.wait_for_url("**/quotes")
    expect(producer.get_by_role("heading", level=1)).to_have_text("Quotes")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("A page of another site")
    delegate.goto(f"/quotes/{quote_id}")
    expect(delegate.get_by_text("Delegates cannot enroll clients on-exchange")).to_be_visible()
    expect(delegate.get_by_role("button", name="Enroll in Selected Plans")).to_have_count(0)
    check_page(delegate, "quote-review-delegate")


def test_a_quote_works_without_javascript(open_page: PageOpener) -> None:
    page = open_page(PRODUCER, javascript=False)
    page.goto("/quotes/new")
    press(page, "View Plans")
    expect(page.locator(".error-summary")).to_be_focused()
    enter_family_without_javascript(page)
    page.wait_for_url("**/plans")
    page.locator("#filters label").filter(has_text="Silver").click()
    press(page, "Show plans")
    expect(page).to_have_url(re.compile("metal=Silver"))
    for place in (0, 1):
        page.locator("#results label").filter(has_text="Compare").nth(place).click()
    press(page, "Compare")
    expect(page.get_by_role("columnheader")).to_have_count(2)
    page.go_back()
    choose(page, MEDICAL)
    press(page, "Review Selected Plans")
    press(page, "Make Share Link")
    expect(page.get_by_label("Share link 1")).to_be_visible()
    enroll_twice(page)


def enter_family_without_javascript(page: Page) -> None:
    page.get_by_label("State and writing number").select_option(index=1)
    page.get_by_label("ZIP code").fill("60601")
    page.get_by_label("Coverage effective date").fill("7/1/2026")
    enter_person(person(page, "Primary applicant"), "Ada" + make_letters(), "6/14/1987", "Female", "No")
    press(page, "+ Add Dependent")
    expect(person(page, "Primary applicant").get_by_label("Date of birth")).to_have_value("6/14/1987")
    enter_person(person(page, "Dependent 1"), "Cal", "9/3/2019", "Male")
    press(page, "View Plans")


def enroll_twice(page: Page) -> None:
    press(page, "Enroll in Selected Plans")
    page.wait_for_url("**/steps/general*")
    page.go_back()
    press(page, "Enroll in Selected Plans")
    press(page, "Create New Application")
    page.wait_for_url("**/steps/general*")

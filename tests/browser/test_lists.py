"""A producer's work around the flow: home, lists, search, deadlines, clients, hierarchy, reports; a delegate's day."""

from __future__ import annotations

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chassis.paging import DEFAULT_SIZE
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from tests.browser.checks import SIZES, check_page
from tests.browser.conftest import TODAY, PageOpener, outlast_cache
from tests.browser.prepared import ADA, DELEGATE, choose_latest_date, keep_delegation, prepare

SECOND = {**ADA, "first_name": "Zoe", "last_name": "O'Brien", "date_of_birth": "1990-01-02"}
NUMBER = "220002580"
# A text that reaches into another one of the same drawing, or out of it.
_OVERLAPS = """() => [...document.querySelectorAll(".chart svg")].flatMap((svg) => {
  const own = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")];
  const boxes = texts.map((text) => text.getBoundingClientRect());
  return texts.flatMap((text, at) => {
    const box = boxes[at];
    const outside = box.left < own.left - 1 || box.right > own.right + 1;
    const meets = boxes.some((other, place) => place !== at && box.left < other.right && other.left < box.right
      && box.top + 3 < other.bottom - 3 && other.top + 3 < box.bottom - 3);
    return outside || meets ? [text.textContent] : [];
  });
})"""


@pytest.fixture(scope="module")
def book(api: Api) -> str:
    """More drafts than a page shows, two with names, and one submitted application, whose number it gives."""
    journey = Journey(api, date.fromisoformat(TODAY))
    journey.until_ready()
    choose_latest_date(api, journey)
    journey.submit()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: prepare(api), range(DEFAULT_SIZE)))
    prepare(api, people=[SECOND])
    return journey.record_number


def first_cells(page: Page, name: str) -> list[str]:
    return page.locator(f"td.cell--{name}").all_inner_texts()


def find(page: Page, text: str) -> None:
    """Type into the header's box and press Enter, as one does."""
    box = page.get_by_role("search", name="Find a client, application or quote").get_by_role("searchbox")
    box.fill(text)
    box.press("Enter")


def test_lists_sort_by_every_column_filter_search_turn_and_export(producer: Page, book: str, tmp_path: Path) -> None:
    page = producer
    page.goto("/enroll")
    for tab in ("Completed", "Failed", "Expired", "Incomplete"):
        page.get_by_role("navigation", name="Applications", exact=True).get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=f"{tab} Applications")).to_have_attribute("aria-current", "page")
        check_page(page, f"list-{tab.lower()}")
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.locator(".tabs ul").evaluate("(all) => all.scrollWidth <= all.clientWidth"), (
                f"cut at {width} px"
            )
        heads = page.locator("th")
        assert heads.count() == heads.locator(".sort").count()
        for address in page.locator("th .sort").evaluate_all("(all) => all.map((one) => one.href)"):
            assert page.request.get(address).text().count('aria-sort="') == 1, "every column sorts"
        if tab not in ("Failed", "Expired"):  # whether an application failed or expired is up to other tests
            assert heads.count() > 8
    page.goto("/enroll?tab=failed&state=MT")
    expect(page.get_by_text("No failed application matches.")).to_be_visible()
    expect(page.locator("th")).to_have_count(0)
    page.goto("/enroll?tab=incomplete")
    head = page.locator("th", has=page.get_by_role("link", name="Record Number", exact=True))
    if head.get_attribute("aria-sort") != "descending":  # as an incomplete list comes at first
        head.get_by_role("link").click()
    for order in ("descending", "ascending"):
        expect(head).to_have_attribute("aria-sort", order)
        numbers = [int(text.removeprefix("A-")) for text in first_cells(page, "record-number")]
        assert numbers == sorted(numbers, reverse=order == "descending")
        head.get_by_role("link").click()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2")).to_be_visible()
    assert page.get_by_role("link", name="Previous").is_visible()
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_text("Page 1")).to_be_visible()
    page.get_by_label("Applicant name").fill("o'brien")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Showing incomplete applications of")).to_be_visible()
    assert set(first_cells(page, "applicant")) == {"Zoe O'Brien"}
    assert "brien" not in page.url.lower()
    check_page(page, "list-searched")
    page.get_by_text("Filter and sort").click()
    page.get_by_label("State", exact=True).select_option(label="Texas")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("No incomplete application matches.")).to_be_visible()
    check_page(page, "list-nothing-matches")
    page.goto("/enroll?tab=completed")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this list as CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert book in {row["Record Number"] for row in rows}
    assert all(re.fullmatch(r"\d{9}", row["Producer Number"]) for row in rows)


def test_home_leads_to_the_next_action_and_the_header_finds_everything(producer: Page, book: str, api: Api) -> None:
    page = producer
    page.goto("/")
    expect(page.get_by_role("heading", name="Work waiting for you")).to_be_visible()
    group = page.get_by_role("region", name="Incomplete applications")
    expect(group.get_by_role("link", name=re.compile("^Continue")).first).to_be_visible()
    check_page(page, "home-with-work")
    group.get_by_role("link", name=re.compile("^Continue")).first.click()
    page.wait_for_url("**/steps/*")
    for typed in (book, book.removeprefix("A-"), f"{605 + int(book.removeprefix('A-'))}"):
        page.goto("/news")
        find(page, typed)
        page.wait_for_url(f"**/applications/{book}")
    find(page, api.get("/quotes")["quotes"][0]["quote_id"])
    page.wait_for_url("**/quotes/*")
    find(page, "O'Brien")
    expect(page.get_by_role("heading", level=1, name="Search")).to_be_visible()
    assert "brien" not in page.url.lower()
    check_page(page, "search-results")
    page.get_by_role("link", name="Zoe O'Brien").first.click()
    expect(page.get_by_role("heading", level=1, name="Zoe O'Brien")).to_be_visible()
    check_page(page, "client")
    find(page, "Nobody Here")
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    check_page(page, "search-nothing")


def test_clients_are_searched_and_deadlines_come_with_a_calendar_address(producer: Page, book: str) -> None:
    page = producer
    page.goto("/clients")
    page.get_by_label("Name", exact=True).fill("O'Brien")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("link", name="Zoe O'Brien").first).to_be_visible()
    check_page(page, "clients-found")
    page.get_by_role("link", name="Zoe O'Brien").first.click()
    page.get_by_role("button", name="Start enrollment").click()
    page.wait_for_url("**/clients/*/enrollment*")  # there is one already: the question of R14
    check_page(page, "client-choice")
    page.goto("/deadlines")
    assert page.locator("td[data-title='Due']").count() > 0
    page.get_by_role("button", name="Create a calendar address").click()
    address = page.locator(".calendar__address").inner_text()
    assert address.endswith(".ics")
    check_page(page, "deadlines-with-calendar")
    assert "BEGIN:VCALENDAR" in page.request.get(address).text()
    page.get_by_role("button", name=re.compile("^Revoke")).first.click()
    expect(page.locator(".calendar__feed")).to_have_count(0)
    assert page.request.get(address).status == 404


def test_reports_show_charts_tables_and_csv_and_no_label_meets_another(
    producer: Page, book: str, tmp_path: Path
) -> None:
    page = producer
    for months in ("1", "2", "6", "12", "24"):
        page.goto(f"/reporting?months={months}")
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(_OVERLAPS) == [], (months, width)
        assert page.locator(".chart").first.locator(".chart__bar").count() == int(months)
    page.goto("/reporting")
    check_page(page, "reporting-with-figures")
    may = page.get_by_role("row", name=re.compile("^May 2026"))
    submitted = int(may.locator("td[data-title='Applications submitted']").inner_text())
    assert submitted >= 1
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["Applications submitted"]) for row in rows if row["Month"] == "2026-05") == submitted


def test_a_delegate_works_within_what_the_producer_gives_limits_and_revokes(
    producer: Page, open_page: PageOpener, book: str, api: Api
) -> None:
    with keep_delegation(api):
        limit_and_revoke(producer, open_page(DELEGATE), book)


def limit_and_revoke(giving: Page, acting: Page, book: str) -> None:
    giving.goto("/my-hierarchy")
    edit = re.compile(f"^Edit the access of Dana Delegate under {NUMBER}")
    giving.get_by_role("link", name=edit).click()
    check_page(giving, "hierarchy-edit")
    giving.get_by_label("Submit applications and change or end them afterwards").uncheck()
    giving.get_by_label("Start and edit applications").uncheck()
    giving.get_by_label("Last day (optional)").fill("2026-05-19")
    giving.get_by_role("button", name="Save access").click()
    expect(giving.get_by_role("alert")).to_contain_text("The last day has passed.")
    check_page(giving, "hierarchy-refused")
    giving.get_by_label("Last day (optional)").fill("2026-06-30")
    giving.get_by_role("button", name="Save access").click()
    expect(giving.get_by_role("row", name=re.compile("^Dana Delegate.*Until 6.30.2026")).first).to_be_visible()
    check_page(giving, "hierarchy-limited")

    outlast_cache(acting)
    acting.goto("/")
    check_page(acting, "delegate-home")
    acting.goto("/my-hierarchy")
    expect(acting.get_by_role("row", name=re.compile("Until 6.30.2026")).first).to_be_visible()
    check_page(acting, "delegate-hierarchy")
    acting.goto("/applications/new")
    acting.get_by_label("Writing Producer Number").press_sequentially(NUMBER)
    expect(acting.get_by_text("No Writing Producer Number of yours matches.")).to_be_visible()
    acting.goto("/quotes/new")
    assert NUMBER in str(acting.locator("#writing_number option").evaluate_all("(all) => all.map((one) => one.value)"))
    answer = acting.goto("/my-hierarchy/access")
    assert answer and answer.status == 403
    check_page(acting, "delegate-forbidden")
    acting.get_by_role("link", name="Go to Home").click()
    acting.goto(f"/applications/{book}/cancellation")
    for question in ("Why is it cancelled?", "Who asked for it?"):
        acting.get_by_role("radiogroup", name=question).locator("label").first.click()
    acting.get_by_role("button", name=re.compile("^Yes")).click()
    expect(acting.get_by_text("Ask the producer to change it in My Hierarchy.").first).to_be_visible()
    check_page(acting, "delegate-refused")

    giving.get_by_role("link", name=re.compile(f"^Revoke the access of Dana Delegate under {NUMBER}")).click()
    check_page(giving, "hierarchy-revoke")
    giving.get_by_role("button", name="Yes, revoke access").click()
    expect(giving.get_by_role("heading", name="Record of access")).to_be_visible()
    outlast_cache(acting)
    answer = acting.goto(f"/applications/{book}")
    assert answer and answer.status == 404
    check_page(acting, "delegate-not-theirs")
    acting.get_by_role("link", name="Go to Home").click()
    expect(acting.get_by_role("heading", level=1)).to_contain_text("Welcome, Dana")

    giving.get_by_role("link", name="Give a delegate access").click()
    giving.get_by_label("Delegate's email address").fill(DELEGATE)
    giving.get_by_label(re.compile(NUMBER)).check()
    giving.get_by_role("button", name="Save access").click()
    expect(giving.get_by_role("link", name=edit)).to_be_visible()


def test_a_delegate_quotes_for_the_producer_who_finds_the_quote(delegate: Page, producer: Page) -> None:
    delegate.goto("/quotes/new")
    # each of the two asks for what follows from it, which comes while somebody types on and moves the page
    with delegate.expect_response(lambda answer: answer.status == 200):
        delegate.locator("#writing_number").select_option(NUMBER)
    zip_code = delegate.get_by_label("ZIP code of the home address")
    zip_code.fill("60601")
    with delegate.expect_response(lambda answer: answer.status == 200 and "Cook County" in answer.text()):
        zip_code.press("Tab")
    for name, text in (("first_name", "Dora"), ("last_name", "Delegated"), ("date_of_birth", "01/02/1990")):
        delegate.locator(f"[name='members[0].{name}']").fill(text)
    for name, value in (("sex", "female"), ("tobacco_use", "no")):
        # not by force: the date's answer may be taking the place of this row just now
        delegate.locator(f"label[for='members-0-{name}-{value}']").click()
    delegate.get_by_role("button", name="View Plans", exact=True).last.click()
    delegate.wait_for_url("**/plans*")
    producer.goto("/")
    find(producer, "Delegated")
    expect(producer.get_by_role("link", name="Dora Delegated").first).to_be_visible()

"""The bell of a page that stays open."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import expect

from chassis.db import Database
from deploy.local.suite import LocalSuite
from gateway.store.tables import notifications
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener

PRODUCER = "00000000-0000-4000-8000-000000000001"


def notify(portal: LocalSuite, times: int) -> None:
    """As the process does that heard of a submission."""
    row = {"user_id": PRODUCER, "kind": "application.submitted", "record_number": "A-0001", "at": datetime.now(UTC)}
    database = Database(portal.databases["gateway"])
    with database.engine.begin() as connection:
        connection.execute(notifications.insert(), [row] * times)
    database.close()


def test_bell_counts_without_a_reload_in_every_tab_and_holds_one_stream(
    open_page: PageOpener, portal: LocalSuite
) -> None:
    page = open_page("producer@example.com")
    streams: list[str] = []
    page.context.on("request", lambda one: streams.append(one.url) if one.resource_type == "eventsource" else None)
    page.goto("/resources")
    other = page.context.new_page()
    other.goto("/news")
    before = int(page.locator("[data-unread]").text_content() or 0)
    notify(portal, 12)
    for tab in (page, other):
        expect(tab.locator("[data-unread]")).to_have_text(str(before + 12))
        expect(tab.get_by_role("link", name=f"Notifications, {before + 12} unread")).to_be_visible()
        expect(tab.locator("[data-unread-news]")).to_have_text(f"{before + 12} unread notifications")
    assert len(streams) == 1, "six connections are all that a browser opens to one server"
    check_page(other, "bell-two-digits")
    with other.expect_event("request", lambda one: one.resource_type == "eventsource"):
        page.close()  # the tab that listened: the other one takes over
    notify(portal, 1)
    expect(other.locator("[data-unread]")).to_have_text(str(before + 13))
    other.goto("/notifications")
    other.get_by_role("button", name="Mark all as read").click()
    expect(other.locator("[data-unread]")).to_be_hidden()
    silent = open_page("producer@example.com", javascript=False)
    silent.goto("/news")
    notify(portal, 1)
    silent.reload()
    expect(silent.locator("[data-unread]")).to_have_text("1")

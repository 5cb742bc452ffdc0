"""A request of a page that fails: the page stays whole, with everything typed, and says so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.checks import check_page
from tests.browser.enrollment import start_application

ERROR_PAGE = "<!doctype html><title>Unavailable</title><h1>Please try again in a minute</h1>"


def fail(route: Route, status: int) -> None:
    """As while a process restarts, without anything at the other end (0) or with an error page."""
    if status:
        route.fulfill(status=status, body=ERROR_PAGE, content_type="text/html")
    else:
        route.abort()


def trouble(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="The portal did not answer")


@pytest.mark.parametrize("status", [0, 500, 503])
def test_household_stays_as_typed_when_a_person_cannot_be_added(producer: Page, status: int) -> None:
    producer.goto("/quotes/new")
    producer.get_by_label("First name").fill("Ada")
    producer.route("**/quotes/new/*", lambda route: fail(route, status))
    producer.get_by_role("button", name="Add Spouse").click()
    expect(trouble(producer)).to_be_visible()
    expect(producer.get_by_label("First name")).to_have_value("Ada")
    if status == 503:  # Chromium tells a test of the other two as errors of the page
        check_page(producer, "request-failed")
    producer.unroute_all()
    producer.get_by_role("button", name="Add Spouse").click()
    expect(producer.get_by_role("heading", name="Spouse")).to_be_visible()
    expect(producer.get_by_label("First name").first).to_have_value("Ada")
    expect(trouble(producer)).to_have_count(0)


def test_what_the_portal_refuses_is_not_called_an_outage(producer: Page) -> None:
    producer.goto("/quotes/new")
    producer.route("**/quotes/new/*", lambda route: fail(route, 403))
    producer.get_by_role("button", name="Add Spouse").click()
    expect(producer.get_by_role("alert").filter(has_text="This is no longer possible")).to_be_visible()
    expect(producer.get_by_role("button", name="View Plans")).to_be_visible()


def test_step_stays_open_when_a_text_cannot_be_read(producer: Page) -> None:
    enrollment = start_application(producer)
    enrollment.open_step("other-coverage")
    producer.route("**/texts/*", lambda route: fail(route, 0))
    producer.get_by_role("link", name="Proxy Statement").first.click()
    expect(trouble(producer)).to_be_visible()
    enrollment.arrive("Other Coverage and Proxy")
    producer.unroute_all()
    producer.get_by_role("link", name="Proxy Statement").first.click()
    expect(producer.get_by_role("dialog")).to_be_visible()
    expect(trouble(producer)).to_have_count(0)


def test_step_sent_without_a_connection_stays_open_as_typed(producer: Page) -> None:
    enrollment = start_application(producer)
    enrollment.open_step("household")
    producer.context.set_offline(True)
    enrollment.fill("City", "Peoria", "Home Address")
    enrollment.press("Next")
    expect(trouble(producer)).to_be_visible()
    expect(enrollment.field_of("City", "Home Address")).to_have_value("Peoria")
    producer.context.set_offline(False)
    expect(trouble(producer)).to_have_count(0)
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(enrollment.field_of("City", "Home Address")).to_have_value("Peoria")

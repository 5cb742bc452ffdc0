"""Every page that needs no story: how it looks, and that it keeps the rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_address, check_page

PAGES = {
    "home": "/",
    "quotes": "/quotes",
    "quote-new": "/quotes/new",
    "quote-and-enroll": "/quote-and-enroll",
    "enroll": "/enroll",
    "enroll-incomplete": "/enroll?tab=incomplete&state=IL",
    "deadlines": "/deadlines",
    "clients": "/clients",
    "search": "/search",
    "delegate-access": "/my-hierarchy/access",
    "notifications": "/notifications",
    "account": "/account",
    "account-password": "/account/password",
    "account-two-step": "/account/two-step",
    "my-hierarchy": "/my-hierarchy",
    "resources": "/resources",
    "reporting": "/reporting",
    "news": "/news",
    "application-new": "/applications/new",
    "not-found": "/no/such/page",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_of_a_producer_keeps_the_rules_at_every_width(producer: Page, name: str) -> None:
    check_address(producer, PAGES[name], name, 404 if name == "not-found" else 200)


def test_page_of_a_delegate_keeps_the_rules_at_every_width(delegate: Page) -> None:
    check_address(delegate, "/", "home-delegate")


def test_sign_in_keeps_the_rules_and_leads_home(visitor: Page) -> None:
    check_address(visitor, "/sign-in", "sign-in")
    visitor.get_by_label("Email address").fill("producer@example.com")
    visitor.get_by_label("Password").fill("wrong")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("alert")).to_contain_text("The email address or password is incorrect")
    expect(visitor.get_by_label("Email address")).to_have_accessible_description(re.compile("is incorrect"))
    check_page(visitor, "sign-in-refused")
    visitor.get_by_label("Password").fill("demo")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    assert visitor.url.endswith("/")

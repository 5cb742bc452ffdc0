"""A new user's first day: a password by the operator's link, two-step sign-in with an app, and the next sign-in."""

from __future__ import annotations

import time

import pyotp
from playwright.sync_api import Page, expect

from deploy.local.suite import LocalSuite
from tests.browser.checks import check_page
from tests.integration.portal_commands import portal as run_portal

# Of this test alone: from then on nobody else could sign in with a password.
EMAIL, PASSWORD = "nora.newcomer@example.com", "lantern otter crosswind"
# Of RFC 6238, as apps have it.
STEP_SECONDS = 30


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_new_user_sets_a_password_and_two_step_sign_in_and_signs_in_with_a_code(
    visitor: Page, portal: LocalSuite
) -> None:
    added = run_portal(portal, "user", "add", EMAIL, "--name", "Nora Newcomer")
    assert added.returncode == 0, added.stderr
    visitor.goto(f"/set-password/{added.stdout.split()[0].rpartition('/')[2]}")
    check_page(visitor, "set-password")
    visitor.get_by_label("New password", exact=True).fill(PASSWORD)
    visitor.get_by_label("New password again").fill(PASSWORD)
    visitor.get_by_role("button", name="Set password").click()
    sign_in(visitor)
    visitor.wait_for_url("**/")

    visitor.goto("/account")
    visitor.get_by_role("link", name="Set up two-step sign-in").click()
    app = pyotp.TOTP(visitor.locator(".secret").inner_text())
    visitor.get_by_label("Code from the app").fill("000000")
    visitor.get_by_label("Password", exact=True).fill("not this one")
    visitor.get_by_role("button", name="Turn on").click()
    expect(visitor.get_by_role("alert")).to_contain_text("This is not your password")
    visitor.get_by_label("Code from the app").fill(app.now())
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Turn on").click()
    expect(visitor.locator(".codes li")).to_have_count(10)
    check_page(visitor, "recovery-codes")
    visitor.get_by_role("link", name="I have saved my codes").click()
    expect(visitor.get_by_role("link", name="Change two-step sign-in")).to_be_visible()

    visitor.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(visitor)
    expect(visitor.get_by_role("heading", name="Enter your code")).to_be_visible()
    check_page(visitor, "sign-in-code")
    # the next one, which is good already: that of now has turned it on
    visitor.get_by_label("Code", exact=True).fill(app.at(int(time.time()) + STEP_SECONDS))
    visitor.get_by_role("button", name="Sign in").click()
    visitor.wait_for_url("**/")
    visitor.goto("/account/two-step")
    check_page(visitor, "two-step-on")

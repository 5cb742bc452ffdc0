"""Signing in with the organization's account in a browser, and once more over a page whose session has ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.ports import free_port
from deploy.local.processes import ROOT
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until
from gateway.identity.organization_sign_in import ANSWER_PATH
from tests.browser.checks import SIZES, WATCHES, check_page
from tests.browser.conftest import PATIENCE, WIDTH, outlast_cache, watch_context
from tests.browser.test_session import ask_for_page, end_sessions
from tests.integration.gateway.organization_sign_in.openid_stand_in import CLIENT_ID, CLIENT_SECRET, run_provider
from tests.integration.portal_commands import portal as run_portal

EMAIL, SUBJECT = "olive.ortiz@prairie.example", "olive-1"
OLIVE = {"email": EMAIL, "email_verified": True, "roles": ["producer"]}


@contextmanager
def another_gateway(suite: LocalSuite, port: int, issuer: str) -> Iterator[str]:
    """A second portal of the same suite, which knows the provider; its address."""
    own = {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}
    own |= {"OIDC_NAME": "Prairie Agency", "OIDC_SCOPES": "openid email roles"}
    ports = replace(suite.ports, gateway=port)
    given = replace(suite.settings, ports=ports, extra={**suite.settings.extra, **own}).environment("gateway")
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve"], env=given, cwd=ROOT, stdout=subprocess.DEVNULL
    ) as process:
        try:
            assert wait_until(lambda: is_ready(f"{ports.portal_url}/livez"), PATIENCE / 1000)
            yield ports.portal_url
        finally:
            process.terminate()


@contextmanager
def watched(chromium: Browser, portal_url: str, issuer: str) -> Iterator[BrowserContext]:
    with chromium.new_context(
        base_url=portal_url,
        viewport={"width": WIDTH, "height": SIZES[WIDTH]},
        locale="en-US",
        reduced_motion="reduce",
    ) as context:
        watch_context(context, frozenset({portal_url, issuer}))
        yield context
        WATCHES.pop(id(context))


def sign_in_at_the_provider(page: Page) -> None:
    page.locator("[name=login]").fill(SUBJECT)
    page.locator("[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()


def test_button_leads_to_the_organization_and_back_and_a_page_whose_session_ended_goes_on(
    portal: LocalSuite, chromium: Browser
) -> None:
    added = run_portal(portal, "user", "add", EMAIL, "--name", "Olive Ortiz", "--organization")
    assert added.returncode == 0, added.stderr
    port = free_port()
    with (
        run_provider(f"http://127.0.0.1:{port}{ANSWER_PATH}") as provider,
        another_gateway(portal, port, provider.issuer) as portal_url,
        watched(chromium, portal_url, provider.issuer) as context,
    ):
        provider.know({SUBJECT: OLIVE})
        page = context.new_page()
        page.goto("/sign-in?next=/resources")
        check_page(page, "sign-in-organization")
        page.get_by_role("link", name="Sign in with Prairie Agency").click()
        sign_in_at_the_provider(page)
        page.wait_for_url(f"{portal_url}/resources")
        WATCHES[id(context)].take_problems()  # of the provider's page, which wants fonts of another site

        end_sessions(portal)
        outlast_cache(page)
        ask_for_page(page)
        ended = page.get_by_role("dialog", name="Your session ended")
        expect(ended).to_be_visible()
        check_page(page, "session-ended-organization")
        with context.expect_page() as opened:  # where the provider still knows the person, and asks nothing
            ended.get_by_role("link", name="Sign in in another window").click()
        opened.value.wait_for_url(f"{portal_url}/")
        expect(ended).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("data-got", "200")

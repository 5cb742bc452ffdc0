"""Renew the pictures of docs/images: ``.venv/bin/python -m docs.take_screenshots``.

Starts a suite of its own on a fixed day, lets the demo's household get as far as each picture needs, and photographs
pages of the portal in Chromium. Everybody in the pictures is made up.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from chassis.settings import load_markets
from deploy.local.demo.__main__ import fresh_suite
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.servers.chromium import choose_chromium, list_arguments

IMAGES = Path(__file__).parent / "images"
# Outside open enrollment, so that a life event is what opens the application.
TODAY = date(2026, 5, 20)
# A laptop's window; a README shows it at about two thirds of that.
WIDTH, HEIGHT = 1280, 860
# A page of few colors loses nothing visible, and a picture stays below 100 kB in the repository.
COLORS = 96


def main() -> None:
    load_markets()
    with fresh_suite(TODAY) as suite, browser_page(suite["portal_url"]) as page:
        journey = Journey(Api(suite["portal_url"]), TODAY)
        journey.sign_in()
        journey.save_quote()
        quote = f"/quotes/{journey.quote['quote_id']}"
        journey.start()
        at = f"/applications/{journey.record_number}"
        sign_in(page)
        take(page, f"{quote}/plans", "portal")
        journey.explain_dates()
        take(page, f"{at}/steps/general#sep", "effective-date")
        journey.fill_household()
        journey.choose_plans()
        journey.sign()
        take(page, f"{at}/check-answers", "check-your-answers")
        journey.submit()
        journey.pay()
        take(page, at, "application-details")
        take(page, "/", "home")


@contextmanager
def browser_page(portal: str) -> Iterator[Page]:
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=choose_chromium(Path(logs) / "setup.log"), args=list_arguments()
        )
        yield browser.new_page(
            base_url=portal, viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US", reduced_motion="reduce"
        )
        browser.close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("producer@example.com")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLORS)
    picture.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

"""Renew the pictures of docs/images: ``.venv/bin/python -m docs.take_screenshots``.

Starts a suite of its own on a fixed day, lets the demo's household get as far as each picture needs, and photographs
pages of the portal in Chromium. Everybody in the pictures is made up.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from chassis.settings import load_markets
from deploy.local.demo.__main__ import running_suite
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.ports import free_port
from deploy.local.servers.chromium import choose_chromium

IMAGES = Path(__file__).parent / "images"
# Outside open enrollment, so that a life event is what opens the application.
TODAY = date(2026, 5, 20)
# A laptop's window; a README shows it at about two thirds of that.
WIDTH, HEIGHT = 1280, 860
# A page of few colors loses nothing visible, and a picture stays below 100 kB in the repository.
COLORS = 96


def main() -> None:
    load_markets()
    with suite_on(TODAY) as portal, browser_page(portal) as page:
        journey = Journey(Api(portal), TODAY)
        journey.sign_in()
        journey.save_quote()
        quote = f"/quotes/{journey.quote['quote_id']}"
        journey.start()
        at = f"/applications/{journey.record_number}"
        sign_in(page)
        take(page, f"{quote}/plans", "portal")
        journey.explain_dates()
        take(page, f"{at}/steps/general", "effective-date")
        journey.fill_household()
        journey.choose_plans()
        journey.sign()
        take(page, f"{at}/check-answers", "check-your-answers")
        journey.submit()
        journey.pay()
        take(page, at, "application-details")
        take(page, "/", "home")


@contextmanager
def suite_on(day: date) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SUITE_STATE": state, "SUITE_TODAY": day.isoformat(), "PORT": str(free_port())}
        with running_suite(Console(stderr=True)) as suite:
            yield suite["portal_url"]


@contextmanager
def browser_page(portal: str) -> Iterator[Page]:
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright:
        # Chromium refuses to run its sandbox as root; the pages it opens are ours.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=choose_chromium(Path(logs) / "setup.log"), args=["--disable-dev-shm-usage", *arguments]
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
    print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()

"""What every page has to pass at every width: `check_page` for a page as it stands, `check_address` while it loads."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError

from tests.browser.watch import Watch, forget_shifts, layout_shift

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / ".run" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# The narrowest that content has to reflow to (WCAG 1.4.10), a tablet, a laptop; heights are of such screens.
SIZES = {320: 740, 820: 1180, 1280: 800}
# It takes a quarter of a second on an idle machine.
SCREENSHOT_MS = 10_000
# Core Web Vitals call 0.1 good; the portal asks for half of it.
MAX_LAYOUT_SHIFT = 0.05
# WCAG 2.2 AA and what it is built on, and axe's best practices (one h1, landmarks, no skipped headings).
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCHES: dict[int, Watch] = {}
"""By the id of the browser context, which is all that a page knows; see `conftest.open_context`."""

_AXE = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
_FORGET_CURSOR_STYLES = """() => {
  for (const one of document.querySelectorAll('[style=""]')) one.removeAttribute("style");
}"""
_TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return [`${document.documentElement.scrollWidth} px at ${room} px`, ...wide.slice(0, 5).map((one) =>
    one.outerHTML.slice(0, 120))];
}"""


def check_page(page: Page, name: str) -> None:
    """Hold a page as it stands (values typed, dialogs open) against every rule at 320, 820 and 1280 px.

    Leaves `.run/screenshots/NAME-WIDTH.png` where they are asked for. Layout shift is that since the page was loaded.
    """
    found = [f"as it loaded: {one}" for one in shift_problems(page)]
    before = page.viewport_size
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        forget_shifts(page)
        found += [f"{width} px: {one}" for one in problems_of(page)]
        take_screenshot(page, f"{name}-{width}")
    if before:
        page.set_viewport_size(before)
        forget_shifts(page)
    _report(page, name, found)


def check_address(page: Page, address: str, name: str, status: int = 200) -> None:
    """Open an address at 320, 820 and 1280 px and hold what comes against every rule, layout shift included.

    An error page keeps the rules too, so the status has to be the one that is meant.
    """
    found = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(address)
        assert answer and answer.status == status, (address, answer and answer.status)
        found += [f"{width} px: {one}" for one in (*shift_problems(page), *problems_of(page))]
        take_screenshot(page, f"{name}-{width}")
    _report(page, name, found)


def problems_of(page: Page) -> list[str]:
    """What is wrong at the present width."""
    return [*axe_violations(page), *sideways_problems(page)]


def sideways_problems(page: Page) -> list[str]:
    """What is wider than the screen; a table that scrolls in a frame of its own is not."""
    return ["scrolls sideways: " + " ".join(found)] if (found := page.evaluate(_TOO_WIDE)) else []


def axe_violations(page: Page) -> list[str]:
    """One line for each violation that axe finds, with the elements that have it.

    On a screen as tall as the page: a bar that stays at the foot of a shorter one covers whatever happens to be there,
    and axe calls what is covered in part too small to touch.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    size = page.viewport_size
    if size and page.locator("dialog[open]").count() == 0:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    found: list[dict[str, Any]] = page.evaluate(_AXE, STANDARDS)["violations"]
    if size:
        page.set_viewport_size(size)
    return [
        f"axe {one['id']}: {one['help']}: " + " ".join(node["html"][:160] for node in one["nodes"][:4]) for one in found
    ]


def shift_problems(page: Page) -> list[str]:
    shift, moved = layout_shift(page)
    return [f"layout shift of {shift:.3f}: {moved}"] if shift >= MAX_LAYOUT_SHIFT else []


def take_screenshot(page: Page, name: str) -> None:
    """The whole page, however long; with a dialog open, what is on the screen. Only where `SCREENSHOTS=1` asks for it.

    It is for people to look at, and no test reads it: `make browser` takes them, `make test` spares the time. On a
    loaded machine Chromium now and then gives none in time: it is tried once more, and then left out with a word in the
    test's output.
    """
    if os.environ.get("SCREENSHOTS") != "1":
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    whole = page.locator("dialog[open]").count() == 0
    for _ in range(2):
        try:
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, timeout=SCREENSHOT_MS)
            break
        except TimeoutError:
            print(f"no screenshot of {name} in {SCREENSHOT_MS} ms")  # noqa: T201  # for whoever misses it
    # Playwright hides the text cursor by a style of each field and leaves an empty attribute, which htmx copies to what
    # it swaps in, and the page's policy refuses.
    page.evaluate(_FORGET_CURSOR_STYLES)


def _report(page: Page, name: str, found: list[str]) -> None:
    found += WATCHES[id(page.context)].take_problems()
    assert not found, f"{name} ({page.url}):\n" + "\n".join(found)


@cache
def _axe_source() -> str:
    return AXE.read_text()

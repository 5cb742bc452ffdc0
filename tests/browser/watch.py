"""What a browser does while a test uses it: requests, console errors, layout shifts."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response, Route, WebError

# Adds up layout shifts from the first paint on, as web-vitals does for a page that is not touched; a shift within half
# a second after a click or key is expected by the person and is not counted.
_COUNT_SHIFTS = """
window.layoutShift = 0;
window.layoutShifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.layoutShift += entry.value;
    for (const source of entry.sources) window.layoutShifts.push(source.node?.parentElement?.outerHTML.slice(0, 120));
  }
}).observe({type: "layout-shift", buffered: true});
"""
_OUTSIDE = "<!doctype html><html lang=en><title>Outside</title><h1>A page of another site</h1>"
# What a page or an htmx request is answered with on purpose. Chromium calls each of them an error of the console.
EXPECTED_STATUSES = frozenset({400, 401, 403, 404, 405, 409, 410, 412, 413, 422, 428, 429, 503})


@dataclass
class Watch:
    """Everything amiss in one browser context; pages that it opens in new tabs are watched as well."""

    context: BrowserContext
    # Origins of the suite. A link to another one opens a page of the tests' own: nothing leaves this machine.
    origins: frozenset[str]
    left: list[str] = field(default_factory=list)
    _console: list[tuple[str, str]] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, context: BrowserContext, origins: frozenset[str]) -> Watch:
        watch = cls(context, origins)
        context.add_init_script(_COUNT_SHIFTS)
        context.route(lambda url: origin_of(url) not in origins, _answer_outside)
        context.on("request", watch._note_request)
        context.on("response", watch._note_response)
        context.on("console", watch._note_console)
        context.on("weberror", watch._note_error)
        return watch

    def _note_request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        page = request.url if request.is_navigation_request() else _frame_address(request)
        if origin_of(request.url) != origin_of(page):
            self.left.append(f"{request.method} {request.url} ({request.resource_type}) from {page}")

    def _note_response(self, response: Response) -> None:
        if response.status in EXPECTED_STATUSES and response.request.resource_type in ("document", "fetch", "xhr"):
            self._refused.add(response.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._console.append((message.text, message.location.get("url", "")))

    def _note_error(self, error: WebError) -> None:
        self._console.append((str(error.error), ""))

    def take_problems(self) -> list[str]:
        """What went wrong since the last time."""
        errors = [
            f"console: {text} {url}"
            for text, url in self._console
            if not (text.startswith("Failed to load resource") and url in self._refused)
        ]
        found = [*(f"request that leaves the origin: {one}" for one in self.left), *errors]
        for noted in (self.left, self._console, self._refused):
            noted.clear()
        return found


def layout_shift(page: Page) -> tuple[float, list[str]]:
    """The sum of shifts since the page was loaded, or since `forget_shifts`, and what moved."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[str] = page.evaluate("window.layoutShifts")
    return float(page.evaluate("window.layoutShift")), found


def forget_shifts(page: Page) -> None:
    """Begin anew: a test that makes the window narrower moves everything itself."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("() => { window.layoutShift = 0; window.layoutShifts = []; }")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _frame_address(request: Request) -> str:
    """Of a tab that is only just opening, whose frame is not known yet, the request's own address."""
    try:
        return request.frame.url
    except Error:
        return request.url


def _answer_outside(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body=_OUTSIDE)

"""Error pages: what happened and what to do, never how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chassis.kernel import DomainError, Forbidden, Unauthenticated, Unavailable
from gateway.edge.context import find_session
from gateway.edge.problems import status_of, trace_id
from gateway.pages.kept_form import PATH as KEPT_FORM
from gateway.pages.kept_form import keep_form
from gateway.pages.render import redirect_to, render_page

_TITLES = {
    403: "Not allowed",
    404: "Page not found",
    409: "Not possible right now",
    412: "Saved again since you opened it",
    413: "The request is too large",
    429: "Too many requests",
    503: "Please try again in a minute",
}

# What is said to programs in their own words, and to people in these.
_SAID = {
    "idempotency_key_reused": "This was already sent, with other answers. Open the page again to see what was saved."
}


async def render_error(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Shown to nobody in particular where another site sent the request, or where the sessions cannot be read."""
    try:
        await find_session(request)
    except (Forbidden, Unavailable):
        request.state.session = None
    title = _TITLES.get(status, "Something went wrong")
    context: dict[str, object] = {"title": title, "detail": detail, "trace_id": trace_id(), "status": status}
    context["back"] = _way_back(request) if status == 403 else None
    return await render_page(request, "error.html", context, status, headers)


async def render_wait(request: Request, wait: str) -> Response:
    """Refused for its number: nothing is asked for the answer, not even how many notifications are unread."""
    if is_script(request):
        return PlainTextResponse(f"Wait {wait}, then try again.", 429)
    request.state.session = None
    again = "reload this page" if request.method == "GET" else "go back and send the form again"
    detail = f"The portal got more requests from you than it takes in a minute. Wait {wait}, then {again}."
    return await render_error(request, 429, detail)


def _way_back(request: Request) -> tuple[str, str] | None:
    """From an act that a person may not do to what it was about, which may be looked at."""
    number, quote_id = (request.path_params.get(name) for name in ("record_number", "quote_id"))
    if number:
        return f"/applications/{quote(number, safe='')}", f"Back to Application {number}"
    return (f"/quotes/{quote(quote_id, safe='')}", "Back to the quote") if quote_id else None


async def render_refusal(request: Request, error: DomainError) -> Response:
    """Anyone who is not signed in goes to sign in, and afterwards to where they wanted to go.

    A script is told so, and asks for the password over the page (session.js); a form that was sent is kept meanwhile,
    and so is one of a page that was opened before the person signed in again.
    """
    if isinstance(error, Unauthenticated):
        if is_script(request):
            return PlainTextResponse(error.message, 401)
        kept = request.method == "POST" and await keep_form(request)
        wanted = request.url.path if request.method == "GET" else _page_of_form(request)
        return redirect_to(f"/sign-in?next={quote(wanted, safe='/')}{'&kept=1' if kept else ''}")
    if error.code == "stale_form" and not is_script(request) and await keep_form(request):
        return redirect_to(KEPT_FORM)
    return await render_error(request, status_of(error), _SAID.get(error.code, error.message))


def _page_of_form(request: Request) -> str:
    """Where the form stood that was sent: an address that takes forms need not be a page."""
    page = urlsplit(request.headers.get("referer", ""))
    return page.path if page.netloc == request.url.netloc and page.path else "/"


def is_script(request: Request) -> bool:
    """Whether a script of a page asks, and not a person who goes from page to page."""
    return request.headers.get("sec-fetch-mode", "navigate") != "navigate" or "hx-request" in request.headers

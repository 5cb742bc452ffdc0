"""Requests that another site makes a signed-in browser send (CSRF).

Browsers say where a request comes from (``Sec-Fetch-Site``, else ``Origin``); forms carry a token of the session
besides. A request with a bearer token needs neither: no browser adds that header by itself.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from chassis.kernel import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def require_same_origin(request: Request, origin: str) -> None:
    """Raise Forbidden for an unsafe request that did not start on our own pages; ``origin`` is the portal's."""
    if request.method not in SAFE_METHODS and not is_from_own_page(request, origin):
        message = "This request did not come from a portal page. Open the page again and retry."
        raise Forbidden(message, code="cross_site")


def is_from_own_page(request: Request, origin: str) -> bool:
    """Whether a page of ours made the browser send it; what was typed or kept as a bookmark comes from no page.

    ``origin`` is the portal's public origin; the request's own Host counts too, since loopback has several names.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    claimed = request.headers.get("origin")
    if claimed is None and request.method in SAFE_METHODS:  # with these, older browsers name the page alone
        page = urlsplit(request.headers.get("referer", ""))
        claimed = f"{page.scheme}://{page.netloc}"
    return claimed in {origin, f"{request.url.scheme}://{request.url.netloc}"}

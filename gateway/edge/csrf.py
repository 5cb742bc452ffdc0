"""Requests that another site makes a signed-in browser send (CSRF).

Browsers say where a request comes from (``Sec-Fetch-Site``, else ``Origin``); forms carry a token of the session
besides. A request with a bearer token needs neither: no browser adds that header by itself.
"""

from __future__ import annotations

from starlette.requests import Request

from chassis.kernel import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def require_same_origin(request: Request, origin: str) -> None:
    """Raise Forbidden for an unsafe request that did not start on our own pages.

    ``origin`` is the portal's public origin; the request's own Host counts too, since loopback has several names.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    claimed = request.headers.get("origin")
    own = {origin, f"{request.url.scheme}://{request.url.netloc}"}
    if site == "same-origin" or (site is None and claimed in own):
        return
    raise Forbidden("This request did not come from a portal page. Open the page again and retry.", code="cross_site")

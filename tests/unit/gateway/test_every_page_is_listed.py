"""The browser tests that hold all pages against a rule know each address: nobody adds a page that they do not see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unittest.mock import Mock

import pytest
from starlette.routing import BaseRoute, Match, Route

from gateway.pages.page_routes import build_page_routes
from services.payment.page.app import build_app
from tests.browser.page_addresses import CLIENT, DELEGATE, PAYER, PRODUCER, VISITOR

REDIRECT, FILE = "leads on to another page", "a file to keep"
UNLISTED = {
    "/quotes/new": REDIRECT,
    "/applications/{record_number}/resume": REDIRECT,
    "/applications/{record_number}/pay": REDIRECT,
    "/reporting/report.csv": FILE,
    "/enroll/applications.csv": FILE,
    "/quotes/{quote_id}/proposal.pdf": FILE,
    "/applications/{record_number}/application.pdf": FILE,
    "/applications/{record_number}/reviews/{review_id}/consent.pdf": FILE,
    "/applications/{record_number}/proof-documents/{document_id}": FILE,
    "/applications/new/numbers": "a part of the page that asks for it: test_after_submit",
    "/applications/{record_number}/autopay-cancellation": "where autopay was paid for: test_after_submit",
    "/applications/{record_number}/payment": "a part of the page that asks for it: test_after_submit",
    "/applications/{record_number}/submission-status": "answers no page, only where to go: test_after_submit",
    "/notifications/stream": "events: test_bell",
    "/session": "JSON: test_session",
    "/sign-in/code": REDIRECT,
    "/sign-in/two-step": REDIRECT,
    "/sign-in/organization": REDIRECT,
    "/sign-in/organization/answer": REDIRECT,
    "/kept-form": "shows something only after a session ended over a form: test_session",
    "/applications/{record_number}/submission-failed": "needs a service that is away: test_after_submit",
}
UNLISTED_OF_PAYMENT = {
    "/pay/{token}": REDIRECT,
    "/language/{code}": REDIRECT,
    "/pay/continue": "where another page takes the payment: test_handoff",
    "/static/page.css": FILE,
    "/static/icon.svg": FILE,
    "/livez": "JSON",
    "/readyz": "JSON",
}


def payment_routes() -> list[BaseRoute]:
    endpoints = Mock()
    endpoints.views.portal_url = "https://portal.example"
    return build_app(endpoints, Mock(), Mock()).routes


def missed(routes: Iterable[BaseRoute], addresses: Iterable[str], unlisted: Iterable[str]) -> list[str]:
    """Paths of routes that a GET shows and no address leads to, and exceptions that are none."""
    # a stand-in of an endpoint is no function, and such a route takes every method
    shown = [one for one in routes if isinstance(one, Route) and "GET" in (one.methods or {"GET"})]
    reached = {route.path for address in addresses if (route := route_of(shown, address))}
    return sorted({one.path for one in shown} - reached ^ set(unlisted))


def route_of(routes: list[Route], address: str) -> Route | None:
    """The route that answers a GET, as Starlette chooses it: the first that fits."""
    path = re.sub(r"[{}]", "", address.partition("?")[0])
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)


def test_each_page_of_the_portal_has_an_address_or_a_reason() -> None:
    assert missed(build_page_routes(), (*PRODUCER, *DELEGATE, *VISITOR, *CLIENT), UNLISTED) == []


def test_each_page_of_a_payment_has_an_address_or_a_reason() -> None:
    assert missed(payment_routes(), PAYER, UNLISTED_OF_PAYMENT) == []


@pytest.mark.parametrize("path", ["/clients/{client}/enrollment", "/my-hierarchy/access"])
def test_a_page_without_an_address_is_named(path: str) -> None:
    route = route_of([one for one in build_page_routes() if isinstance(one, Route)], path)
    addresses = [one for one in (*PRODUCER, *DELEGATE, *VISITOR, *CLIENT) if not one.startswith(path)]
    assert route and missed(build_page_routes(), addresses, UNLISTED) == [route.path]


def test_a_reason_for_a_page_that_has_an_address_is_named() -> None:
    assert missed(payment_routes(), PAYER, {**UNLISTED_OF_PAYMENT, "/terms": FILE}) == ["/terms"]

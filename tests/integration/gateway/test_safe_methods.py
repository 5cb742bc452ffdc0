"""Safe methods change nothing (RFC 9110, 9.2.1): every address of portal and API, asked by GET, HEAD and OPTIONS.

The addresses are those of the application: a new one is walked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from suite.payment.v1 import payment_service_pb2

from gateway.api.route_table import ROUTES
from gateway.edge.context import get_gateway, require_session
from gateway.notifications.deadline_feeds import DeadlineFeeds
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_every_route import ENDLESS, SAME_ORIGIN, fill, list_routes
from tests.integration.gateway.test_quote_pages import shared

SAFE = ("GET", "HEAD", "OPTIONS")
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}
WRITE = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?!SET\b)(\w+)", re.IGNORECASE)
# Rpcs that change nothing and that programs ask by POST, or not at all. OpenReview counts a proof that is given, and
# a page that is looked at gives none.
OTHER_READS = {
    *("ConfirmPayable", "GetRatingBasis", "OpenReview", "PriceSelection", "ReadReview", "SearchApplications"),
}
_ITEM_IS_GONE = ["DELETE FROM form_drafts", "INSERT INTO form_drafts"]
# What nobody asked for when he looked, and RFC 9110 allows: that an item is gone, which the list then says once, and
# when a calendar address was last used.
KEPT = {
    "/applications/{record_number}/steps/general/life-events/{which}": _ITEM_IS_GONE,
    "/applications/{record_number}/steps/household/people/{which}": _ITEM_IS_GONE,
    "/applications/{record_number}/steps/other-coverage/others/{which}": _ITEM_IS_GONE,
    "/applications/{record_number}/steps/other-coverage/replaced/{which}": _ITEM_IS_GONE,
    "/applications/{record_number}/steps/{step}": ["DELETE FROM form_drafts"],
    "/api/v1/deadline-feeds/{secret}.ics": ["UPDATE deadline_feeds"],
}
PAY = {"/applications/{record_number}/pay": ["CreatePaymentLink"]}


def list_reads() -> set[str]:
    """Rpcs that change nothing."""
    return {route.rpc.name for route in ROUTES if route.verb == "GET"} | OTHER_READS


@contextmanager
def listening() -> Iterator[set[str]]:
    """What is written to a database of this process meanwhile: statement and table."""
    written: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        written.update(f"{verb.upper()} {table}" for verb, table in WRITE.findall(statement))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def find_changes(harness: GatewayHarness, paths: list[str], headers: dict[str, str]) -> dict[str, list[str]]:
    """Path -> what was written, or asked of a service that is no read."""
    found: dict[str, list[str]] = {}
    reads = list_reads()
    for path in paths:
        changes: set[str] = set()
        for method in SAFE:
            harness.fake_services.asked.clear()
            with listening() as written:
                answer = harness.client.request(method, fill(path), headers=headers)
            assert answer.status_code < 500, (method, path, answer.text)
            changes |= written | {name for name, _, _ in harness.fake_services.asked} - reads
        if changes:
            found[path] = sorted(changes)
    return found


@pytest.fixture
def paths(browser: GatewayHarness) -> list[str]:
    """All addresses; services have an answer for each."""
    link = payment_service_pb2.CreatePaymentLinkResponse(url="https://pay.example/p/1")
    browser.fake_services.answers |= {"CreatePaymentLink": link, "OpenSharedQuote": shared()}
    return [path for path, _ in list_routes(browser) if path not in ENDLESS]


def test_no_safe_method_of_another_site_changes_anything(browser: GatewayHarness, paths: list[str]) -> None:
    assert find_changes(browser, paths, CROSS_SITE) == KEPT


def test_no_safe_method_changes_anything_but_the_way_to_pay(browser: GatewayHarness, paths: list[str]) -> None:
    """It ends the payment's older links, and is a link because of what gateway/pages/application_details/payment.py
    says: it is followed from the portal's own pages alone.
    """
    assert find_changes(browser, paths, SAME_ORIGIN) == KEPT | PAY


def test_a_page_that_writes_is_found(browser: GatewayHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a page that adds a calendar address when it is looked at."""

    async def add_feed(request: Request) -> Response:
        gateway, session = get_gateway(request), await require_session(request)
        await DeadlineFeeds(gateway.database, gateway.clock).create(session.user)
        return Response("added")

    router = browser.client.app.router  # type: ignore[attr-defined]  # the client names it by its protocol
    monkeypatch.setattr(router, "routes", [*router.routes, Route("/add-feed", add_feed)])
    found = find_changes(browser, ["/add-feed"], SAME_ORIGIN)
    assert found == {"/add-feed": ["INSERT INTO deadline_feeds"]}


@pytest.mark.parametrize("path", ["/", "/applications/A-0001", "/api/v1/quotes", "/nowhere"])
def test_methods_that_the_portal_has_no_use_for_are_refused(browser: GatewayHarness, path: str) -> None:
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        answer = browser.client.request(method, path, headers=CROSS_SITE)
        assert answer.status_code in (404, 405), (method, answer.status_code)
        assert "producer@example.com" not in answer.text
    assert browser.fake_services.asked == []

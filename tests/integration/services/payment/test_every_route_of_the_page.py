"""All addresses of the payment page, one by one; a new one is walked by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.payment.domain.payment import PaymentStatus
from services.payment.page.http import build_security_headers
from tests.integration.services.payment.harness import CARD, PORTAL, Browser, PaymentHarness

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}
# Senders sign these; whoever does not is told nothing else.
SIGNED = "/callbacks/"


def list_paths(payments: PaymentHarness, *, unsafe: bool) -> list[str]:
    routes = [route for route in payments.routes if isinstance(route, Route)]
    return [route.path for route in routes if not unsafe or (route.methods or set()) - {"GET", "HEAD", "OPTIONS"}]


def fill(payments: PaymentHarness, path: str) -> str:
    return payments.page_url + re.sub(r"\{\w+\}", "es", path)


def find_obeyed(payments: PaymentHarness, browser: Browser, token: str, headers: dict[str, str]) -> Iterator[str]:
    for path in list_paths(payments, unsafe=True):
        data = CARD | {"agree": "yes", "csrf_token": token}
        status = browser.http.post(fill(payments, path), data=data, headers=headers).status_code
        if status != (401 if path.startswith(SIGNED) else 403):
            yield f"{path}: {status}"


@pytest.mark.parametrize("case", ["no token", "another session's", "cross-site"])
def test_no_route_obeys_what_its_own_page_did_not_send(payments: PaymentHarness, browser: Browser, case: str) -> None:
    payments.open("A-0701")
    browser.go(payments.link("A-0701"))
    others = browser.csrf_token
    browser.go(payments.link("A-0701"))
    token = {"no token": "", "another session's": others, "cross-site": browser.csrf_token}[case]
    headers = CROSS_SITE if case == "cross-site" else {}
    assert len(list_paths(payments, unsafe=True)) > 5
    assert list(find_obeyed(payments, browser, token, headers)) == []
    assert payments.see("A-0701").status is PaymentStatus.NOT_STARTED
    assert payments.sent_events("A-0701") == []


def test_no_route_obeys_a_browser_without_a_session(payments: PaymentHarness, browser: Browser) -> None:
    for path in list_paths(payments, unsafe=True):
        status = browser.http.post(fill(payments, path), data=CARD | {"agree": "yes"}).status_code
        assert status == (401 if path.startswith(SIGNED) else 404), path


def test_every_answer_of_every_route_carries_the_security_headers(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0702")
    browser.go(payments.link("A-0702"))
    for path in [*list_paths(payments, unsafe=False), "/nowhere"]:
        for method in METHODS:
            answer = browser.http.request(method, fill(payments, path))
            assert find_missing_headers(answer) == [], (method, path, answer.status_code)


def find_missing_headers(answer: httpx.Response) -> list[str]:
    wanted = build_security_headers(PORTAL, https=False)
    # static files say themselves how long they may be kept
    del wanted["Cache-Control"]
    return [name for name, value in wanted.items() if answer.headers.get(name) != value]


def test_a_route_that_refuses_nothing_or_breaks_is_found(payments: PaymentHarness, browser: Browser) -> None:
    """The control."""

    def obey(_request: Request) -> Response:
        return Response("done")

    def fail(_request: Request) -> Response:
        raise RuntimeError

    payments.open("A-0703")
    browser.go(payments.link("A-0703"))
    planted = [Route("/obey", obey, methods=["POST"]), Route("/fail", fail)]
    payments.routes.extend(planted)
    try:
        assert list(find_obeyed(payments, browser, "", {})) == ["/obey: 200"]
        broken = browser.http.get(f"{payments.page_url}/fail")
        assert (broken.status_code, find_missing_headers(broken)) == (500, [])
        assert broken.headers["Cache-Control"] == "no-store"
    finally:
        del payments.routes[-len(planted) :]

"""All addresses of portal and API, one by one: what another site sends is refused, and headers are on every answer.

The addresses are those of the application: a new one is walked by itself, and one that refuses nothing fails.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from suite.quote.v1 import quote_service_pb2

from chassis.identity import Caller, CallerKind
from chassis.kernel import Unavailable
from gateway.edge.context import get_gateway, require_session
from gateway.edge.middleware import SECURITY_HEADERS
from gateway.edge.rpcs import QUOTE
from gateway.pages.kept_form import PATH as KEPT_FORM
from tests.integration.gateway import page_answers, review_link
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import sign_in

PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
# As browsers say it, as older ones do, and as a program that says nothing.
FOREIGN: Mapping[str, dict[str, str]] = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "old browser": {"Origin": "https://evil.example"},
    "no header": {},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
# What stands in an address: a step has to exist, or the answer is 404 before anybody looks at the form.
PLACEHOLDERS = {"step": "household", "which": "0", "token": review_link.TOKEN, "kind": "terms", "path": "portal.css"}
# Whoever sends these need not be signed in yet, so there is no session whose token a form could carry.
BEFORE_SIGN_IN = {"/sign-in", "/session", "/set-password/{token}", "/sign-in/code", "/sign-in/two-step"}
BEFORE_LINK_IS_OPENED = {"/review/{token}", "/review/{token}/language"}
# A body that asks for a cookie; a bearer token in the answer is out of another site's reach.
JSON_BODIES = {"/api/v1/sessions": {"email": "producer@example.com", "password": "demo", "transport": "cookie"}}
# It lasts until the browser goes; tests/integration/gateway/test_unread_stream.py asks it.
ENDLESS = {"/notifications/stream"}


def list_routes(harness: GatewayHarness) -> list[tuple[str, frozenset[str]]]:
    """Path and methods of each route."""
    routes = harness.client.app.routes  # type: ignore[attr-defined]  # the client names it by its protocol
    found = [(route.path, frozenset(route.methods or ())) for route in routes if isinstance(route, Route)]
    mounted = [(f"{route.path}/{{path}}", frozenset({"GET"})) for route in routes if isinstance(route, Mount)]
    assert len(found) > 100
    return found + mounted


def list_commands(harness: GatewayHarness) -> list[tuple[str, str]]:
    """Method and path of everything that may change something."""
    unsafe = {"POST", "PUT", "DELETE", "PATCH"}
    return [(method, path) for path, methods in list_routes(harness) for method in sorted(methods & unsafe)]


def fill(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: PLACEHOLDERS.get(name[1], "A-0001"), path)


def send(harness: GatewayHarness, method: str, path: str, token: str, headers: dict[str, str]) -> Any:
    body: dict[str, Any] = (
        {"json": JSON_BODIES.get(path, {})} if path.startswith("/api/") else {"data": {"csrf": token}}
    )
    return harness.client.request(method, fill(path), headers=headers, **body)


def find_obeyed(
    harness: GatewayHarness, commands: list[tuple[str, str]], token: str, headers: dict[str, str]
) -> list[str]:
    """Those that were not refused, or asked a service before they were."""
    obeyed = []
    for method, path in commands:
        harness.fake_services.asked.clear()
        answer = send(harness, method, path, token, headers)
        # an own form of an earlier session is kept, unsent, and shown to the person
        is_kept = answer.status_code == 303 and answer.headers["location"] == KEPT_FORM
        if not (answer.status_code == 403 or is_kept) or harness.fake_services.asked:
            asked = [name for name, _, _ in harness.fake_services.asked]
            obeyed.append(f"{method} {path}: {answer.status_code}, asked {asked}")
    return obeyed


def read_token(harness: GatewayHarness) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get("/deadlines").text)
    assert found
    return found[1]


@pytest.fixture
def tokens(gateway_portal: GatewayHarness) -> Iterator[dict[str, str]]:
    """A producer is signed in; the token of the session, and those that are not its own."""
    page_answers.tell(gateway_portal.fake_services)
    found = {"none": ""}
    for name, email in (("another's", "delegate@example.com"), ("stale", "producer@example.com")):
        sign_in(gateway_portal, email)
        found[name] = read_token(gateway_portal)
    sign_in(gateway_portal, "producer@example.com")
    yield found | {"own": read_token(gateway_portal)}


@pytest.mark.parametrize("origin", FOREIGN)
def test_no_route_obeys_another_site(gateway_portal: GatewayHarness, tokens: dict[str, str], origin: str) -> None:
    commands = list_commands(gateway_portal)
    assert find_obeyed(gateway_portal, commands, tokens["own"], FOREIGN[origin]) == []


@pytest.mark.parametrize("whose", ["none", "stale", "another's"])
def test_no_page_obeys_a_form_without_the_token_of_its_session(
    gateway_portal: GatewayHarness, tokens: dict[str, str], whose: str
) -> None:
    forms = [
        (method, path)
        for method, path in list_commands(gateway_portal)
        if not path.startswith(("/api/", "/review/")) and path not in BEFORE_SIGN_IN
    ]
    assert find_obeyed(gateway_portal, forms, tokens[whose], SAME_ORIGIN) == []


@pytest.mark.parametrize("access", ["", "C" * 50])
def test_no_page_of_a_review_obeys_a_form_without_the_token_of_its_access(
    opened_link: GatewayHarness, access: str
) -> None:
    forms = [
        (method, path)
        for method, path in list_commands(opened_link)
        if path.startswith("/review/") and path not in BEFORE_LINK_IS_OPENED
    ]
    token = hmac.new(access.encode(), b"review form", hashlib.sha256).hexdigest() if access else ""
    assert len(forms) > 5
    assert find_obeyed(opened_link, forms, token, SAME_ORIGIN) == []


def test_no_command_of_the_api_obeys_a_token_that_signs_nobody_in(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    gateway_portal.client.delete("/api/v1/sessions/current", headers=headers)
    for bearer in (headers["Authorization"], "Bearer made-up"):
        for method, path in list_commands(gateway_portal):
            if path.startswith("/api/") and path != "/api/v1/sessions":
                answer = send(gateway_portal, method, path, "", {"Authorization": bearer})
                assert answer.status_code == 401, (method, path)
    assert gateway_portal.fake_services.asked == []


def test_every_answer_of_every_route_carries_the_security_headers(
    gateway_portal: GatewayHarness, tokens: dict[str, str]
) -> None:
    routes = list_routes(gateway_portal)
    addresses = [(path, method) for path, _ in [*routes, ("/nowhere", ())] for method in METHODS]
    signed_in = [(path, method) for path, method in addresses if path not in ENDLESS]
    statuses = set()
    for path, method in [*signed_in, *((path, "GET") for path in ENDLESS)]:
        if path in ENDLESS:
            gateway_portal.client.cookies.clear()
        answer = send(gateway_portal, method, path, tokens["own"], {})
        statuses.add(answer.status_code)
        assert find_missing_headers(answer) == [], (method, path, answer.status_code)
    assert {200, 303, 403, 404, 405} <= statuses


def find_missing_headers(answer: Any) -> list[str]:
    # an address that holds a secret names its own, stricter policy
    strict = {"Referrer-Policy": "no-referrer"}
    return [
        name
        for name, value in SECURITY_HEADERS.items()
        if answer.headers.get(name) not in (value, strict.get(name, value))
    ]


def test_a_route_that_refuses_nothing_or_breaks_is_found(
    gateway_portal: GatewayHarness, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a form that nobody checks, one that asks a service first, and an address that fails."""

    async def obey(_request: Request) -> Response:
        return Response("done")

    async def ask_first(request: Request) -> Response:
        gateway = get_gateway(request)
        await gateway.services.call(QUOTE["ListQuotes"], quote_service_pb2.ListQuotesRequest(), PRODUCER)
        return await refuse(request)

    async def refuse(request: Request) -> Response:
        await require_session(request)
        return Response("unreachable")

    async def fail(_request: Request) -> Response:
        raise RuntimeError

    router = gateway_portal.client.app.router  # type: ignore[attr-defined]  # the client names it by its protocol
    planted = [Route(f"/{one.__name__}", one, methods=["GET", "POST"]) for one in (obey, ask_first, refuse, fail)]
    monkeypatch.setattr(router, "routes", [*router.routes, *planted])
    found = find_obeyed(gateway_portal, list_commands(gateway_portal), tokens["own"], FOREIGN["cross-site"])
    assert found == [
        "POST /obey: 200, asked []",
        "POST /ask_first: 403, asked ['ListQuotes']",
        "POST /fail: 500, asked []",
    ]
    broken = gateway_portal.client.get("/fail")
    assert (broken.status_code, find_missing_headers(broken)) == (500, [])


def test_a_fault_is_told_on_a_page_to_people_and_in_a_problem_to_programs(
    browser: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_request: Request) -> Response:
        raise RuntimeError

    router = browser.client.app.router  # type: ignore[attr-defined]  # the client names it by its protocol
    planted = [Route("/fail", fail), Route("/api/v1/fail", fail)]
    monkeypatch.setattr(router, "routes", [*router.routes, *planted])
    page = browser.client.get("/fail")
    assert page.status_code == 500 and "<h1>Something went wrong</h1>" in page.text and "RuntimeError" not in page.text
    assert browser.client.get("/api/v1/fail").json()["code"] == "internal"


def test_sessions_that_cannot_be_read_are_told_on_a_page(
    browser: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def recognize(*_args: object) -> None:
        raise Unavailable("The portal's database is away. Please try again.")

    monkeypatch.setattr(browser.gateway.sessions, "recognize", recognize)
    for path in ("/", "/nowhere", "/applications/A-0001"):
        answer = browser.client.get(path)
        assert answer.status_code in (404, 503) and "<h1>" in answer.text, path


def test_a_method_that_an_address_lacks_is_refused_to_another_site_as_well(browser: GatewayHarness) -> None:
    answer = browser.client.request("DELETE", "/resources", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 405 and "<h1>" in answer.text and "producer@example.com" not in answer.text

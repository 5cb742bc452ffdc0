"""Each security event is a line: who, where, what came of it; and nothing that anybody typed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from chassis.kernel import NotFound
from gateway.app import create_app
from gateway.identity import sign_in as sign_in_rules
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_api_clients import Run, add, ask_token, run
from tests.integration.gateway.test_pages import SAME_ORIGIN, post, sign_in
from tests.integration.gateway.test_passwords import CHANGE, demo_passwords, make_link, set_password
from tests.integration.gateway.test_two_step_sign_in import nobodys_phone, turn_on
from tests.log_lines import written_lines

__all__ = ["demo_passwords", "nobodys_phone", "run"]

PRODUCER = "00000000-0000-4000-8000-000000000001"
EMAIL, WRONG = "producer@example.com", "Beatrix typed this"
SIGN_IN = {"email": EMAIL, "password": "demo"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with written_lines() as output:
        yield output


def security(lines: io.StringIO) -> list[tuple[Any, ...]]:
    """Act, outcome, account and code of each line since the last look."""
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert WRONG not in lines.getvalue() and EMAIL not in lines.getvalue()
    lines.seek(0)
    lines.truncate()
    told = [line for line in found if line["event"] == "security"]
    assert all(line["timestamp"] and line["process"] and line["trace_id"] for line in told)
    return [(line["act"], line["outcome"], line.get("user_id"), line.get("code")) for line in told]


def call(portal: GatewayHarness, fields: dict[str, str], path: str = "/api/v1/sessions") -> int:
    return portal.client.post(path, json=fields).status_code


def test_sign_ins_are_logged_whatever_comes_of_them(gateway_portal: GatewayHarness, lines: io.StringIO) -> None:
    assert call(gateway_portal, SIGN_IN) == 201
    assert security(lines) == [("sign-in", "done", PRODUCER, None)]
    refused = ("request", "refused", None, "unauthenticated")
    assert call(gateway_portal, SIGN_IN | {"password": WRONG}) == 401
    assert security(lines) == [("sign-in", "refused", PRODUCER, "unauthenticated"), refused]
    assert call(gateway_portal, SIGN_IN | {"email": WRONG}) == 401
    assert security(lines) == [("sign-in", "refused", None, "unauthenticated"), refused]


def test_a_lockout_says_whose_account_is_tried(gateway_portal: GatewayHarness, lines: io.StringIO) -> None:
    for _ in range(sign_in_rules.ACCOUNT_LIMIT):
        call(gateway_portal, SIGN_IN | {"password": WRONG})
    security(lines)
    assert call(gateway_portal, SIGN_IN) == 429
    assert security(lines)[0] == ("sign-in", "refused", PRODUCER, "too_many_attempts")


def test_both_steps_of_a_sign_in_and_their_setting_up_are_logged(browser: GatewayHarness, lines: io.StringIO) -> None:
    phone, _ = turn_on(browser)
    told = security(lines)
    assert ("confirmation", "done", PRODUCER, None) in told
    assert ("two-step-on", "done", PRODUCER, None) in told
    call(browser, SIGN_IN)
    assert security(lines)[0] == ("sign-in", "refused", PRODUCER, "code_required")
    call(browser, SIGN_IN | {"code": "000000"})
    assert security(lines)[0] == ("sign-in", "refused", PRODUCER, "wrong_code")
    code = phone.next_code()
    assert call(browser, SIGN_IN | {"code": code}) == 201
    assert security(lines) == [("sign-in", "done", PRODUCER, None)]
    post(browser, "/account/two-step/recovery-codes", {"code": phone.next_code()})
    assert ("recovery-codes", "done", PRODUCER, None) in security(lines)
    post(browser, "/account/two-step/off", {"password": "demo", "off_code": phone.next_code()})
    assert ("two-step-off", "done", PRODUCER, None) in security(lines)


def test_signing_out_is_logged_here_elsewhere_and_everywhere(browser: GatewayHarness, lines: io.StringIO) -> None:
    for path in ("/account/sign-out-elsewhere", "/account/sign-out-everywhere"):
        assert post(browser, path, {})[0] == 303
        assert security(lines) == [("sign-out", "done", PRODUCER, None)]
    sign_in(browser, EMAIL)
    security(lines)
    assert post(browser, "/sign-out", {})[0] == 303
    assert security(lines) == [("sign-out", "done", PRODUCER, None)]
    headers = browser.sign_in()
    security(lines)
    assert browser.client.delete("/api/v1/sessions/current", headers=headers).status_code == 204
    assert security(lines) == [("sign-out", "done", PRODUCER, None)]


def test_new_passwords_are_logged(browser: GatewayHarness, gateway_url: str, lines: io.StringIO) -> None:
    post(browser, "/account/password", CHANGE | {"old_password": WRONG})
    assert ("password-change", "refused", PRODUCER, "invalid_input") in security(lines)
    post(browser, "/account/password", CHANGE)
    assert ("password-change", "done", PRODUCER, None) in security(lines)
    set_password(browser, make_link(browser, gateway_url))
    [(act, outcome, user_id, _)] = security(lines)
    assert (act, outcome) == ("password-change", "done") and user_id not in (None, PRODUCER)
    set_password(browser, "made-up")
    assert security(lines)[0] == ("password-change", "refused", None, "not_found")


def test_tokens_of_api_clients_are_logged(gateway_portal: GatewayHarness, run: Run, lines: io.StringIO) -> None:
    client_id, secret = add(run, "read")
    security(lines)
    assert ask_token(gateway_portal, (client_id, secret)).status_code == 200
    assert security(lines) == [("api-client", "done", client_id, None)]
    ask_token(gateway_portal, (client_id, "wrong"))
    assert security(lines)[0] == ("api-client", "refused", client_id, "unauthenticated")
    ask_token(gateway_portal, (WRONG, secret))
    assert security(lines)[0] == ("api-client", "refused", None, "unauthenticated")


def test_refused_requests_are_logged_with_who_sent_them(browser: GatewayHarness, lines: io.StringIO) -> None:
    browser.fake_services.answers["GetApplication"] = NotFound("There is no such application.")
    headers = browser.sign_in()
    security(lines)
    assert browser.client.get("/api/v1/applications/A-9999", headers=headers).status_code == 404
    assert security(lines) == [("request", "refused", PRODUCER, "not_found")]
    assert browser.client.get("/applications/A-9999").status_code == 404
    assert security(lines) == [("request", "refused", PRODUCER, "not_found")]
    assert browser.client.get("/api/v1/me", headers={"Authorization": f"Bearer {WRONG}"}).status_code == 401
    assert security(lines) == [("request", "refused", None, "unauthenticated")]


def test_forged_requests_are_logged_with_whose_browser_sent_them(browser: GatewayHarness, lines: io.StringIO) -> None:
    assert browser.client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert security(lines) == [("request", "refused", PRODUCER, "cross_site")]
    assert browser.client.post("/sign-out", data={"csrf": WRONG}, headers=SAME_ORIGIN).status_code == 403
    assert security(lines) == [("request", "refused", PRODUCER, "stale_form")]


def test_requests_beyond_the_limit_are_logged(
    gateway_portal: GatewayHarness, gateway_url: str, lines: io.StringIO
) -> None:
    with harness(gateway_url, rate_limits=True, rate_limit_reads=1) as limited:
        headers = limited.sign_in()
        security(lines)
        statuses = [limited.client.get("/api/v1/me", headers=headers).status_code for _ in range(2)]
    assert statuses == [200, 429]
    assert security(lines) == [("request", "refused", PRODUCER, "too_many_requests")]


def test_what_is_answered_leaves_no_line(browser: GatewayHarness, lines: io.StringIO) -> None:
    """The control: lines come of refusals, not of requests; a mistyped address is none."""
    assert [browser.client.get(path).status_code for path in ("/", "/quotes", "/nowhere")] == [200, 200, 404]
    assert security(lines) == []


@pytest.mark.parametrize(
    ("peer", "told"),
    [("203.0.113.9", "203.0.113.9"), ("2001:DB8::9", "2001:db8::9"), (WRONG, None)],
)
def test_a_line_has_the_address_and_nothing_else_that_a_proxy_says(
    gateway_portal: GatewayHarness, lines: io.StringIO, peer: str, told: str | None
) -> None:
    client = TestClient(create_app(gateway_portal.gateway), client=(peer, 1))
    client.get("/api/v1/me")
    [line] = [found for line in lines.getvalue().splitlines() if (found := json.loads(line))["event"] == "security"]
    assert (line.get("client_address"), line["method"], line["status"]) == (told, "GET /api/v1/me", 401)

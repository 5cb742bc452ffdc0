"""Signing in, staying signed in, being signed out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.db import Database
from gateway.identity.sessions import SESSION_CACHE_TTL
from tests.integration.gateway.harness import GatewayHarness

CREDENTIALS = {"email": "producer@example.com", "password": "demo"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def test_a_producer_has_the_numbers_that_the_carrier_gave(gateway_portal: GatewayHarness) -> None:
    me = gateway_portal.client.get("/api/v1/me", headers=gateway_portal.sign_in()).json()
    assert me["role"] == "producer"
    assert sorted(number["state"] for number in me["writing_numbers"]) == ["IL", "IL", "MT", "NM", "OK", "TX"]
    assert [one["actions"] for one in me["allowed_actions"]] == [["quote", "enroll", "submit", "pay"]] * 6


def test_a_delegate_has_the_numbers_that_were_delegated(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in("delegate@example.com")
    found = gateway_portal.client.get("/api/v1/producers", headers=headers).json()["producers"]
    assert [one["writing_number"] for one in found] == ["220002580", "440001937", "107864325"]
    narrowed = gateway_portal.client.get("/api/v1/producers?q=1078", headers=headers).json()["producers"]
    assert [one["name"] for one in narrowed] == ["CRAVEN, FAZILA"]


def test_an_unknown_account_answers_like_a_wrong_password(gateway_portal: GatewayHarness) -> None:
    wrong = gateway_portal.client.post("/api/v1/sessions", json={**CREDENTIALS, "password": "x"})
    unknown = gateway_portal.client.post("/api/v1/sessions", json={"email": "nobody@example.com", "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    differing = {"trace_id"}
    assert {k: v for k, v in wrong.json().items() if k not in differing} == {
        k: v for k, v in unknown.json().items() if k not in differing
    }


def test_the_sixth_attempt_within_a_quarter_of_an_hour_has_to_wait(gateway_portal: GatewayHarness) -> None:
    for _ in range(5):
        gateway_portal.client.post("/api/v1/sessions", json={**CREDENTIALS, "password": "x"})
    barred = gateway_portal.client.post("/api/v1/sessions", json=CREDENTIALS)
    assert barred.status_code == 429
    assert 0 < int(barred.headers["Retry-After"]) <= 900
    gateway_portal.clock.advance(timedelta(minutes=16))
    assert gateway_portal.client.post("/api/v1/sessions", json=CREDENTIALS).status_code == 201


@pytest.mark.parametrize("path", ["/sign-in", "/session"])
def test_a_page_that_bars_a_sign_in_says_when_to_come_back(gateway_portal: GatewayHarness, path: str) -> None:
    for _ in range(5):
        gateway_portal.client.post(path, data={**CREDENTIALS, "password": "x"}, headers=SAME_ORIGIN)
    barred = gateway_portal.client.post(path, data=CREDENTIALS, headers=SAME_ORIGIN)
    assert barred.status_code == 429
    assert 0 < int(barred.headers["Retry-After"]) <= 900


def test_guesses_at_the_same_time_cannot_outrun_the_limit(gateway_portal: GatewayHarness) -> None:
    def guess(number: int) -> int:
        wrong = {**CREDENTIALS, "password": f"guess {number}"}
        return gateway_portal.client.post("/api/v1/sessions", json=wrong).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert sorted(answers) == [401] * 5 + [429] * 7


def test_a_right_password_clears_earlier_mistakes(gateway_portal: GatewayHarness) -> None:
    for _ in range(2):
        for _ in range(4):
            gateway_portal.client.post("/api/v1/sessions", json={**CREDENTIALS, "password": "x"})
        assert gateway_portal.client.post("/api/v1/sessions", json=CREDENTIALS).status_code == 201


def test_a_session_ends_after_fifteen_idle_minutes(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    for _ in range(3):
        gateway_portal.clock.advance(timedelta(minutes=14))
        assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 200
    gateway_portal.clock.advance(timedelta(minutes=16))
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_session_ends_after_eight_hours_however_busy(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    for _ in range(48):
        gateway_portal.clock.advance(timedelta(minutes=10))
        assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 200
    gateway_portal.clock.advance(timedelta(minutes=10))
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 401


def test_signing_out_ends_the_session_on_the_server(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 200
    assert gateway_portal.client.delete("/api/v1/sessions/current", headers=headers).status_code == 204
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_session_is_looked_up_once_for_requests_of_the_same_second(
    gateway_portal: GatewayHarness, gateway_url: str
) -> None:
    headers = gateway_portal.sign_in()
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 200
    end_elsewhere(gateway_url)
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 200
    gateway_portal.clock.advance(SESSION_CACHE_TTL)
    assert gateway_portal.client.get("/api/v1/me", headers=headers).status_code == 401


def end_elsewhere(gateway_url: str) -> None:
    """As another process does when the person signs out there."""
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        connection.execute(text("delete from sessions"))
    database.close()


def test_the_database_holds_no_secret_that_signs_in(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    token = gateway_portal.sign_in()["Authorization"].removeprefix("Bearer ")
    database = Database(gateway_url)
    with database.engine.connect() as connection:
        rows = str(connection.execute(text("select * from sessions")).all())
    database.close()
    assert token not in rows


def test_a_cookies_secret_is_no_bearer_token(gateway_portal: GatewayHarness) -> None:
    client = gateway_portal.client
    answer = client.post("/api/v1/sessions", json={**CREDENTIALS, "transport": "cookie"}, headers=SAME_ORIGIN)
    assert answer.json()["token"] is None
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    secret = client.cookies["sid"]
    client.cookies.clear()
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://testserver"}, 204),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
    ],
)
def test_command_with_a_session_cookie_needs_the_origin_of_the_portal(
    gateway_portal: GatewayHarness, headers: dict[str, str], status: int
) -> None:
    client = gateway_portal.client
    client.post("/api/v1/sessions", json={**CREDENTIALS, "transport": "cookie"}, headers=SAME_ORIGIN)
    assert client.post("/api/v1/notifications/read", headers=headers).status_code == status


def test_every_path_but_the_public_ones_needs_a_session(gateway_portal: GatewayHarness) -> None:
    # a share link and a calendar address are keys of their own
    open_to_all = {
        ("/sessions", "post"),
        ("/shared-quotes/{token}", "get"),
        ("/deadline-feeds/{secret}.ics", "get"),
    }
    document = gateway_portal.client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            if (path, method) not in open_to_all:
                answer = gateway_portal.client.request(method, f"/api/v1{path}")
                assert answer.status_code == 401, (method, path)
    assert gateway_portal.fake_services.asked == []


@pytest.mark.parametrize(
    "content", [b'{"email": "a\\u0000", "password": "x"}', b'{"email": "\\ud800", "password": "x"}']
)
def test_text_that_cannot_be_kept_is_refused_at_sign_in(gateway_portal: GatewayHarness, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = gateway_portal.client.post("/api/v1/sessions", content=content, headers=headers)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["email"]

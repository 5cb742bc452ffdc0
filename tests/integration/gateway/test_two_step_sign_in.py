"""Two-step sign-in: a code beside the password, taken once, and recovery codes; guesses run into the same limit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pyotp
import pytest

from chassis.db import Database
from gateway.identity.second_factor import RECOVERY_CODES, STEP_SECONDS
from gateway.store.tables import second_factors
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, post

PATH, SESSIONS = "/account/two-step", "/api/v1/sessions"
PASSWORD = {"email": "producer@example.com", "password": "demo"}


@pytest.fixture(autouse=True)
def nobodys_phone(gateway_url: str) -> Iterator[None]:
    yield
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        connection.execute(second_factors.delete())
    database.close()


class Phone:
    """An authenticator app: the secret and a clock."""

    def __init__(self, portal: GatewayHarness, secret: str) -> None:
        self._portal, self._app = portal, pyotp.TOTP(secret)

    def code(self, steps: int = 0) -> str:
        return self._app.at(self._portal.clock.now() + timedelta(seconds=steps * STEP_SECONDS))

    def next_code(self) -> str:
        """One that was not used yet."""
        self._portal.clock.advance(timedelta(seconds=STEP_SECONDS))
        return self.code()


def turn_on(portal: GatewayHarness) -> tuple[Phone, list[str]]:
    """By the page, as the producer who is signed in: the app, and the recovery codes that were shown."""
    shown = page(portal, PATH)
    assert "<svg" in shown and "otpauth" not in shown
    phone = Phone(portal, re.findall(r'class="secret">([A-Z2-7]+)<', shown)[0])
    [proposal] = re.findall(r'name="proposal" value="([^"]+)"', shown)
    fields = {"proposal": unescape(proposal), "code": phone.code(), "password": PASSWORD["password"]}
    status, _, text = post(portal, PATH, fields)
    codes = re.findall(r"<li><code>([A-Z2-7-]+)</code>", text)
    assert (status, len(codes), len(set(codes))) == (200, RECOVERY_CODES, RECOVERY_CODES)
    return phone, codes


def sign_in(portal: GatewayHarness, code: str = "", **changed: str) -> tuple[int, str]:
    """Status, and the code of a refusal."""
    fields = {**PASSWORD, **changed} | ({"code": code} if code else {})
    answer = portal.client.post(SESSIONS, json=fields)
    return answer.status_code, answer.json().get("code", "")


def test_password_alone_signs_in_no_more(browser: GatewayHarness) -> None:
    assert sign_in(browser) == (201, "")
    phone, _ = turn_on(browser)
    assert sign_in(browser) == (401, "code_required")
    assert sign_in(browser, phone.next_code()) == (201, "")
    assert "<dd>On</dd>" in page(browser, "/account")


def test_wrong_password_is_told_before_any_code(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    assert sign_in(browser, phone.next_code(), password="wrong") == (401, "unauthenticated")


def test_code_is_taken_once(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    code = phone.next_code()
    assert [sign_in(browser, code) for _ in range(2)] == [(201, ""), (401, "wrong_code")]


def test_code_that_turned_it_on_signs_nobody_in(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    assert sign_in(browser, phone.code()) == (401, "wrong_code")


def test_code_sent_at_the_same_time_signs_in_once(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    code = phone.next_code()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sign_in(browser, code)[0], range(4)))
    assert sorted(answers) == [201, 401, 401, 401]


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 201), (0, 201), (1, 201), (2, 401)])
def test_code_may_be_one_step_off(browser: GatewayHarness, steps: int, status: int) -> None:
    phone, _ = turn_on(browser)
    browser.clock.advance(timedelta(seconds=10 * STEP_SECONDS))
    assert sign_in(browser, phone.code(steps))[0] == status


def test_recovery_code_signs_in_once_however_it_is_typed(browser: GatewayHarness) -> None:
    _, codes = turn_on(browser)
    assert [sign_in(browser, codes[0])[0] for _ in range(2)] == [201, 401]
    assert sign_in(browser, codes[1].lower().replace("-", " "))[0] == 201
    assert "8 of 10 recovery codes left" in page(browser, PATH)


def test_recovery_codes_of_before_open_nothing_after_new_ones(browser: GatewayHarness) -> None:
    phone, codes = turn_on(browser)
    status, _, text = post(browser, f"{PATH}/recovery-codes", {"code": phone.next_code()})
    renewed = re.findall(r"<li><code>([A-Z2-7-]+)</code>", text)
    assert (status, len(renewed)) == (200, RECOVERY_CODES)
    assert [sign_in(browser, one)[0] for one in (codes[0], renewed[0])] == [401, 201]


def test_recovery_code_of_another_person_opens_nothing(browser: GatewayHarness) -> None:
    _, codes = turn_on(browser)
    answer = browser.client.post(SESSIONS, json={**PASSWORD, "email": "delegate@example.com", "code": codes[0]})
    assert answer.json()["person"]["email"] == "delegate@example.com"
    assert sign_in(browser, codes[0]) == (201, "")


def test_guessing_codes_runs_into_the_limit_of_passwords(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    wrong = [sign_in(browser, f"{number:06}")[0] for number in range(3)]
    assert wrong + [sign_in(browser, password="wrong")[0] for _ in range(2)] == [401] * 5
    assert sign_in(browser, phone.next_code()) == (429, "too_many_attempts")
    browser.clock.advance(timedelta(minutes=16))
    assert sign_in(browser, phone.next_code()) == (201, "")


def test_right_password_takes_no_wrong_code_back(browser: GatewayHarness) -> None:
    turn_on(browser)
    assert [sign_in(browser)[0] for _ in range(6)] == [401] * 5 + [429]


@pytest.mark.parametrize("path", [f"{PATH}/off", "/account/password"])
def test_right_password_within_a_session_takes_no_wrong_code_back(browser: GatewayHarness, path: str) -> None:
    turn_on(browser)
    fields = {"password": "demo", "off_code": "000000", "old_password": "demo", "new_password": "x", "again": "x"}
    assert [post(browser, path, fields)[0] for _ in range(6)] == [422] * 5 + [429]


def test_pages_ask_for_the_code_after_the_password(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    browser.client.cookies.clear()
    asked = browser.client.post("/sign-in", data={**PASSWORD, "next": "/quotes"}, headers=SAME_ORIGIN)
    assert (asked.status_code, "Enter your code" in asked.text) == (200, True)
    assert "sid" not in browser.client.cookies
    fields = {name: unescape(value) for name, value in re.findall(r'name="(token|next)" value="([^"]+)"', asked.text)}
    wrong = browser.client.post("/sign-in/code", data=fields | {"code": "000000"}, headers=SAME_ORIGIN)
    assert (wrong.status_code, "sid" in browser.client.cookies) == (401, False)
    right = browser.client.post("/sign-in/code", data=fields | {"code": phone.next_code()}, headers=SAME_ORIGIN)
    assert (right.status_code, right.headers["location"]) == (303, "/quotes")
    assert browser.client.get("/account").status_code == 200


@pytest.mark.parametrize("token", ["", "made-up", "AAAA"])
def test_code_without_a_password_before_it_is_refused(browser: GatewayHarness, token: str) -> None:
    phone, _ = turn_on(browser)
    browser.client.cookies.clear()
    fields = {"token": token, "code": phone.next_code()}
    answer = browser.client.post("/sign-in/code", data=fields, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/&again=1")
    assert "sid" not in browser.client.cookies


def test_page_of_the_code_is_good_for_ten_minutes(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    asked = browser.client.post("/sign-in", data=PASSWORD, headers=SAME_ORIGIN)
    [token] = re.findall(r'name="token" value="([^"]+)"', asked.text)
    browser.clock.advance(timedelta(minutes=11))
    fields = {"token": unescape(token), "code": phone.code()}
    answer = browser.client.post("/sign-in/code", data=fields, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/sign-in?next=/&again=1"


def test_password_over_the_page_asks_for_the_code_too(browser: GatewayHarness) -> None:
    phone, _ = turn_on(browser)
    asked = browser.client.post("/session", data=PASSWORD, headers=SAME_ORIGIN)
    assert (asked.status_code, asked.json().get("code_required")) == (401, True)
    again = browser.client.post("/session", data=PASSWORD | {"code": phone.next_code()}, headers=SAME_ORIGIN)
    assert (again.status_code, "csrf" in again.json()) == (200, True)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_turning_on_asks_for_the_password(browser: GatewayHarness, password: str) -> None:
    shown = page(browser, PATH)
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', shown)
    [proposal] = re.findall(r'name="proposal" value="([^"]+)"', shown)
    fields = {"proposal": unescape(proposal), "code": Phone(browser, secret).code(), "password": password}
    status, _, text = post(browser, PATH, fields)
    assert (status, "This is not your password" in text, secret in text) == (422, True, True)
    assert sign_in(browser) == (201, "")
    assert post(browser, PATH, fields | {"password": "demo"})[0] == 200
    assert sign_in(browser)[1] == "code_required"


def test_turning_on_runs_into_the_limit_of_passwords(browser: GatewayHarness) -> None:
    fields = {"proposal": "", "code": "000000", "password": "wrong"}
    assert [post(browser, PATH, fields)[0] for _ in range(6)] == [422] * 5 + [429]


def test_turning_off_asks_for_password_and_code(browser: GatewayHarness) -> None:
    phone, codes = turn_on(browser)
    path = f"{PATH}/off"
    assert post(browser, path, {"password": "demo", "off_code": "000000"})[0] == 422
    assert post(browser, path, {"password": "wrong", "off_code": phone.next_code()})[0] == 422
    assert sign_in(browser)[1] == "code_required"
    assert post(browser, path, {"password": "demo", "off_code": codes[0]})[:2] == (303, "/account?done=two-step-off")
    assert sign_in(browser) == (201, "")


def test_secret_that_was_proposed_to_somebody_else_is_not_taken(browser: GatewayHarness) -> None:
    shown = page(browser, PATH)
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', shown)
    [proposal] = re.findall(r'name="proposal" value="([^"]+)"', shown)
    browser.client.cookies.clear()
    browser.client.post("/sign-in", data={**PASSWORD, "email": "delegate@example.com"}, headers=SAME_ORIGIN)
    fields = {"proposal": unescape(proposal), "code": Phone(browser, secret).code(), "password": "demo"}
    assert post(browser, PATH, fields)[0] == 422
    assert sign_in(browser, email="delegate@example.com") == (201, "")


def test_database_holds_neither_secret_nor_codes(browser: GatewayHarness, gateway_url: str) -> None:
    shown = page(browser, PATH)
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', shown)
    [proposal] = re.findall(r'name="proposal" value="([^"]+)"', shown)
    fields = {"proposal": unescape(proposal), "code": Phone(browser, secret).code(), "password": "demo"}
    codes = re.findall(r"<li><code>([A-Z2-7-]+)</code>", post(browser, PATH, fields)[2])
    database = Database(gateway_url)
    with database.engine.connect() as connection:
        tables = ("second_factors", "recovery_codes")
        rows = str([connection.exec_driver_sql(f"select * from {one}").all() for one in tables])
    database.close()
    assert secret not in rows and pyotp.TOTP(secret).byte_secret().hex() not in rows
    assert not any(code.replace("-", "") in rows or code in rows for code in codes)


def test_operator_who_asks_for_it_lets_nobody_in_without(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    with harness(gateway_url, two_step_sign_in="required") as portal:
        assert sign_in(portal) == (401, "two_step_set_up_required")
        asked = portal.client.post("/sign-in", data={**PASSWORD, "next": "/account"}, headers=SAME_ORIGIN)
        assert (asked.status_code, "sid" in portal.client.cookies) == (200, False)
        names = r'name="(token|next|proposal)" value="([^"]+)"'
        fields = {name: unescape(value) for name, value in re.findall(names, asked.text)}
        [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', asked.text)
        wrong = portal.client.post("/sign-in/two-step", data=fields | {"code": "000000"}, headers=SAME_ORIGIN)
        assert (wrong.status_code, secret in wrong.text, "sid" in portal.client.cookies) == (422, True, False)
        code = Phone(portal, secret).code()
        done = portal.client.post("/sign-in/two-step", data=fields | {"code": code}, headers=SAME_ORIGIN)
        assert (done.status_code, done.text.count("<li><code>")) == (200, RECOVERY_CODES)
        assert portal.client.get("/account").status_code == 200
        again = portal.client.post("/sign-in/two-step", data=fields | {"code": code}, headers=SAME_ORIGIN)
        assert again.headers["location"] == "/sign-in?next=/account&again=1"

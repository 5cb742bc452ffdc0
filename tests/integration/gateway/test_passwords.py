"""Passwords: changed by whoever knows the old one, set by a link that works once, and kept nowhere else."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.db import Database
from chassis.identity import CallerKind
from gateway.identity.password_rules import LONGEST
from gateway.identity.passwords import Passwords
from gateway.identity.user_administration import UserAdministration
from gateway.store.database import GatewayDatabase
from gateway.store.tables import form_drafts, password_links, users
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_own_sessions import is_signed_in
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, post, sign_in

NEW, PATH = "three purple herons", "/account/password"
EMAIL = "new.producer@example.com"
CHANGE = {"old_password": "demo", "new_password": NEW, "again": NEW}


@pytest.fixture(autouse=True)
def demo_passwords(gateway_url: str) -> Iterator[None]:
    """As they were, whatever a test made of them."""
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        before = connection.execute(users.select()).all()
    yield
    with database.engine.begin() as connection:
        connection.execute(users.delete().where(users.c.email == EMAIL))
        for one in before:
            kept = users.update().where(users.c.user_id == one.user_id)
            connection.execute(kept.values(password_hash=one.password_hash, active=one.active))
    database.close()


def status_of_sign_in(portal: GatewayHarness, password: str, email: str = "producer@example.com") -> int:
    return portal.client.post("/api/v1/sessions", json={"email": email, "password": password}).status_code


def make_link(portal: GatewayHarness, gateway_url: str) -> str:
    """The secret that `portal user add` prints."""

    async def add() -> str:
        database = GatewayDatabase(gateway_url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            return await UserAdministration(database, portal.clock).add(EMAIL, "New Producer", CallerKind.PRODUCER)
        finally:
            await database.close()

    return asyncio.run(add())


def set_password(portal: GatewayHarness, secret: str, password: str = NEW) -> int:
    fields = {"new_password": password, "again": password}
    return portal.client.post(f"/set-password/{secret}", data=fields, headers=SAME_ORIGIN).status_code


def test_changed_password_signs_in_and_the_old_one_does_not(browser: GatewayHarness) -> None:
    assert post(browser, PATH, CHANGE)[:2] == (303, "/account?done=password")
    assert (status_of_sign_in(browser, NEW), status_of_sign_in(browser, "demo")) == (201, 401)


def test_change_ends_every_other_session_and_renews_this_one(browser: GatewayHarness) -> None:
    other, before = browser.sign_in(), browser.client.cookies["sid"]
    assert is_signed_in(browser, other)
    post(browser, PATH, CHANGE)
    assert not is_signed_in(browser, other)
    assert "Your password is changed" in page(browser, "/account?done=password")
    assert browser.client.cookies["sid"] != before
    browser.client.cookies.clear()
    browser.client.cookies.set("sid", before)
    assert browser.client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"old_password": "wrong"}, "old_password"),
        ({"old_password": ""}, "old_password"),
        ({"again": "three purple heron"}, "again"),
        ({"new_password": "short", "again": "short"}, "new_password"),
        ({"new_password": "password1", "again": "password1"}, "new_password"),
        ({"new_password": "demo", "again": "demo"}, "new_password"),
        ({"new_password": "", "again": ""}, "new_password"),
    ],
    ids=["wrong", "missing", "not repeated", "short", "common", "the same", "none"],
)
def test_change_that_is_refused_names_the_field_and_shows_nothing_typed(
    browser: GatewayHarness, changed: dict[str, str], field: str
) -> None:
    status, _, text = post(browser, PATH, CHANGE | changed)
    assert (status, f'id="{field}-error"' in text) == (422, True)
    assert NEW not in text and "short" not in re.sub(r"<[^>]*>", "", text)
    assert status_of_sign_in(browser, "demo") == 201


def test_old_password_is_asked_for_as_seldom_as_at_the_sign_in(browser: GatewayHarness) -> None:
    answers = [post(browser, PATH, CHANGE | {"old_password": "wrong"})[0] for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_password_sent_after_the_session_ended_is_kept_nowhere(browser: GatewayHarness, gateway_url: str) -> None:
    found = re.search(r'name="csrf" value="(\w+)"', page(browser, PATH))
    assert found
    browser.clock.advance(timedelta(minutes=16))
    answer = browser.client.post(PATH, data=CHANGE | {"csrf": found[1]}, headers=SAME_ORIGIN)
    assert answer.headers["location"].startswith("/sign-in?next=")
    database = Database(gateway_url)
    with database.engine.connect() as connection:
        assert connection.execute(form_drafts.select()).all() == []
    database.close()


def test_password_fields_hide_what_is_typed_and_take_what_a_manager_fills_in(browser: GatewayHarness) -> None:
    shown = page(browser, PATH)
    browser.client.cookies.clear()
    shown += page(browser, "/sign-in")
    fields = re.findall(r'<input[^>]*name="(?:old_password|new_password|again|password)"[^>]*>', shown)
    assert len(fields) == 5  # one of them in the dialog that asks for the password over a page
    assert all('type="password"' in one and "autocomplete=" in one for one in fields)
    assert not any(re.search(r"onpaste|maxlength|readonly|pattern=", one) for one in fields)


def test_password_is_taken_as_it_was_typed(browser: GatewayHarness) -> None:
    typed = "  Ünïcode 🦊 blanks  "
    assert post(browser, PATH, CHANGE | {"new_password": typed, "again": typed})[0] == 303
    assert [status_of_sign_in(browser, one) for one in (typed, typed.strip(), typed.lower())] == [201, 401, 401]


def test_longest_password_is_compared_as_a_whole(browser: GatewayHarness) -> None:
    longest = "many words of a poem " * 13
    longest = longest[:LONGEST]
    assert post(browser, PATH, CHANGE | {"new_password": longest, "again": longest})[0] == 303
    assert [status_of_sign_in(browser, one) for one in (longest, longest + "x", longest[:-1])] == [201, 401, 401]


def test_new_user_sets_a_password_by_a_link_that_works_once(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    secret = make_link(gateway_portal, gateway_url)
    assert status_of_sign_in(gateway_portal, "", EMAIL) == 422
    assert status_of_sign_in(gateway_portal, NEW, EMAIL) == 401
    shown = gateway_portal.client.get(f"/set-password/{secret}")
    assert (shown.status_code, EMAIL in shown.text) == (200, True)
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert set_password(gateway_portal, secret, "password") == 422
    assert [set_password(gateway_portal, secret) for _ in range(2)] == [303, 404]
    assert gateway_portal.client.get(f"/set-password/{secret}").status_code == 404
    assert status_of_sign_in(gateway_portal, NEW, EMAIL) == 201


def test_link_expires(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    secret = make_link(gateway_portal, gateway_url)
    gateway_portal.clock.advance(timedelta(hours=72))
    assert set_password(gateway_portal, secret) == 404
    assert set_password(gateway_portal, "made-up") == 404


def test_link_that_was_replaced_while_its_form_was_sent_sets_nothing(
    gateway_portal: GatewayHarness, gateway_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make_link(gateway_portal, gateway_url)
    hash_password = Passwords.hash_in_thread

    async def replace_link_and_hash(passwords: Passwords, password: str) -> str:
        database = Database(gateway_url)
        with database.engine.begin() as connection:
            owner = users.select().with_only_columns(users.c.user_id).where(users.c.email == EMAIL).scalar_subquery()
            another = password_links.update().where(password_links.c.user_id == owner)
            connection.execute(another.values(secret_hash=b"of another link"))
        database.close()
        return await hash_password(passwords, password)

    monkeypatch.setattr(Passwords, "hash_in_thread", replace_link_and_hash)
    assert set_password(gateway_portal, secret) == 404
    assert status_of_sign_in(gateway_portal, NEW, EMAIL) == 401


def test_database_holds_no_secret_that_sets_a_password(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    secret = make_link(gateway_portal, gateway_url)
    database = Database(gateway_url)
    with database.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("select * from password_links").all())
    database.close()
    assert secret not in rows


def test_password_that_was_stolen_elsewhere_is_refused_and_any_other_is_taken(
    gateway_portal: GatewayHarness, gateway_url: str, tmp_path: Path
) -> None:
    digest = hashlib.sha1(NEW.encode(), usedforsecurity=False).hexdigest().upper()
    (tmp_path / "stolen.txt").write_text(f"{digest}:12\n")
    with harness(gateway_url, stolen_passwords=tmp_path / "stolen.txt") as portal:
        sign_in(portal, "producer@example.com")
        status, _, page_text = post(portal, PATH, CHANGE)
        assert (status, "This password was stolen from another site" in page_text) == (422, True)
        other = "four purple herons"
        assert post(portal, PATH, CHANGE | {"new_password": other, "again": other})[0] == 303

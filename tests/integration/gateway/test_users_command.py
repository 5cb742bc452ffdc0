"""`portal user`: how an installation without demo users gets its people, and loses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from chassis.db import Database
from gateway.identity.sessions import SESSION_CACHE_TTL
from gateway.store.tables import delegation_changes, delegations, users, writing_numbers
from portal.__main__ import app
from tests.integration.gateway.harness import ORIGIN, GatewayHarness
from tests.integration.gateway.test_own_sessions import is_signed_in
from tests.integration.gateway.test_passwords import NEW, set_password, status_of_sign_in

PRODUCER, DELEGATE = "anna.agent@example.com", "dan.delegate@example.com"
NUMBER = "770001234"
PROVIDER = {
    "OIDC_ISSUER": "https://login.prairie.example",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "secret",
}
Run = Callable[..., Result]


@pytest.fixture
def run(gateway_portal: GatewayHarness, gateway_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", gateway_url)
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("PORTAL_URL", ORIGIN)
    yield lambda *words: CliRunner().invoke(app, ["user", *words])
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        mine = users.c.email.in_([PRODUCER, DELEGATE])
        ids = users.select().with_only_columns(users.c.user_id).where(mine)
        connection.execute(delegation_changes.delete().where(delegation_changes.c.producer_id.in_(ids)))
        connection.execute(delegations.delete().where(delegations.c.delegate_id.in_(ids)))
        connection.execute(writing_numbers.delete().where(writing_numbers.c.user_id.in_(ids)))
        connection.execute(users.delete().where(mine))
    database.close()


def add(run: Run, portal: GatewayHarness, email: str = PRODUCER, *words: str) -> None:
    """Added, and with a password."""
    done = run("add", email, "--name", "Anna Agent", *words)
    assert done.exit_code == 0, done.output
    link = done.output.split()[0]
    assert link.startswith(f"{ORIGIN}/set-password/")
    assert set_password(portal, link.rpartition("/")[2]) == 303


def sign_in(portal: GatewayHarness, email: str = PRODUCER) -> dict[str, str]:
    answer = portal.client.post("/api/v1/sessions", json={"email": email, "password": NEW})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def numbers(portal: GatewayHarness, headers: dict[str, str]) -> list[str]:
    portal.clock.advance(SESSION_CACHE_TTL)
    found = portal.client.get("/api/v1/producers", headers=headers).json()["producers"]
    return [one["writing_number"] for one in found]


def test_added_user_sets_a_password_and_signs_in(run: Run, gateway_portal: GatewayHarness) -> None:
    add(run, gateway_portal)
    me = gateway_portal.client.get("/api/v1/me", headers=sign_in(gateway_portal)).json()
    assert (me["name"], me["role"], me["writing_numbers"]) == ("Anna Agent", "producer", [])
    assert f"{PRODUCER}: Anna Agent, producer\n" in run("list").output


def test_disabled_user_is_out_at_once_and_back_when_enabled(run: Run, gateway_portal: GatewayHarness) -> None:
    add(run, gateway_portal)
    headers = sign_in(gateway_portal)
    assert is_signed_in(gateway_portal, headers)
    assert run("disable", PRODUCER).exit_code == 0
    gateway_portal.clock.advance(SESSION_CACHE_TTL)
    assert not is_signed_in(gateway_portal, headers)
    assert status_of_sign_in(gateway_portal, NEW, PRODUCER) == 401
    assert f"{PRODUCER}: Anna Agent, producer, disabled\n" in run("list").output
    assert run("enable", PRODUCER).exit_code == 0
    assert not is_signed_in(gateway_portal, headers)
    assert status_of_sign_in(gateway_portal, NEW, PRODUCER) == 201


def test_link_of_a_disabled_user_sets_nothing(run: Run, gateway_portal: GatewayHarness) -> None:
    link = run("add", PRODUCER, "--name", "Anna Agent").output.split()[0]
    run("disable", PRODUCER)
    assert set_password(gateway_portal, link.rpartition("/")[2]) == 404


def test_reset_ends_sessions_and_password_and_the_link_before(run: Run, gateway_portal: GatewayHarness) -> None:
    add(run, gateway_portal)
    headers = sign_in(gateway_portal)
    first, second = (run("reset", PRODUCER).output.split()[0].rpartition("/")[2] for _ in range(2))
    gateway_portal.clock.advance(SESSION_CACHE_TTL)
    assert not is_signed_in(gateway_portal, headers)
    assert status_of_sign_in(gateway_portal, NEW, PRODUCER) == 401
    assert [set_password(gateway_portal, one) for one in (first, second)] == [404, 303]


def test_user_of_the_organization_has_no_password_until_the_operator_says_so(
    run: Run, gateway_portal: GatewayHarness
) -> None:
    added = run("add", PRODUCER, "--name", "Anna Agent", "--organization")
    assert (added.exit_code, "/set-password/" in added.output) == (0, False)
    listed = f"{PRODUCER}: Anna Agent, producer, signs in with the organization, has not done so yet\n"
    assert listed in run("list").output
    link = run("use-password", PRODUCER).output.split()[0]
    assert set_password(gateway_portal, link.rpartition("/")[2]) == 303
    assert status_of_sign_in(gateway_portal, NEW, PRODUCER) == 201
    assert f"{PRODUCER}: Anna Agent, producer\n" in run("list").output


def test_user_who_is_handed_to_the_organization_loses_password_links_and_sessions(
    run: Run, gateway_portal: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(run, gateway_portal)
    headers = sign_in(gateway_portal)
    link = run("add", DELEGATE, "--name", "Dan Delegate").output.split()[0]
    assert [run("use-organization", one).exit_code for one in (PRODUCER, DELEGATE)] == [0, 0]
    gateway_portal.clock.advance(SESSION_CACHE_TTL)
    assert not is_signed_in(gateway_portal, headers)
    assert set_password(gateway_portal, link.rpartition("/")[2]) == 404
    assert status_of_sign_in(gateway_portal, NEW, PRODUCER) == 401
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    assert run("use-organization", PRODUCER, "--subject", "248289761001").exit_code == 0
    assert f"{PRODUCER}: Anna Agent, producer, signs in with the organization\n" in run("list").output


def test_subject_is_good_at_a_provider_and_for_one_person(
    run: Run, gateway_portal: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", PRODUCER, "--name", "Anna Agent", "--organization")
    run("add", DELEGATE, "--name", "Dan Delegate", "--organization")
    nowhere = run("use-organization", PRODUCER, "--subject", "anna")
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    assert run("use-organization", PRODUCER, "--subject", "anna").exit_code == 0
    taken = run("use-organization", DELEGATE, "--subject", "anna")
    unknown = run("use-organization", DELEGATE, "--subject", "\x07")
    reset = run("reset", PRODUCER)
    refused = (nowhere, taken, unknown, reset)
    assert [one.exit_code for one in refused] == [2, 2, 2, 2]
    told = ("Set OIDC_ISSUER", f"is that of {PRODUCER}", "subject: Give", "use-password")
    assert all(said in " ".join(one.output.split()) for said, one in zip(told, refused, strict=True))


def test_producer_gets_a_number_and_loses_it_with_its_delegates(
    run: Run, gateway_portal: GatewayHarness, gateway_url: str
) -> None:
    add(run, gateway_portal)
    add(run, gateway_portal, DELEGATE, "--role", "delegate")
    facts = ("--state", "il", "--producer-name", "AGENT, ANNA", "--phone", "(312) 555-0118", "--npn", "1000000009")
    assert run("numbers", "add", PRODUCER, NUMBER, *facts).exit_code == 0
    headers = sign_in(gateway_portal)
    [found] = gateway_portal.client.get("/api/v1/producers", headers=headers).json()["producers"]
    assert found == {
        "writing_number": NUMBER,
        "name": "AGENT, ANNA",
        "company_name": "AGENT, ANNA",
        "state": "IL",
        "phone": "3125550118",
        "npn": "1000000009",
    }
    given = {"email": DELEGATE, "writing_numbers": [NUMBER], "actions": ["quote"]}
    assert gateway_portal.client.put("/api/v1/delegations", json=given, headers=headers).status_code == 200
    theirs = sign_in(gateway_portal, DELEGATE)
    assert (numbers(gateway_portal, headers), numbers(gateway_portal, theirs)) == ([NUMBER], [NUMBER])
    assert run("numbers", "remove", PRODUCER, NUMBER).exit_code == 0
    assert (numbers(gateway_portal, headers), numbers(gateway_portal, theirs)) == ([], [])
    changes = gateway_portal.client.get("/api/v1/delegation-changes", headers=headers).json()["changes"]
    assert [one["kind"] for one in changes] == ["revoked", "granted"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "producer@example.com", "--name", "X"), "has an account already"),
        (("add", "no address", "--name", "X"), "email: Give the email address"),
        (("add", PRODUCER, "--name", " "), "name: Give the person's name"),
        (("disable", "nobody@example.com"), "Nobody signs in as nobody@example.com"),
        (("use-password", "producer@example.com"), "signs in with a password"),
        (("use-organization", "nobody@example.com"), "Nobody signs in as nobody@example.com"),
        (("numbers", "add", "delegate@example.com", NUMBER, "--state", "IL", "--producer-name", "X"), "is a delegate"),
        (("numbers", "add", "producer@example.com", "12", "--state", "IL", "--producer-name", "X"), "nine|9 digits"),
        (("numbers", "add", "producer@example.com", NUMBER, "--state", "ZZ", "--producer-name", "X"), "state: Choose"),
        (
            ("numbers", "add", "producer@example.com", "660003012", "--state", "IL", "--producer-name", "X"),
            "is a writing number of other.producer@example.com",
        ),
        (("numbers", "remove", "producer@example.com", "660003012"), "has no writing number 660003012"),
    ],
    ids=[
        "known",
        "address",
        "name",
        "unknown",
        "has one",
        "no one",
        "delegate",
        "digits",
        "state",
        "taken",
        "another's",
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_and_changes_nothing(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    before = run("list").output
    done = run(*words)
    assert done.exit_code == 2
    assert any(one in " ".join(done.output.split()) for one in told.split("|")), done.output
    assert run("list").output == before

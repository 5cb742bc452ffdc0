"""API clients: a secret for a token, a token for what the scopes allow; rotated without a gap and revoked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chassis.db import Database
from gateway.api.route_table import ROUTES
from gateway.api.scopes import FOR_PEOPLE, OWN_SCOPES, WITHOUT_SIGN_IN, scope_of
from gateway.api.starlette_routes import OWN
from gateway.identity.sessions import SESSION_CACHE_TTL
from gateway.store.tables import api_clients
from gateway.user import ApiScope
from portal.__main__ import app
from tests.integration.gateway.harness import GatewayHarness

TOKEN, ME = "/api/v1/oauth/token", "/api/v1/me"
OWNER, NUMBER = "producer@example.com", "220002580"
GRANT = {"grant_type": "client_credentials"}
Run = Callable[..., Result]
Client = tuple[str, str]


@pytest.fixture
def run(gateway_portal: GatewayHarness, gateway_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", gateway_url)
    monkeypatch.setenv("SUITE_ENV", "test")
    yield lambda *words: CliRunner().invoke(app, ["api-client", *words])
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        connection.execute(api_clients.delete())
    database.close()


def add(run: Run, *scopes: str, number: str = NUMBER) -> Client:
    words = [word for scope in scopes for word in ("--scope", scope)]
    done = run("add", "Quote robot", "--owner", OWNER, "--number", number, *words)
    assert done.exit_code == 0, done.output
    client_id, secret = (line.rpartition(" ")[2] for line in done.output.splitlines())
    return client_id, secret


def ask_token(portal: GatewayHarness, client: Client, **fields: str) -> Any:
    return portal.client.post(TOKEN, data=GRANT | fields, auth=client)


def bearer(portal: GatewayHarness, client: Client, **fields: str) -> dict[str, str]:
    answer = ask_token(portal, client, **fields)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def status(portal: GatewayHarness, headers: dict[str, str], path: str = ME, method: str = "GET") -> int:
    return portal.client.request(method, path, headers=headers).status_code


def test_secret_is_exchanged_for_a_token_that_acts_under_the_clients_numbers(
    run: Run, gateway_portal: GatewayHarness
) -> None:
    client = add(run, "read", "quote")
    answer = ask_token(gateway_portal, client)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"], body["scope"]) == (
        200,
        "Bearer",
        900,
        "quote read",
    )
    assert answer.headers["cache-control"] == "no-store"
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    me = gateway_portal.client.get(ME, headers=headers).json()
    assert (me["name"], [one["writing_number"] for one in me["writing_numbers"]]) == ("Quote robot", [NUMBER])
    assert status(gateway_portal, headers, "/api/v1/quotes") == 200
    _, _, caller = gateway_portal.fake_services.asked[-1]
    assert (caller.subject, [one.number for one in caller.writing_numbers]) == (f"api-client:{client[0]}", [NUMBER])


def test_token_ends_after_a_quarter_of_an_hour(run: Run, gateway_portal: GatewayHarness) -> None:
    headers = bearer(gateway_portal, add(run, "read"))
    gateway_portal.clock.advance(timedelta(minutes=14))
    assert status(gateway_portal, headers) == 200
    gateway_portal.clock.advance(timedelta(minutes=1))
    assert status(gateway_portal, headers) == 401


def test_scope_that_is_missing_is_refused_before_a_service_is_asked(run: Run, gateway_portal: GatewayHarness) -> None:
    headers = bearer(gateway_portal, add(run, "read"))
    assert status(gateway_portal, headers, "/api/v1/quotes") == 200
    gateway_portal.fake_services.asked.clear()
    for method, path in (
        ("POST", "/api/v1/quotes"),
        ("POST", "/api/v1/applications/A-0001/submission"),
        ("GET", "/api/v1/applications/A-0001/application.pdf"),
        ("GET", "/api/v1/sessions"),
        ("PUT", "/api/v1/delegations"),
        ("DELETE", "/api/v1/sessions"),
    ):
        answer = gateway_portal.client.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope"), path
    assert gateway_portal.fake_services.asked == []


def test_token_for_fewer_scopes_has_fewer(run: Run, gateway_portal: GatewayHarness) -> None:
    client = add(run, "read", "quote")
    headers = bearer(gateway_portal, client, scope="quote")
    assert status(gateway_portal, headers) == 403
    refused = ask_token(gateway_portal, client, scope="read submit")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_token_of_a_client_opens_no_page(run: Run, gateway_portal: GatewayHarness) -> None:
    """The control: that of a person does."""
    headers = bearer(gateway_portal, add(run, *ApiScope))
    assert status(gateway_portal, headers, "/account") == 303
    # a host that makes the address look like one of the API
    assert status(gateway_portal, headers | {"Host": "testserver/api/v1"}, "/account") != 200
    assert status(gateway_portal, gateway_portal.sign_in(), "/account") == 200


def test_person_needs_no_scope(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    for path in (ME, "/api/v1/quotes", "/api/v1/sessions"):
        assert status(gateway_portal, headers, path) == 200


@pytest.mark.parametrize("wrong", ["secret", "id", "another's", "none", "in the body"])
def test_wrong_credentials_are_refused_alike(run: Run, gateway_portal: GatewayHarness, wrong: str) -> None:
    client_id, secret = add(run, "read")
    other, _ = add(run, "read")
    auth: Any = {"secret": (client_id, "pcs_x"), "id": ("nobody", secret), "another's": (other, secret)}.get(wrong)
    fields = GRANT | ({"client_id": client_id, "client_secret": secret} if wrong == "in the body" else {})
    answer = gateway_portal.client.post(TOKEN, data=fields, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"data": {"grant_type": "password"}}, "unsupported_grant_type"),
        ({"data": {}}, "invalid_request"),
        ({"data": {"grant_type": ["client_credentials", "client_credentials"]}}, "invalid_request"),
    ],
    ids=["grant", "nothing", "twice"],
)
def test_other_grants_are_refused(run: Run, gateway_portal: GatewayHarness, changed: Any, error: str) -> None:
    answer = gateway_portal.client.post(TOKEN, auth=add(run, "read"), **changed)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_two_secrets_work_while_one_takes_the_place_of_the_other(run: Run, gateway_portal: GatewayHarness) -> None:
    client_id, old = add(run, "read")
    new = run("rotate", client_id).output.split()[-1]
    assert [ask_token(gateway_portal, (client_id, one)).status_code for one in (old, new)] == [200, 200]
    last = run("rotate", client_id, "--old-hours", "0").output.split()[-1]
    # the command runs on real time, which is later than that of the test
    gateway_portal.clock.advance(timedelta(days=400))
    answers = [ask_token(gateway_portal, (client_id, one)).status_code for one in (old, new, last)]
    gateway_portal.clock.advance(timedelta(days=-400))
    assert answers == [401, 401, 200]


def test_use_of_each_secret_is_shown_and_no_secret(run: Run, gateway_portal: GatewayHarness) -> None:
    client_id, secret = add(run, "read", "documents")
    before = run("list").output
    assert f"{client_id} Quote robot, for {OWNER}: documents read; {NUMBER}" in " ".join(before.split())
    assert "not used yet" in before
    ask_token(gateway_portal, (client_id, secret))
    after = run("list").output
    assert f"last used {gateway_portal.clock.now():%Y-%m-%d %H:%M} UTC" in " ".join(after.split())
    assert secret not in before + after


def test_revoked_client_is_out_within_a_second(run: Run, gateway_portal: GatewayHarness) -> None:
    client = add(run, "read")
    headers = bearer(gateway_portal, client)
    assert status(gateway_portal, headers) == 200
    assert run("revoke", client[0]).exit_code == 0
    gateway_portal.clock.advance(SESSION_CACHE_TTL)
    assert status(gateway_portal, headers) == 401
    assert ask_token(gateway_portal, client).status_code == 401
    assert run("revoke", client[0]).exit_code == 2
    assert client[0] not in run("list").output


def test_database_holds_neither_secret_nor_token(run: Run, gateway_portal: GatewayHarness, gateway_url: str) -> None:
    client = add(run, "read")
    token = bearer(gateway_portal, client)["Authorization"].removeprefix("Bearer ")
    database = Database(gateway_url)
    with database.engine.connect() as connection:
        tables = ("api_client_secrets", "api_client_tokens")
        rows = str([connection.exec_driver_sql(f"select * from {one}").all() for one in tables])
    database.close()
    assert client[1] not in rows and token not in rows


@pytest.mark.parametrize(
    ("owner", "number", "told"),
    [
        (OWNER, "660003012", "writing numbers of the owner's own"),
        ("delegate@example.com", NUMBER, "No producer signs in"),
        ("nobody@example.com", NUMBER, "No producer signs in"),
    ],
    ids=["another's number", "delegate", "nobody"],
)
def test_client_that_cannot_be_added_is_told_in_a_sentence(run: Run, owner: str, number: str, told: str) -> None:
    done = run("add", "Robot", "--owner", owner, "--number", number, "--scope", "read")
    assert (done.exit_code, told in " ".join(done.output.split())) == (2, True)


def test_every_operation_has_a_scope_or_is_for_people_or_for_everybody() -> None:
    own = {(method, path) for path, methods in OWN.items() for method in methods}
    listed = [*OWN_SCOPES, *FOR_PEOPLE, *WITHOUT_SIGN_IN]
    assert sorted(listed) == sorted(own)
    assert len(set(listed)) == len(listed)
    assert {scope_of(route) for route in ROUTES if not route.public} == set(ApiScope)


@pytest.mark.parametrize(
    ("rpc", "scope"),
    [
        ("SearchPlans", ApiScope.READ),
        ("CreateQuote", ApiScope.QUOTE),
        ("StartEnrollment", ApiScope.ENROLL),
        ("SubmitApplication", ApiScope.SUBMIT),
        ("CreatePaymentLink", ApiScope.PAY),
        ("GetProposalPdf", ApiScope.DOCUMENTS),
    ],
)
def test_scope_follows_what_an_operation_does(rpc: str, scope: ApiScope) -> None:
    assert {scope_of(route) for route in ROUTES if route.rpc.name == rpc} == {scope}

"""What people do in the portal that changes the gateway's own rows, each until it has answered."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import closing, suppress
from functools import partial
from html import unescape

import httpx
import pyotp
from sqlalchemy import create_engine, make_url, text

from deploy.local.demo.api import Api, Refused
from deploy.local.demo.payer import _TOKEN as PAGE_TOKEN
from deploy.local.demo.payer import _find as find_text
from deploy.local.processes import ROOT
from deploy.local.suite import LocalSuite
from gateway.identity.second_factor import STEP_SECONDS
from gateway.identity.sessions import SESSION_CACHE_TTL
from gateway.pages.saved_searches import SEARCHES_KEPT
from tests.chaos.patience import PATIENCE_SECONDS, again
from tests.suite_calls import FRITZ

PRODUCER, DELEGATE, OTHER = "producer@example.com", "delegate@example.com", "other.producer@example.com"
OTHER_NUMBER = "660003012"
CRASHED = 137
PASSWORD, NEXT_PASSWORD = "demo", "nine brown kettles sing"
# A browser says so of a form of the same site.
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class SignedOut(Exception):
    """The person's session has ended."""


class Person:
    """At the pages, signed in."""

    def __init__(self, suite: LocalSuite, email: str) -> None:
        self._browser = httpx.Client(base_url=suite.ports.portal_url, headers=SAME_ORIGIN, timeout=PATIENCE_SECONDS)
        again(partial(self._post, "/sign-in", {"email": email, "password": PASSWORD, "next": "/"}))

    def get(self, path: str) -> httpx.Response:
        return _answered(self._browser.get(path))

    def send(self, path: str, **fields: str) -> str:
        """The page that answers a form."""
        return again(lambda: self._post(path, {"csrf": self._find_csrf(), **fields})).text

    def close(self) -> None:
        self._browser.close()

    def _find_csrf(self) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get("/").text)
        if found is None:
            raise SignedOut
        return found[1]

    def _post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return _answered(self._browser.post(path, data=fields))


def use_api(suite: LocalSuite) -> None:
    """Sessions, notifications, feeds of deadlines and access of delegates."""
    delegation = {"email": DELEGATE, "writing_numbers": [OTHER_NUMBER]}
    with closing(Api(suite.ports.portal_url, PATIENCE_SECONDS)) as api:
        for ended in ("/sessions/current", "/sessions/others", "/sessions"):
            _sign_in(suite, api)
            _delete(api, ended)
        _sign_in(suite, api)
        first = api.get("/sessions")["sessions"][0]["session_id"]
        _sign_in(suite, api)
        _delete(api, f"/sessions/{first}")
        # half a minute after its last use, a session's time is written down
        _execute(suite, "update sessions set last_seen_at = last_seen_at - interval '1 minute'")
        time.sleep(SESSION_CACHE_TTL.total_seconds())
        api.get("/me")
        _add_notification(suite)
        api._send("POST", "/notifications/read")
        feed = api.post("/deadline-feeds", {"name": "Phone"})
        _delete(api, f"/deadline-feeds/{feed['feed_id']}")
        given = api._send("PUT", "/delegations", json=delegation).json()["delegations"][0]
        _delete(api, f"/delegations/{given['delegate_id']}/{OTHER_NUMBER}")


def use_pages(suite: LocalSuite) -> None:
    """Notifications, what is typed and kept, searches, and a password, whose change ends every other session."""
    with closing(Person(suite, PRODUCER)) as producer:
        _add_notification(suite)
        producer.send("/notifications/read")
        producer.send("/my-hierarchy/access", email="nobody at all")
        producer.send("/my-hierarchy/access", email=DELEGATE, numbers=FRITZ.number, actions="quote")
        for number in range(SEARCHES_KEPT + 1):
            producer.send("/search", text=f"Sample {number}")
    _forget_attempts(suite)
    with closing(Person(suite, OTHER)) as other, closing(Person(suite, OTHER)) as elsewhere:
        use_two_step_sign_in(suite, other)
        passwords = {"old_password": PASSWORD, "new_password": NEXT_PASSWORD, "again": NEXT_PASSWORD}
        with suppress(SignedOut):  # by a first try that took effect
            other.send("/account/password", **passwords)
        assert elsewhere.get("/account").is_redirect, "a change of the password ended every other session"


def use_commands(suite: LocalSuite) -> None:
    """The operator's, each again when its process ended; and the token of an API client."""
    owned = ("--owner", PRODUCER, "--number", FRITZ.number, "--scope", "read")
    client_id, secret = again(lambda: re.findall(r" (\S+)$", _run(suite, "api-client", "add", "Robot", *owned), re.M))
    with httpx.Client(base_url=suite.ports.portal_url, timeout=PATIENCE_SECONDS) as program:
        grant = {"grant_type": "client_credentials"}
        again(lambda: _answered(program.post("/api/v1/oauth/token", data=grant, auth=(client_id, secret))))
    again(lambda: _run(suite, "api-client", "rotate", client_id))
    _run_to_its_effect(suite, "api-client", "revoke", client_id)
    # the link of a first try was shown to nobody: reset makes another
    _run_to_its_effect(suite, "user", "add", "new@example.com", "--name", "Nora New")
    again(lambda: _run(suite, "user", "reset", "new@example.com"))


def prove_client(suite: LocalSuite, token: str) -> None:
    """Answer the question of a review's link."""
    typed = {"month": "6", "day": "14", "year": "1987", "last_name": "Sample"}
    with httpx.Client(base_url=suite.ports.portal_url, headers=SAME_ORIGIN, timeout=PATIENCE_SECONDS) as client:
        again(lambda: _answered(client.post(f"/review/{token}", data=typed)))


def cancel_on_page(link: str) -> None:
    """Enter by the payment link, which is good once, and cancel; RuntimeError where the page did not let in."""
    with httpx.Client(timeout=PATIENCE_SECONDS, follow_redirects=True) as payer:
        start = payer.get(link)
        page = str(start.url).rstrip("/")
        fields = {"csrf_token": find_text(PAGE_TOKEN, start.text)}
        _answered(payer.post(f"{page}/cancel", data=fields, follow_redirects=False))


def use_two_step_sign_in(suite: LocalSuite, person: Person) -> None:
    """On, with recovery codes and a code of the app in, and off again."""
    again(lambda: _renew_codes(suite, person))
    app, codes = again(lambda: _turn_on(suite, person))
    taken_at = time.time()
    next_code = str(app.at(int(taken_at) + STEP_SECONDS))  # the one of now turned it on
    for code in (codes.pop(), next_code):
        _forget_attempts(suite)
        with closing(Api(suite.ports.portal_url, PATIENCE_SECONDS)) as api, suppress(Refused):  # it was taken already
            api.post("/sessions", {"email": OTHER, "password": PASSWORD, "code": code})
    again(lambda: _turn_off(suite, person))


def _turn_on(suite: LocalSuite, person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Anew: when the process ended after its commit, the codes were shown to nobody."""
    _forget_attempts(suite)
    _execute(suite, "delete from second_factors")
    shown = person.get("/account/two-step").text
    [secret] = re.findall(r'class="secret">([A-Z2-7]+)<', shown)
    [proposal] = re.findall(r'name="proposal" value="([^"]+)"', shown)
    app = pyotp.TOTP(secret)
    return app, _read_codes(
        person.send("/account/two-step", proposal=unescape(proposal), code=app.now(), password=PASSWORD)
    )


def _renew_codes(suite: LocalSuite, person: Person) -> None:
    """Of an app that was just turned on: when the process ended after a commit, no code that was shown is good."""
    _, codes = _turn_on(suite, person)
    _read_codes(person.send("/account/two-step/recovery-codes", code=codes.pop()))


def _turn_off(suite: LocalSuite, person: Person) -> None:
    _, codes = _turn_on(suite, person)
    page = person.send("/account/two-step/off", password=PASSWORD, off_code=codes.pop())
    assert not page, "it leads back to the account"


def _read_codes(page: str) -> list[str]:
    codes = re.findall(r"<li><code>([A-Z2-7-]+)</code>", page)
    assert codes, "the page shows the recovery codes"
    return codes


def _sign_in(suite: LocalSuite, api: Api) -> None:
    _forget_attempts(suite)
    api.sign_in(OTHER, PASSWORD)


def _delete(api: Api, path: str) -> None:
    """What a first try took away is not there for the second, nor is a session that ended itself."""
    try:
        api._send("DELETE", path)
    except Refused as refused:
        if refused.status not in (401, 404):
            raise


def _add_notification(suite: LocalSuite) -> None:
    """An old one, of an event that nobody looks for any more, for everybody to read."""
    _execute(
        suite,
        "insert into notifications (user_id, record_number, kind, at) "
        "select user_id, 'A-00000001', 'contact.changed', now() - interval '20 days' from users",
    )


def _forget_attempts(suite: LocalSuite) -> None:
    """Each end after an attempt was written down has it made once more, and five lock the account."""
    _execute(suite, "delete from sign_in_attempts")


def _execute(suite: LocalSuite, statement: str) -> None:
    engine = create_engine(make_url(suite.databases["gateway"]).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _run(suite: LocalSuite, *command: str) -> str:
    """The output of a command of ``portal``; RuntimeError when it ended otherwise than well."""
    argv = [sys.executable, "-m", "portal", *command]
    done = subprocess.run(  # our own command
        argv, cwd=ROOT, env=suite.settings.environment("gateway"), capture_output=True, text=True, check=False
    )
    if done.returncode == CRASHED:
        raise RuntimeError("the command's process ended at a point")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _run_to_its_effect(suite: LocalSuite, *command: str) -> None:
    """A command that is refused once it took effect: it is again, when the process ended after its commit."""
    was_cut = False
    while True:
        try:
            _run(suite, *command)
        except RuntimeError:
            was_cut = True
            continue
        except AssertionError:
            if not was_cut:
                raise
        return


def _answered(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 500:
        raise Refused(answer.status_code, {})
    return answer

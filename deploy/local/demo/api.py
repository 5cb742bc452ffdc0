"""A front end's client of the JSON API: bearer token, idempotency keys, patience while a process restarts."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

import httpx

# A killed process is back within seconds; the database's recovery is the slowest of them.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.5
# Longer than the longest deadline inside (a submission waits for its outcome).
TIMEOUT_SECONDS = 20.0


class Refused(Exception):
    """The API said no; ``problem`` is its RFC 9457 answer."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('detail', '')} {problem.get('errors') or ''}".strip())
        self.status = status
        self.problem = problem


class Api:
    """Calls under ``/api/v1``; a call that finds a part of the suite restarting is made again, with the same key."""

    def __init__(self, portal_url: str, patience: float = PATIENCE_SECONDS) -> None:
        self._http = httpx.Client(base_url=f"{portal_url}/api/v1", timeout=TIMEOUT_SECONDS)
        self._patience = patience
        self.token = ""

    def sign_in(self, email: str, password: str) -> dict[str, Any]:
        session: dict[str, Any] = self.post("/sessions", {"email": email, "password": password})
        self.use(session["token"])
        return session

    def use(self, token: str) -> None:
        """Go on in a session that is there already."""
        self.token = token
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.cookies.clear()

    def get(self, path: str, **query: Any) -> Any:
        return self._send("GET", path, params=query).json()

    def get_bytes(self, path: str) -> bytes:
        return self._send("GET", path).content

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._send("POST", path, json=body or {}, headers={"Idempotency-Key": str(uuid.uuid4())}).json()

    def post_file(self, path: str, content: bytes, media_type: str) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": media_type}
        return self._send("POST", path, content=content, headers=headers).json()

    def put(self, path: str, body: Mapping[str, Any], version: int) -> Any:
        return self._send_on("PUT", path, body, version)

    def post_on(self, path: str, body: Mapping[str, Any], version: int) -> Any:
        return self._send_on("POST", path, body, version)

    def _send_on(self, method: str, path: str, body: Mapping[str, Any], version: int) -> Any:
        """With a key too, which is not read where an address needs none."""
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid.uuid4())}
        return self._send(method, path, json=body, headers=headers).json()

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        give_up = time.monotonic() + self._patience
        while True:
            try:
                answer = self._http.request(method, path, **options)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code not in (502, 503, 504):
                return _good(answer)
            if time.monotonic() > give_up:
                raise Refused(0, {"detail": f"{method} {path} found no answer for {self._patience:.0f} s"})
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        self._http.close()


def _good(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    raise Refused(answer.status_code, answer.json() if is_problem else {"detail": "no problem document"})

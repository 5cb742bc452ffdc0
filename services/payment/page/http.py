"""Page: the parts of HTTP that keep a payment page safe: headers, cookie, forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import telemetry
from chassis.kernel import Forbidden, NotFound
from services.payment.usecases.one_time_secrets import create_form_token, is_same_secret
from services.payment.usecases.page_visits import SESSION_LIFE
from services.payment.web import read_body

# Our longest form has a dozen short fields; one with something long pasted into it is still read, and told so there.
MAX_FORM_BYTES = 64 * 1024
MAX_FORM_FIELDS = 40


def content_policy(form_targets: str) -> str:
    """The Content-Security-Policy of a page whose forms may be posted to these sources and nowhere else."""
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {form_targets}"
    return f"{policy}; base-uri 'none'; frame-ancestors 'none'"


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class RequestTelemetry:
    """A trace for each request; a browser's own is not believed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            telemetry.start_trace(None)
        await self._app(scope, receive, send)


def build_security_headers(portal_url: str, *, https: bool) -> dict[str, str]:
    """What every answer of the page carries (reliability.md section 2)."""
    headers = {
        # form-action names the portal too: browsers apply it to the redirect that follows a form
        "Content-Security-Policy": content_policy(f"'self' {origin_of(portal_url)}"),
        "X-Content-Type-Options": "nosniff",
        # not no-referrer: browsers would then send forms with "Origin: null"
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if https else {})


class SecurityHeaders:
    """Adds what an answer does not say itself."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The cookie of a page session: a random secret, nothing else. ``https`` is the page's public scheme."""

    https: bool

    @property
    def name(self) -> str:
        # browsers refuse a __Host- cookie that is not Secure, and Secure needs https
        return "__Host-pay" if self.https else "pay"

    def read(self, request: Request) -> str:
        """The session's secret; NotFound without one."""
        secret = request.cookies.get(self.name)
        if not secret:
            raise NotFound("No payment is open in this browser. Choose Pay Now in the application.")
        return secret

    def set(self, response: Response, secret: str) -> None:
        seconds = int(SESSION_LIFE.total_seconds())
        response.set_cookie(self.name, secret, max_age=seconds, secure=self.https, httponly=True, samesite="lax")

    def drop(self, response: Response) -> None:
        response.delete_cookie(self.name, secure=self.https, httponly=True, samesite="lax")


async def read_form(request: Request, session_secret: str) -> dict[str, str]:
    """The fields of a form of ours; Forbidden when it comes from another site or carries another session's token."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise _foreign()
    body = await read_body(request, MAX_FORM_BYTES)
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    except ValueError:
        raise _foreign() from None
    if not is_same_secret(fields.get("csrf_token", ""), create_form_token(session_secret)):
        raise _foreign()
    return fields


def is_probe(request: Request) -> bool:
    """Whether this is a probe (HEAD, prefetch) that must not use a one-time link up."""
    headers: Any = request.headers
    return request.method == "HEAD" or "prefetch" in headers.get("sec-purpose", headers.get("purpose", ""))


def _foreign() -> Forbidden:
    return Forbidden("This form has expired or was not sent from this page. Open the payment page again.")

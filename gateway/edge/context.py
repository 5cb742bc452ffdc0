"""What one gateway process holds; handlers find it at ``request.app.state.gateway``."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from chassis.kernel import Clock, Unauthenticated
from gateway.edge.csrf import require_same_origin
from gateway.edge.service_clients import ServiceClients
from gateway.forms.drafts import FormDrafts
from gateway.identity.api_clients import TOKEN_PREFIX, ApiClients
from gateway.identity.browser_names import name_browser
from gateway.identity.organization_sign_in import OrganizationSignIn
from gateway.identity.password_changes import PasswordChanges
from gateway.identity.sessions import Session, Sessions, SessionTransport
from gateway.identity.sign_in import SignIn
from gateway.notifications.unread_streams import UnreadStreams
from gateway.settings import WebSettings
from gateway.store.database import GatewayDatabase


@dataclass(frozen=True, slots=True)
class GatewayContext:
    settings: WebSettings
    database: GatewayDatabase
    services: ServiceClients
    sessions: Sessions
    sign_in: SignIn
    password_changes: PasswordChanges
    api_clients: ApiClients
    # The business clock; sessions keep their own.
    clock: Clock
    drafts: FormDrafts
    unread_streams: UnreadStreams
    # None where people sign in with passwords alone.
    organization_sign_in: OrganizationSignIn | None

    @property
    def cookie(self) -> str:
        """``__Host-`` ties the cookie to this host and to TLS; loopback without TLS has to do without."""
        return "__Host-sid" if self.settings.secure else "sid"


def get_gateway(request: Request) -> GatewayContext:
    found: GatewayContext = request.app.state.gateway
    return found


async def find_session(request: Request) -> Session | None:
    """Who sends this request; looked up once. A cookie is believed only for requests from our own pages."""
    if not hasattr(request.state, "session"):
        request.state.session = await _recognize(request)
        if request.state.session:
            request.state.user_id = request.state.session.user.user_id  # for the log, whatever the page shows
    found: Session | None = request.state.session
    return found


async def require_session(request: Request) -> Session:
    """The session of this request; Unauthenticated when nobody is signed in."""
    session = await find_session(request)
    if session is None:
        raise Unauthenticated("Please sign in.")
    return session


def browser_of(request: Request) -> str:
    """Browser and system of whoever sends this request: "Firefox on Windows"; "" for what is no known browser."""
    return name_browser(request.headers.get("user-agent", ""))


def client_address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _recognize(request: Request) -> Session | None:
    gateway = get_gateway(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.startswith(TOKEN_PREFIX):
        # Pages are for people: they know nothing of scopes. Not request.url, in which the Host header has a part.
        return await gateway.api_clients.recognize(token) if request.scope["path"].startswith("/api/") else None
    if scheme:
        return await gateway.sessions.recognize(token, SessionTransport.BEARER) if scheme.lower() == "bearer" else None
    secret = request.cookies.get(gateway.cookie)
    session = await gateway.sessions.recognize(secret, SessionTransport.COOKIE) if secret else None
    if session:
        request.state.user_id = session.user.user_id
        require_same_origin(request, gateway.settings.origin)
    return session

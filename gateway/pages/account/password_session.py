"""Pages about the password and the second factor are for people who have them here."""

from __future__ import annotations

from starlette.requests import Request

from chassis.kernel import Forbidden
from gateway.edge.context import require_session
from gateway.identity.sessions import Session


async def require_password_session(request: Request) -> Session:
    """The session of somebody who signs in with a password; Forbidden for who signs in at the organization."""
    session = await require_session(request)
    if session.user.by_organization:
        raise Forbidden("You sign in with your organization. Its password and second step are changed there.")
    return session

"""A form that was sent after the session had ended: kept through the sign-in, then offered to be sent again.

It waits, sealed, among the person's drafts (docs/adr/0028). A form is kept that was made for the ended session, or for
an earlier session of the person who has signed in again meanwhile, as in another tab; nobody else sees it.
"""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.kernel import Forbidden, NotFound
from gateway.edge.context import find_session, get_gateway, require_session
from gateway.edge.csrf import require_same_origin
from gateway.edge.problems import HttpProblem
from gateway.forms.drafts import FormDraft
from gateway.identity.sessions import SessionTransport
from gateway.pages.render import MAX_FIELDS, form_of, read_text, redirect_to, render_page
from gateway.user import User

PATH = "/kept-form"
_DRAFT = "sent after the session ended"
# The field of the draft that holds the address; no field of a form begins with a blank.
_ADDRESS = " address"
# What was kept before stays; and nobody signs out by a form that waited.
_NOT_KEPT = frozenset({PATH, "/sign-out"})
# Passwords are kept nowhere, and an act on one's own account is asked for again.
_ACCOUNT = "/account/"


async def keep_form(request: Request) -> bool:
    """Keep what a person sent on a page of a session that is over; False when it is not known whose it is, or it
    holds a file."""
    gateway = get_gateway(request)
    path = request.url.path
    if path in _NOT_KEPT or path.startswith(_ACCOUNT) or not request.cookies.get(gateway.cookie):
        return False
    try:
        require_same_origin(request, gateway.settings.origin)
        fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    except (Forbidden, HTTPException, HttpProblem):  # not from our page, with a file, or too large
        return False
    if any(isinstance(value, UploadFile) for value in fields.values()):
        return False
    owner = await _find_owner(request, read_text(fields, "csrf"))
    if owner is None:
        return False
    texts = {name: _texts(fields, name) for name in fields if name != "csrf"}
    await gateway.drafts.save(owner, _DRAFT, {**texts, _ADDRESS: [_address(request)]})
    return True


async def _find_owner(request: Request, token: str) -> User | None:
    """The person of the ended session, or the one who is signed in again, if the form was made for that person."""
    gateway = get_gateway(request)
    if session := await find_session(request):
        return session.user if session.is_of_person(token) else None
    ended = await gateway.sessions.find_ended(request.cookies[gateway.cookie], SessionTransport.COOKIE)
    return ended.user if ended and ended.owns_form(token) else None


async def find_kept_form(request: Request, user: User) -> FormDraft | None:
    return await get_gateway(request).drafts.load(user, _DRAFT)


async def show(request: Request) -> Response:
    """What is kept is offered; nothing is sent before the person says so."""
    session = await require_session(request)
    draft = await find_kept_form(request, session.user)
    if draft is None:
        return redirect_to("/")
    fields = [(name, text) for name, texts in draft.fields.items() if name != _ADDRESS for text in texts]
    return await render_page(request, "kept_form.html", {"fields": fields, "saved_at": draft.saved_at})


async def send_again(request: Request) -> Response:
    """307: the browser sends the same fields to where they were meant to go."""
    session = await require_session(request)
    fields = await form_of(request, session)
    draft = await find_kept_form(request, session.user)
    if draft is None:
        raise NotFound("What you typed is no longer here. It was sent or dropped in another tab.")
    await get_gateway(request).drafts.delete(session.user, _DRAFT)
    address = draft.text(_ADDRESS)
    if read_text(fields, "kept_form") == "drop":
        return redirect_to("/")
    return RedirectResponse(address, 307)


def _texts(fields: FormData, name: str) -> list[str]:
    return [text for text in fields.getlist(name) if isinstance(text, str)]


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")

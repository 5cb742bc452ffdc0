"""Templates, what every page shows (navigation, bell, who is signed in), and the forms' protection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chassis.kernel import Forbidden
from gateway.edge.context import find_session, get_gateway
from gateway.identity.sessions import Session
from gateway.pages import formatting
from gateway.pages.application_fields.links import link_to_list
from gateway.pages.error_summary import complete_error_summary, id_of
from gateway.pages.input_attributes import input_attributes
from gateway.pages.static_files import static_address
from gateway.store import notifications

TEMPLATES = Path(__file__).parents[1] / "templates"
# A household of twenty has about 140 fields.
MAX_FIELDS = 400

environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters.update(
    day=formatting.format_day,
    state_name=formatting.state_name,
    month=formatting.format_month,
    moment=formatting.format_moment,
    money=formatting.format_money,
    cents=formatting.format_cents,
    dollars=formatting.format_dollars,
    phone=formatting.format_phone,
    word=formatting.format_enum,
    label=formatting.format_label,
    place=formatting.format_field_path,
    clock_time=formatting.clock_time,
    unbroken=formatting.keep_record_numbers_whole,
)


environment.globals.update(
    id_of=id_of,
    static=static_address,
    help_line=formatting.help_line,
    states_served=formatting.states_served,
    bounds=input_attributes,
    link_to_list=link_to_list,
)


async def render_page(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page, for a signed-in user or for a visitor."""
    session, sessions = await find_session(request), get_gateway(request).sessions
    organization = get_gateway(request).organization_sign_in
    shared = {
        "session": session,
        "seconds_left": sessions.seconds_left(session) if session else 0,
        "idle_seconds": int(sessions.limits.idle.total_seconds()),
        "unread": await _unread(request, session),
        "path": request.url.path,
        "organization": organization.name if organization else "",
    }
    html = environment.get_template(template).render({**shared, **(context or {})})
    return HTMLResponse(complete_error_summary(html), status, headers)


async def form_of(request: Request, session: Session) -> FormData:
    """The fields of a form; Forbidden unless the form was made for this session."""
    fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    if not session.owns_form(read_text(fields, "csrf")):
        raise Forbidden("This form is out of date. Please go back, reload the page and try again.", code="stale_form")
    return fields


def read_text(fields: FormData, name: str) -> str:
    """A field's text without blanks around it; empty when it was not sent."""
    value = fields.get(name)
    return value.strip().replace("\x00", "") if isinstance(value, str) else ""


def parse_number(text: str, otherwise: int = 0) -> int:
    """A number that a form or an address holds; ``otherwise`` for anything else, and for more than nine digits.

    Nine fit every whole number of the contracts, and no text is too long to be read.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def redirect_to(path: str) -> Response:
    """303: the browser asks for the next page with GET, and the back button sends no form twice."""
    return RedirectResponse(path, 303)


async def _unread(request: Request, session: Session | None) -> int:
    if session is None:
        return 0
    async with get_gateway(request).database.autocommit_read() as connection:
        return await notifications.count_unread(connection, session.user.user_id)

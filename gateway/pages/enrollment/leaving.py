"""Cancel, with its question (R109): what was not saved is dropped, what was saved stays."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.context import require_session
from gateway.pages.application_fields.links import link_to_list
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment import drafts
from gateway.pages.enrollment.steps import PAGES
from gateway.pages.render import form_of, read_text, redirect_to, render_page


async def ask(request: Request) -> Response:
    application = await read_application(request)
    context = {"number": application.record_number, "step": _slug(request.query_params.get("step", ""))}
    return await render_page(request, "enrollment/leave.html", context)


async def leave(request: Request) -> Response:
    session = await require_session(request)
    slug = _slug(read_text(await form_of(request, session), "step"))
    page = next(page for page in PAGES if page.slug == slug)
    await drafts.drop_typed(request, drafts.form_name(request.path_params["record_number"], page))
    return redirect_to(link_to_list(await read_application(request))[0])


def _slug(asked: str) -> str:
    return next((page.slug for page in PAGES if page.slug == asked), PAGES[0].slug)

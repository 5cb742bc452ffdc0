"""The addresses of the enrollment flow, and the answer to each (R96, R109, R110)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.context import require_session
from gateway.edge.methods import Handler
from gateway.pages.application_fields.links import link_to_continue
from gateway.pages.application_reads import read_application, read_readiness
from gateway.pages.enrollment import (
    addresses,
    check_answers,
    drafts,
    general,
    leaving,
    people,
    plan_detail,
    plans,
    provider_entry,
    provider_finder,
    texts,
)
from gateway.pages.enrollment import pages as step_pages
from gateway.pages.enrollment.form import SubmittedForm, read_sent
from gateway.pages.enrollment.item_not_found import ItemNotFound, keep_removal
from gateway.pages.enrollment.repeats import move_sent
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.enrollment.steps import FOLLOW, PAGES, PARTS, FindPage, find_step
from gateway.pages.render import form_of, redirect_to, render_page


async def _nowhere_else(_request: Request, _application: Application, _action: str) -> Response | None:
    return None


def _step(request: Request) -> StepPage:
    return find_step(request.path_params["step"])


async def _show(request: Request) -> Response:
    return await step_pages.show_step(request, PAGES, _step(request), await read_application(request))


async def _save(request: Request) -> Response:
    page = _step(request)
    follow = FOLLOW.get(page.slug, _nowhere_else)
    await _read_sent(request)  # a form that is not this session's is refused before any service is asked
    return await step_pages.save(request, PAGES, page, await read_application(request), follow)


async def _keep(request: Request) -> Response:
    return await step_pages.keep(request, _step(request), await _read_sent(request))


async def _read_sent(request: Request) -> SubmittedForm:
    return read_sent(await form_of(request, await require_session(request)))


async def _resume(request: Request) -> Response:
    """Where work goes on. What is missing is asked for at the last step alone: no other can be the client's review."""
    application = await read_application(request)
    at_the_end = application.current_step == PAGES[-1].step
    missing = (await read_readiness(request, application.record_number)).missing if at_the_end else ()
    return redirect_to(link_to_continue(application, missing))


def _part(slug: str, find: FindPage, back: str) -> dict[str, Handler]:
    """Form of one part of a step: a life event, a person, a policy. It leads back to the step's list."""

    async def leave(request: Request, application: Application, _action: str) -> Response | None:
        if request.query_params.get("from") == "check-answers":
            return redirect_to(f"/applications/{application.record_number}/check-answers")
        return to_list(application)

    def to_list(application: Application) -> Response:
        return redirect_to(f"/applications/{application.record_number}/steps/{back}")

    async def tell_removal(request: Request, application: Application, removed: ItemNotFound) -> Response:
        await drafts.drop_typed(request, f"{application.record_number}/{slug}/{request.path_params['which']}")
        await keep_removal(request, application.record_number, removed)
        return to_list(application)

    async def show(request: Request) -> Response:
        application = await read_application(request)
        try:
            page = find(application, request.path_params["which"], None)
        except ItemNotFound as removed:
            return await tell_removal(request, application, removed)
        return await step_pages.show_step(request, PAGES, page, application)

    async def save(request: Request) -> Response:
        sent, application = await _read_sent(request), await read_application(request)
        which = request.path_params["which"]
        try:
            page = find(application, which, sent)
        except ItemNotFound as removed:
            return await tell_removal(request, application, removed)
        if page.slug != f"{slug}/{which}":  # another item stands there now, which has no use for what was kept
            await drafts.drop_typed(request, f"{application.record_number}/{slug}/{which}")
        return await step_pages.save(request, PAGES, page, application, leave)

    return {"GET": show, "POST": save}


def _keep_part(find: FindPage, back: str) -> dict[str, Handler]:
    async def keep(request: Request) -> Response:
        sent, application = await _read_sent(request), await read_application(request)
        try:
            page = find(application, request.path_params["which"], sent)
        except ItemNotFound as removed:  # what was typed is still on the page, which says so beside its buttons
            context = {"removed": removed.message, "number": application.record_number, "back": back}
            return await render_page(request, "enrollment/not_kept.html", context)
        return await step_pages.keep(request, page, move_sent(page, application, sent))

    return {"POST": keep}


_AT = "/applications/{record_number}"
ROUTES: dict[str, dict[str, Handler]] = {
    f"{_AT}/resume": {"GET": _resume},
    f"{_AT}/steps/general/effective-date": {"GET": general.show_dates, "POST": general.choose_date},
    f"{_AT}/steps/plans/list": {"POST": plans.show_list},
    f"{_AT}/steps/plans/check": {"POST": plans.check},
    f"{_AT}/steps/plans/providers": {"POST": plans.remove_providers},
    f"{_AT}/steps/plans/providers/{{person_id}}": {"GET": provider_finder.show, "POST": provider_finder.choose},
    f"{_AT}/steps/plans/providers/{{person_id}}/entry": {"GET": provider_entry.show, "POST": provider_entry.report},
    f"{_AT}/steps/plans/details/{{plan_id}}": {"GET": plan_detail.show},
    f"{_AT}/steps/household/people/{{which}}/remove": {"GET": people.ask_removal, "POST": people.remove},
    **{f"{_AT}/steps/{slug}/{{which}}/draft": _keep_part(find, back) for slug, (find, back) in PARTS.items()},
    **{f"{_AT}/steps/{slug}/{{which}}": _part(slug, find, back) for slug, (find, back) in PARTS.items()},
    f"{_AT}/steps/{{step}}/draft": {"POST": _keep},
    f"{_AT}/steps/{{step}}": {"GET": _show, "POST": _save},
    f"{_AT}/check-answers": {"GET": check_answers.show},
    f"{_AT}/submission": {"POST": check_answers.submit},
    f"{_AT}/texts/{{kind}}": {"GET": texts.show},
    f"{_AT}/leave": {"GET": leaving.ask, "POST": leaving.leave},
    f"{_AT}/address-search": {"POST": addresses.suggest},
    f"{_AT}/counties": {"POST": addresses.show_counties},
}

"""Showing and saving a step: the same for all five (R96, R109)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Problem
from gateway.edge.context import get_gateway, require_session
from gateway.pages.application_fields.labels import label_of_field, name_field
from gateway.pages.application_fields.links import link_to_list
from gateway.pages.application_reads import EDITABLE, read_readiness
from gateway.pages.enrollment import drafts
from gateway.pages.enrollment.changed_answers import take_changed
from gateway.pages.enrollment.form import StepForm, SubmittedForm, read_sent
from gateway.pages.enrollment.item_not_found import take_removal
from gateway.pages.enrollment.premium_change import take_premium_change
from gateway.pages.enrollment.readiness import missing_of
from gateway.pages.enrollment.repeats import move_sent
from gateway.pages.enrollment.saving import save_step
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.formatting import clock_time
from gateway.pages.render import form_of, redirect_to, render_page
from gateway.user import DelegatedAction

# Said on a step that was saved and still lacks something.
INCOMPLETE = "Your answers are saved. To finish this step, complete the following:"

# A submission that fails can be corrected; of an expired application, what was typed is shown to be copied.
_KEEP_TYPED = (application_pb2.APPLICATION_STATUS_SUBMITTING, application_pb2.APPLICATION_STATUS_EXPIRED)

# What a submission failed for that belongs to no step is said on each.
_NO_STEP = application_pb2.STEP_UNSPECIFIED

Follow = Callable[[Request, Application, str], Awaitable[Response | None]]


async def show_step(request: Request, pages: Sequence[StepPage], page: StepPage, application: Application) -> Response:
    if application.status not in EDITABLE:
        return await _leave_closed(request, page, application)
    session, number = await require_session(request), application.general.producer.writing_number
    if not session.user.may(DelegatedAction.ENROLL, number):
        return redirect_to(f"/applications/{application.record_number}")
    form = await _form(request, page, application)
    removed = await take_removal(request, application.record_number)
    premium_change = await take_premium_change(request, application)
    return await draw_step(request, pages, page, application, form, removed=removed, premium_change=premium_change)


async def draw_step(
    request: Request,
    pages: Sequence[StepPage],
    page: StepPage,
    application: Application,
    form: StepForm,
    removed: str = "",
    premium_change: Any = None,
) -> Response:
    context = {
        "application": application,
        "page": page,
        "label_of": lambda field: label_of_field(field, application.household, application.plans),
        "name_field": lambda field: name_field(field, application.household, application.plans),
        "form": form,
        "steps": pages,
        "finished": frozenset(application.complete_steps),
        "removed": removed,
        "premium_change": premium_change,
        "failures": [one for one in application.failures if one.step in (page.step, _NO_STEP)],
        "back": request.query_params.get("from", "") == "check-answers",
    }
    more = await page.context(request, application, form.values)
    return await render_page(request, page.template, {**more, **context, **_ENUMS})


async def save(
    request: Request, pages: Sequence[StepPage], page: StepPage, application: Application, follow: Follow
) -> Response:
    """Save what was typed, then go where the button says; what cannot be saved is kept and shown again."""
    session = await require_session(request)
    sent = move_sent(page, application, read_sent(await form_of(request, session)))
    record_number = request.path_params["record_number"]
    form = drafts.form_name(record_number, page)
    if sent.action == "discard":
        await drafts.drop_typed(request, form)
        return redirect_to(page.path(record_number))
    if sent.action == "discard_part":
        await drafts.drop_typed(request, form)
        return redirect_to(f"/applications/{record_number}/steps/{page.slug.partition('/')[0]}")
    saved = await save_step(request, page, application, sent)
    if not saved.done:
        sent = move_sent(page, saved.application, replace(sent, typed=saved.values))
        await drafts.keep_typed(
            request, form, sent.typed, sent.base, sent.version, saved.problems, saved.message, saved.conflicts
        )
        if sent.action == "exit_anyway":
            return redirect_to(link_to_list(saved.application)[0])
        return redirect_to(page.path(record_number) + _query(request))
    await drafts.drop_typed(request, form)
    if saved.taken or (saved.overtaken and sent.action.startswith("remove")):
        # The page was older than what is saved. Answers other than those on the screen are shown before anything else
        # happens; and whatever stands at a place of a list now is not what was to be removed.
        return redirect_to(page.path(record_number) + _query(request))
    if sent.action == "next" and missing_of(await read_readiness(request, record_number), page):
        return redirect_to(f"{page.path_when_saved(saved.application)}{_query(request, check='1')}")
    return await follow(request, saved.application, sent.action) or await _go_on(
        request, pages, page, saved.application, sent.action
    )


async def keep(request: Request, page: StepPage, sent: SubmittedForm) -> Response:
    """Keep what is typed while it is typed; htmx sends it when a person pauses."""
    form = drafts.form_name(request.path_params["record_number"], page)
    if any(sent.base.get(name, typed) != typed for name, typed in sent.typed.items()):
        await drafts.keep_typed(request, form, sent.typed, sent.base, sent.version)
    else:  # typed back to what is saved: a draft from before would bring the mistake back
        await drafts.drop_typed(request, form)
    return await render_page(
        request, "enrollment/kept.html", {"now": clock_time(get_gateway(request).drafts.clock.now())}
    )


async def _go_on(
    request: Request, pages: Sequence[StepPage], page: StepPage, application: Application, action: str
) -> Response:
    number = application.record_number
    place = pages.index(page)
    if action in ("exit", "exit_anyway"):
        return redirect_to(link_to_list(application)[0])
    if action == "previous":
        return redirect_to(pages[max(place - 1, 0)].path(number))
    if request.query_params.get("from") == "check-answers" or place + 1 == len(pages):
        return redirect_to(f"/applications/{number}/check-answers")
    return redirect_to(pages[place + 1].path(number))


async def _leave_closed(request: Request, page: StepPage, application: Application) -> Response:
    """To Application Details, which says what was typed too late to be saved."""
    details = f"/applications/{application.record_number}"
    form = drafts.form_name(application.record_number, page)
    if not await drafts.find_typed(request, form):
        return redirect_to(details)
    if application.status not in _KEEP_TYPED:
        await drafts.drop_typed(request, form)
    return redirect_to(f"{details}?unsaved={page.slug}")


async def _form(request: Request, page: StepPage, application: Application) -> StepForm:
    locked = frozenset(application.locked)
    if draft := await drafts.find_typed(request, drafts.form_name(application.record_number, page)):
        return replace(drafts.form_of_draft(draft, page, application), locked=locked)
    values = page.read(application)
    changed = [name for name in await take_changed(request, page, application) if name in values]
    problems: Sequence[Problem] = ()
    if request.query_params.get("check") == "1":
        problems = missing_of(await read_readiness(request, application.record_number), page)
    told = INCOMPLETE if problems else ""
    return StepForm(values, values, application.version, problems, told, changed=changed, locked=locked)


def _query(request: Request, **more: str) -> str:
    """Keeps where the person came from, so that Change on the check page leads back there."""
    kept = {"from": "check-answers"} if request.query_params.get("from") == "check-answers" else {}
    pairs = [f"{name}={value}" for name, value in {**kept, **more}.items()]
    return "?" + "&".join(pairs) if pairs else ""


_ENUMS: Mapping[str, Any] = {"Status": application_pb2.ApplicationStatus, "Step": application_pb2.Step}

"""What was typed into an application that can take none of it any more: said in the words of the form, to be copied."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request

from chassis.kernel import DomainError, NotFound
from gateway.pages.application_fields.labels import label_of_field
from gateway.pages.enrollment import drafts
from gateway.pages.enrollment.pages import draw_step
from gateway.pages.enrollment.step import Application
from gateway.pages.enrollment.steps import PAGES, find_page

# Never printed outside its own field.
_NOT_LISTED = frozenset({"ssn", "remove_ssn"})


async def list_typed(request: Request, application: Application, slug: str) -> list[tuple[str, str]]:
    """Label and text of each answer that was changed and not emptied.

    ``slug``: of the step, or of the page of one item of its lists.
    """
    try:
        page = find_page(application, slug)
    except NotFound:
        return []
    draft = await drafts.find_typed(request, drafts.form_name(application.record_number, page))
    if draft is None:
        return []
    form, saved = drafts.form_of_draft(draft, page, application), page.read(application)
    with suppress(DomainError):  # what its page needs is away: the answers are listed all the same
        await draw_step(request, PAGES, page, application, form)  # only then are they known by their words
    return [
        (label_of_field(name, application.household, application.plans), form.describe(name, text))
        for name, text in form.values.items()
        if text and text != saved.get(name, text) and name.rpartition(".")[2] not in _NOT_LISTED
    ]

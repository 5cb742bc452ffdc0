"""What was typed into a step and is not saved yet: kept for the person, so that nothing is lost (docs/adr/0026)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from starlette.requests import Request

from chassis.kernel import Problem
from gateway.edge.context import get_gateway, require_session
from gateway.forms.drafts import FormDraft
from gateway.pages.enrollment.form import BASE, VERSION, StepForm
from gateway.pages.enrollment.repeats import Moves
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.formatting import clock_time
from gateway.pages.forms.merging import EditConflict, merge_values

_CONFLICTING = "conflicting"

_ABOUT = (BASE, VERSION, _CONFLICTING)


def form_name(record_number: str, page: StepPage) -> str:
    return f"{record_number}/{page.slug}"


async def keep_typed(
    request: Request,
    form: str,
    typed: Mapping[str, str],
    base: Mapping[str, str],
    version: int,
    problems: Sequence[Problem] = (),
    message: str = "",
    conflicts: Sequence[EditConflict] = (),
) -> None:
    """Keep what was typed, with what the page had shown; the last one of a form wins."""
    session = await require_session(request)
    fields = {name: [text] for name, text in typed.items()}
    about = {BASE: [json.dumps(dict(base))], VERSION: [str(version)], _CONFLICTING: ["yes" if conflicts else ""]}
    await get_gateway(request).drafts.save(session.user, form, fields | about, problems=problems, message=message)


async def drop_typed(request: Request, form: str) -> None:
    session = await require_session(request)
    await get_gateway(request).drafts.delete(session.user, form)


async def find_typed(request: Request, form: str) -> FormDraft | None:
    session = await require_session(request)
    return await get_gateway(request).drafts.load(session.user, form)


def form_of_draft(draft: FormDraft, page: StepPage, application: Application) -> StepForm:
    """The page as it was left; what was saved elsewhere since is brought in, and conflicts are shown."""
    kept_fields = _typed(draft)
    version, moves = int(draft.text(VERSION) or 0), Moves.of(page, application, kept_fields)
    typed, base = moves.values(kept_fields), moves.base(json.loads(draft.text(BASE) or "{}"), version)
    saved = page.read(application)
    merged = merge_values(base, typed, saved)
    kept = clock_time(draft.saved_at)
    # What was brought in is shown now: typed back to what it was, it is an answer of its own. Of a conflict the page
    # remembers what was shown at first, so that it stays a conflict until it is decided.
    shown = base | {name: saved[name] for name in merged.taken}
    if merged.conflicts:
        shown = saved | {one.field: base.get(one.field, "") for one in merged.conflicts}
        version = application.version
    values = {**saved, **merged.values}
    problems = moves.problems(draft.problems)
    return StepForm(values, shown, version, problems, draft.message, merged.conflicts, merged.taken, kept)


def _typed(draft: FormDraft) -> dict[str, str]:
    return {name: texts[0] for name, texts in draft.fields.items() if name not in _ABOUT and texts}

"""How what was typed into a step is saved: never over somebody else's change, never half, never lost.

A page remembers the version and the values that it showed. When the application was saved since, the two changes are
brought together field by field; where both changed the same field, a person decides (docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from suite.enrollment.v1 import enrollment_service_pb2

from chassis.kernel import Conflict, InvalidInput, Problem, ProblemList, Stale
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.enrollment.changed_answers import keep_changed
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.premium_change import keep_premium_change
from gateway.pages.enrollment.repeats import move_sent, was_added
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.forms.form_values import Values, explain_dates
from gateway.pages.forms.merging import EditConflict, merge_values

# Somebody else may save in the same moment; nobody does so three times in one.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the application as it is now, and what kept it from being saved, if anything did.

    ``values`` is what was typed; whatever was changed elsewhere is brought in again when it is shown.
    """

    application: Application
    values: Values
    problems: Sequence[Problem] = field(default=())
    message: str = ""
    conflicts: Sequence[EditConflict] = field(default=())
    # The application was saved after the page was made: what it lists may have changed places.
    overtaken: bool = False
    # Saved with values other than those on the page, which nobody changed there: the page has to be seen again.
    taken: Sequence[str] = field(default=())

    @property
    def done(self) -> bool:
        return not (self.problems or self.message or self.conflicts)


async def save_step(request: Request, page: StepPage, application: Application, sent: SubmittedForm) -> Saved:
    """Save one step; nothing is saved unless everything that was typed can be."""
    saved = page.read(application)
    if sent.undecided:
        asked = [EditConflict(name, sent.typed.get(name, ""), saved.get(name, "")) for name in sent.undecided]
        return Saved(application, dict(sent.typed), conflicts=asked)
    typed = sent.choose(saved)
    missing_in = page.prefix if sent.action == "next" else None  # any other button may leave the step unfinished
    overtaken = application.version != sent.version
    if overtaken and was_added(page, application, typed):
        return Saved(application, typed)
    for _ in range(_TRIES):
        moved = move_sent(page, application, replace(sent, typed=typed))
        values: Values = moved.typed
        taken: Sequence[str] = ()
        if application.version != sent.version:
            overtaken = True
            merged = merge_values(moved.base, moved.typed, page.read(application))
            values, taken = merged.values, merged.taken
            if merged.conflicts:
                return Saved(application, moved.typed, conflicts=merged.conflicts)
        try:
            result = await _save(request, page, application, values, missing_in)
        except Stale:
            application = await read_application(request)
            continue
        result = replace(result, values=moved.typed, overtaken=overtaken)
        if not (result.done and taken):
            return result
        await keep_changed(request, page, result.application, taken)
        return replace(result, taken=taken)
    raise Stale("This application is being saved at the same time, in another window or by someone else. Try again.")


async def _save(
    request: Request, page: StepPage, application: Application, typed: Values, missing_in: str | None
) -> Saved:
    """What the page itself cannot read keeps the step from being saved; the service says what else is wrong with it,
    and what is missing in the part that begins with ``missing_in``.
    """
    message = page.message(application)
    problems, told = ProblemList(page.put(message, typed, application)), "Some answers need to be corrected."
    try:
        if not problems.found:
            return Saved(await send_step(request, page, application, message, missing_in), typed)
        asked = _save_request(page, application, message, missing_in)
        asked.validate_only = True
        await ask_service(request, ENROLLMENT["SaveStep"], asked, enrollment_service_pb2.SaveStepResponse)
    except (InvalidInput, Conflict) as refusal:
        problems.add(explain_dates(refusal.problems, typed))
        told = refusal.message
    return Saved(application, typed, problems.found, told)


async def send_step(
    request: Request, page: StepPage, application: Application, message: object, missing_in: str | None = None
) -> Application:
    """Replace a step by a whole message; raises what the enrollment service says."""
    asked = _save_request(page, application, message, missing_in)
    answer = await ask_service(request, ENROLLMENT["SaveStep"], asked, enrollment_service_pb2.SaveStepResponse)
    await keep_premium_change(request, answer.application)
    return answer.application


def _save_request(
    page: StepPage, application: Application, message: object, missing_in: str | None
) -> enrollment_service_pb2.SaveStepRequest:
    asked = enrollment_service_pb2.SaveStepRequest(
        record_number=application.record_number, version=application.version, missing_in=missing_in
    )
    getattr(asked, page.name).CopyFrom(message)
    getattr(asked, page.name).SetInParent()  # an empty step is still the step that was meant
    return asked

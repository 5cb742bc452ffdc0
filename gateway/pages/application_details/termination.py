"""End coverage that has begun: of which plan, on what day, why, at whose request, and a last question."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import after_submission_pb2, application_pb2

from chassis.kernel import DomainError, InvalidInput, Problem
from gateway.edge.context import require_session
from gateway.edge.enum_names import enum_word, enum_words
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_details.reasons import CANCEL_PARTIES, TERMINATION_REASONS
from gateway.pages.application_details.refusal import explain_refusal
from gateway.pages.formatting import format_enum
from gateway.pages.forms.typed_values import date_advice, parse_date, read_date, write_date
from gateway.pages.render import form_of, read_text, redirect_to, render_page

_COVERAGE = common_pb2.Coverage.DESCRIPTOR
_REASON = application_pb2.TerminationReason.DESCRIPTOR
_PARTY = application_pb2.CancelParty.DESCRIPTOR


@dataclass(frozen=True, slots=True)
class TerminationForm:
    """What was typed; ``key`` makes a double click one termination."""

    key: str
    coverages: Sequence[str] = ()
    last_day: str = ""
    reason: str = ""
    asked_by: str = ""

    @classmethod
    def from_fields(cls, fields: FormData) -> TerminationForm:
        coverages = [one for one in fields.getlist("coverages") if isinstance(one, str)]
        others = {name: read_text(fields, name) for name in ("key", "last_day", "reason", "asked_by")}
        return cls(coverages=coverages, **others)

    def to_proto(self, record_number: str) -> after_submission_pb2.TerminateCoverageRequest:
        """Raises InvalidInput for everything that was not answered, and for a text that is no date."""
        asked = after_submission_pb2.TerminateCoverageRequest(
            idempotency_key=self.key, record_number=record_number, last_day=read_date(self.last_day)
        )
        words = enum_words(_COVERAGE)
        asked.coverages.extend(words[one] for one in self.coverages if one in words)  # type: ignore[misc]  # numbers of this enum
        asked.reason = enum_words(_REASON).get(self.reason, 0)  # type: ignore[assignment]  # a number of this enum
        asked.asked_by = enum_words(_PARTY).get(self.asked_by, 0)  # type: ignore[assignment]  # likewise
        _check(asked)
        return asked


def _check(asked: after_submission_pb2.TerminateCoverageRequest) -> None:
    problems = []
    if not asked.coverages:
        problems.append(Problem("coverages", "Choose which coverage ends."))
    if not asked.last_day:
        problems.append(Problem("last_day", "Enter the last day of coverage."))
    elif parse_date(asked.last_day) is None:
        problems.append(Problem("last_day", date_advice(asked.last_day)))
    if not asked.reason:
        problems.append(Problem("reason", "Choose why coverage ends."))
    if not asked.asked_by:
        problems.append(Problem("asked_by", "Choose who asked for the termination."))
    if problems:
        raise InvalidInput("Check the termination.", problems=tuple(problems))


async def show(request: Request) -> Response:
    return await _page(request, TerminationForm(secrets.token_urlsafe(16)))


async def terminate(request: Request) -> Response:
    session = await require_session(request)
    form = TerminationForm.from_fields(await form_of(request, session))
    record_number = request.path_params["record_number"]
    try:
        asked, answer = form.to_proto(record_number), after_submission_pb2.TerminateCoverageResponse
        await ask_service(request, ENROLLMENT["TerminateCoverage"], asked, answer)
    except DomainError as refusal:
        return await _page(request, form, refusal)
    return redirect_to(f"/applications/{record_number}")


def _describe_days(choice: application_pb2.TerminationChoice) -> str:
    """The days that can be typed, as they are typed."""
    latest, deceased = write_date(choice.latest_last_day), write_date(choice.earliest_last_day_deceased)
    death = f"the date of death, from {deceased} to today."
    if not choice.earliest_last_day:
        return f"MM/DD/YYYY: {death}"
    return f"MM/DD/YYYY, from {write_date(choice.earliest_last_day)} to {latest}. If the applicant has died: {death}"


async def _page(request: Request, form: TerminationForm, refusal: DomainError | None = None) -> Response:
    application = await application_reads.read_application(request)
    status = status_of(refusal) if refusal else 200
    if not application.HasField("termination_choice"):
        return await explain_refusal(
            request,
            application,
            "Coverage cannot be terminated",
            application.termination_refusal,
            "Terminate Coverage",
            status,
        )
    payment = await application_reads.find_payment(request, application)
    choice = application.termination_choice
    context = {
        "application": application,
        "form": form,
        "refusal": refusal,
        "errors": {one.field: one.message for one in refusal.problems} if refusal else {},
        "coverages": [
            (enum_word(_COVERAGE, one) or "", format_enum(one, common_pb2.Coverage)) for one in choice.coverages
        ],
        "days": _describe_days(choice),
        "reasons": [
            (enum_word(_REASON, number), text)
            for number, text in TERMINATION_REASONS.items()
            if choice.earliest_last_day or number == application_pb2.TERMINATION_REASON_DECEASED
        ],
        "parties": [(enum_word(_PARTY, number), text) for number, text in CANCEL_PARTIES.items()],
        "autopay": bool(payment and payment.HasField("autopay") and not payment.autopay.HasField("cancelled_at")),
    }
    return await render_page(request, "application_details/termination.html", context, status)

"""The question that a client answers before a link shows anything."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import MAXYEAR, date

from starlette.datastructures import FormData
from starlette.responses import Response
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, missing_day
from gateway.edge.context import client_address
from gateway.identity.review_attempts import ReviewAttempts
from gateway.identity.sign_in import TooManyAttempts
from gateway.pages.render import parse_number, read_text
from gateway.pages.review import remarks
from gateway.pages.review.typed_form import TypedForm, drop_shown, drop_typed, find_errors, find_typed, redirect_typed
from gateway.pages.review.visit import Visit

_FORM = "identity"
# Beside them remarks that were being typed when the access ended: they go through the question.
_TYPED = ("month", "day", "year", "last_name")


async def ask(
    visit: Visit,
    link: pb.OpenReviewResponse,
    fields: FormData | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    note: str = "",
) -> Response:
    """The page with the question; ``fields``: what was typed; ``errors``: the keys of sentences."""
    shown = TypedForm(_FORM, _typed(fields), errors or {}) if fields else find_typed(visit, _FORM)
    by_code = link.proof == pb.REVIEW_PROOF_CODE
    context = {
        "by_code": by_code,
        "typed": {name: shown.typed.get(name, "") for name in (*_TYPED, "code")},
        "pending": {name: text for name, text in shown.typed.items() if name not in (*_TYPED, "code")},
        "errors": {name: visit.sentences.say(key) for name, key in shown.errors.items()},
        "note": note,
    }
    return drop_shown(visit, shown, await visit.page("identity.html", context, status))


async def prove(visit: Visit) -> Response:
    fields = await visit.unprotected_form()
    link = await visit.find_link()
    proof, errors = _read(visit, fields, link)
    if errors:
        return await _ask_again(visit, link, fields, errors)
    try:
        await ReviewAttempts(visit.gateway.database).count(visit.token, client_address(visit.request))
        visit.access = (await visit.open(proof)).access
    except TooManyAttempts:
        return await ask(visit, link, fields, {"": "error_too_many"}, 429)
    except InvalidInput:
        field = "code" if link.proof == pb.REVIEW_PROOF_CODE else "last_name"
        sentence = "error_code" if field == "code" else "error_proof"
        return await _ask_again(visit, link, fields, {field: sentence})
    visit.asked_language = visit.sentences.language  # the pages behind the question go on in its language
    response = await _save_pending(visit, remarks.read_remarks(fields))
    visit.set_cookie(response, "review", visit.access)
    return response


async def choose_language(visit: Visit) -> Response:
    """By the form itself, so that what was typed is kept, the code too: it is shown once, to be sent."""
    fields = await visit.unprotected_form()
    link = await visit.find_link()
    typed = {**_typed(fields), "code": read_text(fields, "code")}
    errors = find_errors(visit, _FORM, typed)
    return redirect_typed(visit, TypedForm(_FORM, typed, errors)) or await ask(visit, link, fields, errors)


async def _ask_again(
    visit: Visit, link: pb.OpenReviewResponse, fields: FormData, errors: Mapping[str, str]
) -> Response:
    refused = TypedForm(_FORM, _typed(fields), errors)
    return redirect_typed(visit, refused) or await ask(visit, link, fields, errors, 422)


def _typed(fields: FormData) -> dict[str, str]:
    """A code that was wrong is typed anew."""
    return {**{name: read_text(fields, name) for name in _TYPED}, "code": "", **remarks.read_remarks(fields)}


async def _save_pending(visit: Visit, typed: Mapping[str, str]) -> Response:
    """To where the remark stands; one that cannot be saved any more is not what the question is about."""
    section = typed.get(remarks.SECTION, "")
    field, remark = remarks.remark_of(typed, section)
    if remark:
        with suppress(DomainError):
            await remarks.save_remark(visit, section, field, remark)
    rest = f"#{section}" if remark else ""
    left = remarks.leave_out(typed, section) if remark else typed
    kept = redirect_typed(visit, TypedForm(remarks.FORM, left), rest) if left else None
    return kept or drop_typed(visit, visit.redirect(rest))


def _read(
    visit: Visit, fields: FormData, link: pb.OpenReviewResponse
) -> tuple[pb.OpenReviewRequest, Mapping[str, str]]:
    errors = {}
    proof = pb.OpenReviewRequest(token=visit.token)
    if link.proof == pb.REVIEW_PROOF_CODE:
        proof.code = read_text(fields, "code")[:20]
        return proof, {} if proof.code else {"code": "error_code_missing"}
    proof.date_of_birth, born_error = _read_born(fields)
    proof.last_name = read_text(fields, "last_name")[:60]
    if born_error:
        errors["month"] = born_error
    if not proof.last_name:
        errors["last_name"] = "error_last_name_missing"
    return proof, errors


def _read_born(fields: FormData) -> tuple[str, str]:
    """The ISO date, and the key of the sentence for what is none."""
    year, month, day = (parse_number(read_text(fields, name)) for name in ("year", "month", "day"))
    if not (year and month and day) or year > MAXYEAR:
        return "", "error_born_missing"
    if missing_day(year, month, day):
        return "", "error_born_no_day"
    return date(year, month, day).isoformat(), ""

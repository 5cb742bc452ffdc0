"""The question that a client answers before a link shows anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.datastructures import FormData
from starlette.responses import Response
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import DomainError, InvalidInput
from gateway.edge.context import client_address
from gateway.edge.rpcs import ENROLLMENT
from gateway.identity.review_attempts import ReviewAttempts
from gateway.identity.sign_in import TooManyAttempts
from gateway.pages.render import parse_number, read_text
from gateway.pages.review.refused_form import RefusedForm, drop_refused, find_refused, redirect_refused
from gateway.pages.review.visit import Visit
from gateway.user import GATEWAY

# What was typed as a remark when the access ended: it goes through the question and is saved behind it.
PENDING = ("section", "person", "field", "remark")
_FORM = "identity"
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
    refused = RefusedForm(_FORM, _typed(fields), errors or {}) if fields else find_refused(visit, _FORM)
    typed = {name: refused.typed.get(name, "") for name in (*_TYPED, *PENDING)}
    said = {name: visit.sentences.say(key) for name, key in refused.errors.items()}
    by_code = link.proof == pb.REVIEW_PROOF_CODE
    context = {"by_code": by_code, "typed": typed, "errors": said, "note": note, "pending": PENDING}
    return await visit.page("identity.html", context, status)


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
    section = await _save_pending(visit, fields)
    visit.asked_language = visit.sentences.language  # the pages behind the question go on in its language
    response = visit.redirect(f"#{section}" if section else "")
    visit.set_cookie(response, "review", visit.access)
    return drop_refused(visit, response)


async def _ask_again(
    visit: Visit, link: pb.OpenReviewResponse, fields: FormData, errors: Mapping[str, str]
) -> Response:
    refused = RefusedForm(_FORM, _typed(fields), errors)
    return redirect_refused(visit, refused) or await ask(visit, link, fields, errors, 422)


def _typed(fields: FormData) -> Mapping[str, str]:
    return {name: read_text(fields, name) for name in (*_TYPED, *PENDING)}


async def _save_pending(visit: Visit, fields: FormData) -> str:
    """Where the remark stands; one that cannot be saved any more is not what the question is about."""
    if not read_text(fields, "remark"):
        return ""
    try:
        await save_remark(visit, fields)
    except DomainError:
        return ""
    return section_id(read_text(fields, "section"), read_text(fields, "person"))


async def save_remark(visit: Visit, fields: FormData) -> None:
    person = read_text(fields, "person")
    asked = pb.SaveReviewRemarkRequest(
        review=visit.credentials,
        section=read_text(fields, "section"),
        person=parse_number(person),
        field=read_text(fields, "field"),
        remark=read_text(fields, "remark"),
    )
    services = visit.gateway.services
    await services.ask(ENROLLMENT["SaveReviewRemark"], asked, pb.SaveReviewRemarkResponse, GATEWAY)


def section_id(section: str, person: str | int) -> str:
    """Of the element on the page."""
    return f"{section}-{person}" if str(person) not in ("", "0") else section


def _read(
    visit: Visit, fields: FormData, link: pb.OpenReviewResponse
) -> tuple[pb.OpenReviewRequest, Mapping[str, str]]:
    errors = {}
    proof = pb.OpenReviewRequest(token=visit.token)
    if link.proof == pb.REVIEW_PROOF_CODE:
        proof.code = read_text(fields, "code")[:20]
        return proof, {} if proof.code else {"code": "error_code_missing"}
    proof.date_of_birth = _date(fields)
    proof.last_name = read_text(fields, "last_name")[:60]
    if not proof.date_of_birth:
        errors["month"] = "error_born_missing"
    if not proof.last_name:
        errors["last_name"] = "error_last_name_missing"
    return proof, errors


def _date(fields: FormData) -> str:
    """ISO; empty when it is no day."""
    try:
        year, month, day = (int(read_text(fields, name)) for name in ("year", "month", "day"))
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):  # the second for a year that no calendar holds
        return ""

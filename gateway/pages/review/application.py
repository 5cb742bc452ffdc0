"""The application section by section, what is marked as wrong in it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.datastructures import FormData
from starlette.responses import Response
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Conflict, Forbidden, InvalidInput, business_date, put_first_name_first
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.render import read_text
from gateway.pages.review import remarks
from gateway.pages.review.typed_form import TypedForm, drop_shown, find_errors, find_typed, redirect_typed
from gateway.pages.review.visit import ACCESS_ENDED, Visit
from gateway.user import GATEWAY

UNANSWERED = (pb.REVIEW_STATUS_SENT, pb.REVIEW_STATUS_OPENED)
# As the contract has it.
_LONGEST_REMARK = 1000


async def show(visit: Visit) -> Response:
    if not visit.access:
        raise Forbidden("Please answer the question.", code=ACCESS_ENDED)
    review = await visit.read()
    if visit.request.query_params.get("check") == "withdraw":
        return await _show_review(visit, review, TypedForm(errors={"withdraw-check": "error_withdraw"}))
    return await _show_review(visit, review, find_typed(visit, remarks.FORM))


async def _show_review(visit: Visit, review: pb.ReadReviewResponse, typed: TypedForm, status: int = 200) -> Response:
    """By where the review stands; ``typed``: remarks that are not saved yet, or what is wrong with the page's form."""
    context = {
        "review": review,
        "producer": put_first_name_first(review.producer.name),
        "sections": [_section(visit, review, section, typed) for section in review.sections],
        "errors": {element: visit.sentences.say(key) for element, key in typed.errors.items()},
        "changed": "changed" in visit.request.query_params,
        "Status": pb.ReviewStatus,
        "expires": _day(review.expires_at, review.state),
        "signed_on": _day(review.consent.signed_at, review.state),
    }
    if review.closed and review.status in UNANSWERED:
        return await visit.page("message.html", {"key": "submitted"}, 409)
    template = "application.html" if review.status in UNANSWERED else "answered.html"
    return drop_shown(visit, typed, await visit.page(template, context, status))


async def mark(visit: Visit) -> Response:
    """Or take a remark back; what is typed in other sections stays."""
    fields = await visit.form()
    typed = remarks.read_remarks(fields)
    section = typed.pop(remarks.SECTION, "")
    if taken_back := read_text(fields, "take_back"):
        section, _, field = taken_back.partition(" ")
        return await _save(visit, typed, section, field, "")
    field, remark = remarks.remark_of(typed, section)
    if sentence := _refuse_remark(remark):
        return await _mark_again(visit, typed, section, sentence)
    return await _save(visit, typed, section, field, remark)


async def choose_language(visit: Visit) -> Response:
    """By the form itself, so that what was typed is kept."""
    typed = remarks.read_remarks(await visit.form())
    kept = TypedForm(remarks.FORM, typed, find_errors(visit, remarks.FORM, typed))
    return redirect_typed(visit, kept) or await _show_review(visit, await visit.read(), kept)


async def give_back(visit: Visit) -> Response:
    if unmarked := await ask_about_unmarked(visit, await visit.form()):
        return unmarked
    services = visit.gateway.services
    try:
        asked = pb.ReturnReviewRequest(review=visit.credentials)
        await services.ask(ENROLLMENT["ReturnReview"], asked, pb.ReturnReviewResponse, GATEWAY)
    except Conflict:
        pass  # answered before, or nothing is marked any more: the page shows which
    return visit.redirect()


async def ask_about_unmarked(visit: Visit, fields: FormData) -> Response | None:
    """What is written and not marked as wrong is neither left out nor sent unasked; None where nothing is."""
    typed = remarks.read_remarks(fields)
    if not (unmarked := remarks.find_unmarked(typed)):
        return None
    refused = TypedForm(remarks.FORM, typed, dict.fromkeys(unmarked, "error_unmarked"))
    return redirect_typed(visit, refused) or await _show_review(visit, await visit.read(), refused, 422)


def _day(moment: Timestamp, state: str) -> str:
    """ISO, as calendars show it in the state."""
    return business_date(moment.ToDatetime(UTC), state).isoformat()


def _refuse_remark(remark: str) -> str:
    if not remark:
        return "error_remark"
    return "error_remark_long" if len(remark) > _LONGEST_REMARK else ""


async def _save(visit: Visit, typed: Mapping[str, str], section: str, field: str, remark: str) -> Response:
    """Without ``remark`` it is taken back."""
    try:
        await remarks.save_remark(visit, section, field, remark)
    except InvalidInput:
        return await _mark_again(visit, typed, section, "error_place")
    except Conflict as refusal:
        if refusal.code == "too_many_remarks":
            return await _mark_again(visit, typed, section, "error_many")
    left = TypedForm(remarks.FORM, remarks.leave_out(typed, section) if remark else typed)
    again = redirect_typed(visit, left, f"#{section}")
    return again or await _show_review(visit, await visit.read(), left)


async def _mark_again(visit: Visit, typed: Mapping[str, str], section: str, sentence: str) -> Response:
    """With what was typed."""
    refused = TypedForm(remarks.FORM, typed, {f"{section}-remark": sentence})
    again = redirect_typed(visit, refused, f"#{section}")
    return again or await _show_review(visit, await visit.read(), refused, 422)


def _section(
    visit: Visit, review: pb.ReadReviewResponse, section: pb.ReviewSection, typed: TypedForm
) -> Mapping[str, Any]:
    """As the template takes it: title, lines, choices for a remark, what was made and what is being typed."""
    texts = visit.sentences
    name = next((line.value for line in section.lines if line.label == "name"), "")
    labels = {line.field: texts.form.label(line.label) for line in reversed(section.lines) if line.field}
    made = [one for one in review.remarks if (one.section, one.person) == (section.key, section.person)]
    element = remarks.section_id(section.key, section.person)
    # first, so that a remark alone is not taken to be about the first line
    choices = [("", texts.say("wrong_whole")), *reversed(labels.items())]
    field, remark = remarks.remark_of({f"{element}-field": choices[0][0], **typed.typed}, element)
    return {
        "id": element,
        "title": texts.form.section(section.key, section.person, name),
        "lines": [(texts.form.label(line.label), texts.value(line), bool(line.value)) for line in section.lines],
        "choices": choices,
        "remarks": [(one, labels.get(one.field) or texts.say("wrong_whole")) for one in made],
        "field": field,
        "remark": remark,
        "is_marked": bool(remark) or field != choices[0][0] or f"{element}-remark" in typed.errors,
    }

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
from gateway.pages.review.proof import PENDING, save_remark, section_id
from gateway.pages.review.refused_form import RefusedForm, drop_refused, find_refused, redirect_refused
from gateway.pages.review.visit import ACCESS_ENDED, Visit
from gateway.user import GATEWAY

UNANSWERED = (pb.REVIEW_STATUS_SENT, pb.REVIEW_STATUS_OPENED)
# As the contract has it.
_LONGEST_REMARK = 1000
_FORM = "remark"


async def show(visit: Visit) -> Response:
    if not visit.access:
        raise Forbidden("Please answer the question.", code=ACCESS_ENDED)
    review = await visit.read()
    if visit.request.query_params.get("check") == "withdraw":
        return await _show_review(visit, review, {"id": "withdraw", "message": visit.sentences.say("error_withdraw")})
    return await _show_review(visit, review, _fault(visit, find_refused(visit, _FORM)))


async def _show_review(
    visit: Visit, review: pb.ReadReviewResponse, fault: Mapping[str, str], status: int = 200
) -> Response:
    """By where the review stands; ``fault``: what is wrong with a remark, or with withdrawing the consent."""
    context = {
        "review": review,
        "producer": put_first_name_first(review.producer.name),
        "sections": [_section(visit, review, section) for section in review.sections],
        "fault": fault,
        "changed": "changed" in visit.request.query_params,
        "Status": pb.ReviewStatus,
        "expires": _day(review.expires_at, review.state),
        "signed_on": _day(review.consent.signed_at, review.state),
    }
    if review.status in UNANSWERED:
        return await visit.page("application.html", context, status)
    return await visit.page("answered.html", context, status)


async def mark(visit: Visit) -> Response:
    fields = await visit.form()
    section = section_id(read_text(fields, "section"), read_text(fields, "person"))
    takes_back = bool(read_text(fields, "take_back"))
    if sentence := "" if takes_back else _refuse_remark(read_text(fields, "remark")):
        return await _mark_again(visit, fields, sentence)
    try:
        await save_remark(visit, fields)
    except InvalidInput:
        return await _mark_again(visit, fields, "error_place")
    except Conflict as refusal:
        if refusal.code == "too_many_remarks":
            return await _mark_again(visit, fields, "error_many")
    return drop_refused(visit, visit.redirect(f"#{section}"))


async def give_back(visit: Visit) -> Response:
    await visit.form()
    services = visit.gateway.services
    try:
        asked = pb.ReturnReviewRequest(review=visit.credentials)
        await services.ask(ENROLLMENT["ReturnReview"], asked, pb.ReturnReviewResponse, GATEWAY)
    except Conflict:
        pass  # answered before, or nothing is marked any more: the page shows which
    return visit.redirect()


def _day(moment: Timestamp, state: str) -> str:
    """ISO, as calendars show it in the state."""
    return business_date(moment.ToDatetime(UTC), state).isoformat()


def _refuse_remark(remark: str) -> str:
    if not remark:
        return "error_remark"
    return "error_remark_long" if len(remark) > _LONGEST_REMARK else ""


async def _mark_again(visit: Visit, fields: FormData, sentence: str) -> Response:
    """With what was typed."""
    typed = {name: read_text(fields, name) for name in PENDING}
    refused = RefusedForm(_FORM, typed, {"remark": sentence})
    again = redirect_refused(visit, refused, f"#{section_id(typed['section'], typed['person'])}")
    return again or await _show_review(visit, await visit.read(), _fault(visit, refused), 422)


def _fault(visit: Visit, refused: RefusedForm) -> Mapping[str, str]:
    """What is wrong with a remark, for the template."""
    if not refused.errors:
        return {}
    section, message = section_id(refused.typed["section"], refused.typed["person"]), refused.errors["remark"]
    return {**refused.typed, "id": section, "message": visit.sentences.say(message)}


def _section(visit: Visit, review: pb.ReadReviewResponse, section: pb.ReviewSection) -> Mapping[str, Any]:
    """As the template takes it: title, lines, choices for a remark, and the remarks that were made."""
    texts = visit.sentences
    name = next((line.value for line in section.lines if line.label == "name"), "")
    labels = {line.field: texts.form.label(line.label) for line in reversed(section.lines) if line.field}
    made = [one for one in review.remarks if (one.section, one.person) == (section.key, section.person)]
    return {
        "id": section_id(section.key, section.person),
        "key": section.key,
        "person": section.person,
        "title": texts.form.section(section.key, section.person, name),
        "lines": [(texts.form.label(line.label), texts.value(line), bool(line.value)) for line in section.lines],
        "choices": [(field, labels[field]) for field in reversed(labels)],
        "remarks": [(one, labels.get(one.field) or texts.say("wrong_whole")) for one in made],
    }

"""Reading the texts, signing, and withdrawing the consent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.responses import Response
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import records_pb2

from chassis.kernel import Conflict, InvalidInput, Stale, put_first_name_first
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT
from gateway.pages.render import read_text
from gateway.pages.review.application import UNANSWERED, ask_about_unmarked
from gateway.pages.review.typed_form import TypedForm, drop_shown, drop_typed, find_errors, find_typed, redirect_typed
from gateway.pages.review.visit import Visit
from gateway.user import GATEWAY

# After these the application can no longer be signed by anybody.
_CLOSED = ("submission_running", "already_submitted", "application_cancelled", "application_expired")
# As the contract has it.
_LONGEST_NAME = 220
_FORM = "sign"


async def confirm(visit: Visit) -> Response:
    """Everything is right: remembers what was shown, since the signature applies to exactly that."""
    fields = await visit.form()
    if unmarked := await ask_about_unmarked(visit, fields):
        return unmarked
    response = visit.redirect("/sign")
    visit.set_cookie(response, "review_shown", read_text(fields, "sha256"))
    return response


async def sign_form(visit: Visit) -> Response:
    review = await visit.read()
    if review.status not in UNANSWERED or review.remarks or review.closed:
        return visit.redirect()
    if review.sha256 != visit.shown:
        return visit.redirect("?changed=1")
    return await _sign_page(visit, review, find_typed(visit, _FORM))


async def sign(visit: Visit) -> Response:
    fields = await visit.form()
    review = await visit.read()
    name, agreed = read_text(fields, "signature"), read_text(fields, "agreed") == "yes"
    if errors := _find_missing(name, agreed=agreed):
        return await _sign_again(visit, review, name, errors)
    asked = pb.SignReviewRequest(
        review=visit.credentials,
        sha256=read_text(fields, "sha256"),
        language=visit.sentences.language,
        signature=name,
        agreed=agreed,
    )
    try:
        await visit.gateway.services.ask(ENROLLMENT["SignReview"], asked, pb.SignReviewResponse, GATEWAY)
    except InvalidInput:
        return await _sign_again(visit, review, name, {"signature": "error_name"})
    except Stale:
        return visit.redirect("?changed=1")
    except Conflict as refusal:
        if refusal.code in _CLOSED:
            return await visit.page("message.html", {"key": "submitted"}, 409)
    return drop_typed(visit, visit.redirect())


async def choose_language(visit: Visit) -> Response:
    """By the form itself, so that the name is kept. Not the box: it is about the texts as they are shown."""
    fields = await visit.form()
    name, agreed = read_text(fields, "signature"), read_text(fields, "agreed")
    errors = find_errors(visit, _FORM, {"signature": name, "agreed": agreed})
    typed = TypedForm(_FORM, {"signature": name, "agreed": ""}, errors)
    return redirect_typed(visit, typed, "/sign") or await _sign_page(visit, await visit.read(), typed)


async def withdraw(visit: Visit) -> Response:
    fields = await visit.form()
    if read_text(fields, "withdraw") != "yes":
        return visit.redirect("?check=withdraw")
    asked = pb.WithdrawReviewRequest(review=visit.credentials)
    await visit.gateway.services.ask(ENROLLMENT["WithdrawReview"], asked, pb.WithdrawReviewResponse, GATEWAY)
    return visit.redirect()


async def _sign_again(visit: Visit, review: pb.ReadReviewResponse, name: str, errors: Mapping[str, str]) -> Response:
    agreed = "" if "agreed" in errors else "yes"
    refused = TypedForm(_FORM, {"signature": name, "agreed": agreed}, errors)
    return redirect_typed(visit, refused, "/sign") or await _sign_page(visit, review, refused, 422)


async def _sign_page(visit: Visit, review: pb.ReadReviewResponse, shown: TypedForm, status: int = 200) -> Response:
    texts = await asyncio.gather(*(_text(visit, review, one) for one in review.texts))
    context = {
        "review": review,
        "producer": put_first_name_first(review.producer.name),
        "texts": texts,
        "names": _say_names(visit, review, "sign_name_hint"),
        "shown": visit.shown,
        "name": shown.typed.get("signature", ""),
        "agreed": shown.typed.get("agreed") == "yes",
        "errors": {field: _say_names(visit, review, key) for field, key in shown.errors.items()},
    }
    return drop_shown(visit, shown, await visit.page("sign.html", context, status))


async def _text(visit: Visit, review: pb.ReadReviewResponse, wanted: records_pb2.ReviewedText) -> texts_pb2.LegalText:
    asked = texts_pb2.GetTextRequest(
        kind=wanted.kind, text_version=wanted.version, state=review.state, language=visit.sentences.language
    )
    found = await visit.gateway.services.ask(DOCUMENTS["GetText"], asked, texts_pb2.GetTextResponse, GATEWAY)
    return found.text


def _say_names(visit: Visit, review: pb.ReadReviewResponse, key: str) -> str:
    say = visit.sentences.say
    return say(key, names=say("sign_or").join(one.name for one in review.signers))


def _find_missing(name: str, *, agreed: bool) -> Mapping[str, str]:
    """The keys of sentences, by field."""
    errors = {}
    if not agreed:
        errors["agreed"] = "error_agree"
    if not name or len(name) > _LONGEST_NAME:
        errors["signature"] = "error_name_missing"
    return errors

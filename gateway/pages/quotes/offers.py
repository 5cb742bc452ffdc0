"""What is done with a saved quote: copy, requote, share, send, archive. Each answers with a redirect."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.documents.v1 import documents_service_pb2
from suite.quote.v1 import quote_offers_pb2 as pb
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.context import get_gateway, require_session
from gateway.edge.file_response import file_response
from gateway.edge.rpcs import DOCUMENTS, QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.forms.form_values import explain_dates
from gateway.pages.forms.typed_values import read_date
from gateway.pages.quotes.plan_changes import keep_changes
from gateway.pages.quotes.rpc import act_draft
from gateway.pages.render import form_of, parse_number, read_text, redirect_to

Answer = TypeVar("Answer", bound=Message)
_TYPED = ("email", "language", "effective_date")
# What the contract refuses: 0 would be its default, which nobody chose.
_NO_DAYS = -1


async def copy(request: Request) -> Response:
    fields = await _fields(request)
    asked = pb.CopyQuoteRequest(idempotency_key=read_text(fields, "key"), quote_id=_id(request))
    try:
        answer = await ask_service(request, QUOTE["CopyQuote"], asked, pb.CopyQuoteResponse)
    except DomainError as refusal:
        return await _refuse(request, fields, refusal)
    return redirect_to(f"/quotes/{answer.quote.quote_id}?done=copied")


async def requote(request: Request) -> Response:
    fields = await _fields(request)
    day = read_text(fields, "effective_date")
    asked = pb.RequoteRequest(
        idempotency_key=read_text(fields, "key"),
        quote_id=_id(request),
        effective_date=read_date(day),
    )
    try:
        answer = await ask_service(request, QUOTE["Requote"], asked, pb.RequoteResponse)
    except DomainError as refusal:
        return await _refuse(request, fields, refusal, only="effective_date")
    await keep_changes(request, answer.quote.quote_id, answer.changes)
    return redirect_to(f"/quotes/{answer.quote.quote_id}?done=requoted")


async def share(request: Request) -> Response:
    fields = await _fields(request)
    days = read_text(fields, "days")
    asked = pb.CreateShareLinkRequest(
        idempotency_key=read_text(fields, "key"), quote_id=_id(request), days=parse_number(days, _NO_DAYS)
    )
    return await _act(request, fields, QUOTE["CreateShareLink"], asked, pb.CreateShareLinkResponse, "shared")


async def revoke(request: Request) -> Response:
    asked = pb.RevokeShareLinkRequest(quote_id=_id(request), link_id=request.path_params["link_id"])
    fields = await _fields(request)
    return await _act(request, fields, QUOTE["RevokeShareLink"], asked, pb.RevokeShareLinkResponse, "revoked")


async def deliver(request: Request) -> Response:
    """By email; the address is used for this one message (R-note of DeliverQuote) and kept only while it is wrong."""
    fields = await _fields(request)
    asked = pb.DeliverQuoteRequest(
        idempotency_key=read_text(fields, "key"),
        quote_id=_id(request),
        email=read_text(fields, "email"),
        language=read_text(fields, "language"),
    )
    return await _act(request, fields, QUOTE["DeliverQuote"], asked, pb.DeliverQuoteResponse, "sent")


async def archive(request: Request) -> Response:
    asked = quote_service_pb2.ArchiveQuoteRequest(quote_id=_id(request))
    answer = quote_service_pb2.ArchiveQuoteResponse
    return await _act(request, await _fields(request), QUOTE["ArchiveQuote"], asked, answer, "archived")


async def restore(request: Request) -> Response:
    asked = quote_service_pb2.RestoreQuoteRequest(quote_id=_id(request))
    answer = quote_service_pb2.RestoreQuoteResponse
    return await _act(request, await _fields(request), QUOTE["RestoreQuote"], asked, answer, "restored")


async def proposal(request: Request) -> Response:
    asked = documents_service_pb2.GetProposalPdfRequest(
        quote_id=_id(request), language=request.query_params.get("language", "")
    )
    answer = await ask_service(
        request,
        DOCUMENTS["GetProposalPdf"],
        asked,
        documents_service_pb2.GetProposalPdfResponse,
    )
    return file_response(answer)


async def _act(
    request: Request, fields: FormData, rpc: MethodDescriptor, asked: Message, answer: type[Answer], done: str
) -> Response:
    try:
        await ask_service(request, rpc, asked, answer)
    except DomainError as refusal:
        return await _refuse(request, fields, refusal)
    return redirect_to(f"/quotes/{_id(request)}?done={done}#done")


async def _refuse(request: Request, fields: FormData, refusal: DomainError, only: str = "") -> Response:
    """``only``: the one thing that was changed, so that whatever it does not go with is said beside it."""
    session = await require_session(request)
    typed = {name: read_text(fields, name) for name in _TYPED if name in fields}
    await get_gateway(request).drafts.save(
        session.user,
        act_draft(_id(request)),
        {name: [text] for name, text in typed.items()},
        problems=[replace(one, field=only or one.field) for one in explain_dates(refusal.problems, typed)],
        message=refusal.message,
    )
    return redirect_to(f"/quotes/{_id(request)}?refused=1")


async def _fields(request: Request) -> FormData:
    return await form_of(request, await require_session(request))


def _id(request: Request) -> str:
    return str(request.path_params["quote_id"])

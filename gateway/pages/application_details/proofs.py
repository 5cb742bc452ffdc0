"""Proof of a life event: send it, list it, get it back (rules.md 1)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from suite.documents.v1 import proof_documents_pb2
from suite.enrollment.v1 import application_pb2

from chassis.contract_options import max_bytes
from chassis.kernel import DomainError, Forbidden, InvalidInput, Problem
from gateway.edge.context import require_session
from gateway.edge.file_response import file_response
from gateway.edge.middleware import BODY_LIMIT
from gateway.edge.problems import status_of
from gateway.edge.rpcs import DOCUMENTS
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_details.overview import proof_labels
from gateway.pages.render import read_text, redirect_to, render_page

_CONTENT = proof_documents_pb2.AddProofDocumentRequest.DESCRIPTOR.fields_by_name["content"]
MOST_BYTES = max_bytes(_CONTENT)
# A photo of a newer phone may be larger than what is taken: it is read to its end, so that the refusal stands beside
# the field instead of a browser's own page about a connection that was closed.
READ_BYTES = 3 * MOST_BYTES
_FORM_FIELDS = 8
# Field of the request -> field of the form.
_FORM_NAMES = {"content": "file", "media_type": "file"}


async def show(request: Request) -> Response:
    application = await application_reads.read_application(request)
    return await _page(request, application, secrets.token_urlsafe(16))


async def add(request: Request) -> Response:
    session = await require_session(request)
    request.scope[BODY_LIMIT] = READ_BYTES
    async with request.form(max_files=1, max_fields=_FORM_FIELDS) as fields:
        if not session.owns_form(read_text(fields, "csrf")):
            raise Forbidden(
                "This form is out of date. Please go back, reload the page and try again.", code="stale_form"
            )
        sent = fields.get("file")
        file = sent if isinstance(sent, UploadFile) and sent.filename else None
        asked = proof_documents_pb2.AddProofDocumentRequest(
            idempotency_key=read_text(fields, "key"),
            record_number=request.path_params["record_number"],
            kind=read_text(fields, "kind"),
            media_type=(file.content_type or "").lower() if file else "",
        )
        if file is None or file.size is None or file.size <= MOST_BYTES:
            asked.content = await file.read() if file else b""
            size = len(asked.content)
        else:
            size = file.size
    try:
        _check(asked, size, given=file is not None)
        await ask_service(request, DOCUMENTS["AddProofDocument"], asked, proof_documents_pb2.AddProofDocumentResponse)
    except DomainError as refusal:
        return await _page(
            request,
            await application_reads.read_application(request),
            asked.idempotency_key,
            _in_form_words(refusal),
            asked.kind,
        )
    return redirect_to(f"/applications/{asked.record_number}#documents")


async def download(request: Request) -> Response:
    answer = await ask_service(
        request,
        DOCUMENTS["GetProofDocument"],
        proof_documents_pb2.GetProofDocumentRequest(
            record_number=request.path_params["record_number"], document_id=request.path_params["document_id"]
        ),
        proof_documents_pb2.GetProofDocumentResponse,
    )
    return file_response(answer)


def _check(asked: proof_documents_pb2.AddProofDocumentRequest, size: int, *, given: bool) -> None:
    """What the service could not say in the form's words: that nothing was chosen, or that too much came."""
    problems = []
    if not asked.kind:
        problems.append(Problem("kind", "Choose the type of document.", "rules.md 1"))
    if not given:
        problems.append(Problem("content", "Choose a file.", "rules.md 1"))
    elif not size:
        problems.append(Problem("content", "The file is empty. Choose another one.", "rules.md 1"))
    elif size > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        message = f"The file is larger than {limit} MB. Scan or photograph it at a lower resolution."
        problems.append(Problem("content", message, "rules.md 1"))
    if problems:
        raise InvalidInput("Check the document.", problems=tuple(problems))


def _in_form_words(refusal: DomainError) -> DomainError:
    if not isinstance(refusal, InvalidInput):
        return refusal
    renamed = (Problem(_FORM_NAMES.get(one.field, one.field), one.message, one.rule) for one in refusal.problems)
    return InvalidInput(refusal.message, code=refusal.code, problems=tuple(renamed))


async def _page(
    request: Request,
    application: application_pb2.Application,
    key: str,
    refusal: DomainError | None = None,
    kind: str = "",
) -> Response:
    rules, proofs = await asyncio.gather(
        application_reads.read_rules(request, application), application_reads.list_proofs(request, application)
    )
    labels = proof_labels(rules)
    context = {
        "application": application,
        "key": key,
        "refusal": refusal,
        "errors": _by_field(refusal),
        "kind": kind,
        "kinds": [(code, labels.get(code, code)) for code in (*application.proofs_asked, "other")],
        "labels": labels,
        "proofs": proofs,
        "limit": MOST_BYTES // (1024 * 1024),
    }
    status = status_of(refusal) if refusal else 200
    return await render_page(request, "application_details/upload.html", context, status)


def _by_field(refusal: DomainError | None) -> Mapping[str, str]:
    return {one.field: one.message for one in refusal.problems} if refusal else {}

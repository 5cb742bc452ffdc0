"""Change how the applicant of a submitted application is reached: phone, email, mailing address."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import after_submission_pb2, application_pb2

from chassis.kernel import DomainError, InvalidInput, Problem, Stale
from gateway.edge.context import require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_details.refusal import explain_refusal
from gateway.pages.application_fields.labels import label_of_field
from gateway.pages.enrollment.contact import (
    CONTACT,
    MAILING,
    MAILING_DIFFERS,
    answer_mailing_differs,
    prepare_mailing_address,
)
from gateway.pages.enrollment.form import StepForm, read_sent
from gateway.pages.enrollment.step import shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import form_of, read_text, redirect_to, render_page


async def show(request: Request) -> Response:
    application = await application_reads.read_application(request)
    shown = _read(application)
    form = StepForm(shown, shown, application.version)
    return await _page(request, application, secrets.token_urlsafe(16), form)


async def change(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    sent, key = read_sent(fields), read_text(fields, "key")
    application = await application_reads.read_application(request)
    asked = after_submission_pb2.ChangeContactRequest(
        idempotency_key=key, record_number=application.record_number, version=sent.version
    )
    try:
        _put(asked, sent.typed, application)
        await _send(request, asked, sent.base)
    except Stale as refusal:
        application = await application_reads.read_application(request)
        form = StepForm(sent.typed, _read(application), application.version)
        return await _page(request, application, key, form, refusal)
    except DomainError as refusal:
        application = await application_reads.read_application(request)
        # under the version that was read, or what was changed since would be overwritten unseen
        form = StepForm(sent.typed, sent.base, sent.version, refusal.problems)
        return await _page(request, application, key, form, refusal)
    return redirect_to(f"/applications/{application.record_number}#contact")


async def _send(request: Request, asked: after_submission_pb2.ChangeContactRequest, shown: Values) -> None:
    """Sent again where something else was saved meanwhile, such as a payment; Stale where it was contact details."""
    rpc, answer = ENROLLMENT["ChangeContact"], after_submission_pb2.ChangeContactResponse
    try:
        await ask_service(request, rpc, asked, answer)
    except Stale:
        application = await application_reads.read_application(request)
        if _read(application) != shown:
            raise
        asked.version = application.version
        await ask_service(request, rpc, asked, answer)


def _read(application: application_pb2.Application) -> Values:
    """As the carrier has it now: what was submitted, or the newest change since."""
    now = application.contact_change if application.HasField("contact_change") else application.household
    shown = shown_values(read_values(now), (*CONTACT, *MAILING))
    return {**shown, MAILING_DIFFERS: answer_mailing_differs(now)}


def _put(
    asked: after_submission_pb2.ChangeContactRequest, typed: Values, application: application_pb2.Application
) -> None:
    asked.contact.SetInParent()
    mailing, problems = prepare_mailing_address(asked, typed, _read(application))
    if typed.get(MAILING_DIFFERS) not in ("yes", "no"):
        problems = [Problem(MAILING_DIFFERS, "Answer where letters go.")]
    problems += put_values(asked, {name: typed.get(name, "") for name in (*CONTACT, *mailing)})
    if problems:
        raise InvalidInput("Check the contact details.", problems=tuple(problems))


async def _page(
    request: Request,
    application: application_pb2.Application,
    key: str,
    form: StepForm,
    refusal: DomainError | None = None,
) -> Response:
    status = status_of(refusal) if refusal else 200
    if why := application.contact_change_refusal:
        return await explain_refusal(
            request, application, "Contact details cannot be changed", why, "Change Contact Details", status
        )
    stale = form.base.items() if isinstance(refusal, Stale) else ()
    context = {
        "application": application,
        "key": key,
        "form": form,
        "refusal": refusal,
        # What the form would replace without having shown it.
        "saved_now": [
            (label_of_field(name, application.household, application.plans), text)
            for name, text in stale
            if text != form.value(name)
        ],
    }
    return await render_page(request, "application_details/contact.html", context, status)

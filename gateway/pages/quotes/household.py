"""New Quote and Edit Quote: one form, kept as a draft, answered with redirects (R9, docs/adr/0028)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import DomainError, NotFound, Problem, Stale
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.forms.form_values import explain_dates
from gateway.pages.quotes import plan_changes
from gateway.pages.quotes.household_conflicts import bring_in_changes, write_household
from gateway.pages.quotes.household_form import HouseholdForm
from gateway.pages.quotes.household_page import check_form, known_counties, show_form
from gateway.pages.quotes.rpc import load_quote
from gateway.pages.render import form_of, read_text, redirect_to
from gateway.user import DelegatedAction

# An address as `new` makes it; the quote's idempotency key, too.
_KEY = re.compile(r"[\w-]{1,64}", re.ASCII)
# What a draft becomes once its quote is saved: no name stays in it.
_SAVED_AS = "quote_id"
# Drafts of Edit Quote, by the quote's id.
_EDIT = "quote-edit/"
_NOTHING: Mapping[str, list[str]] = {}


async def new(request: Request) -> Response:
    """Every New Quote has an address of its own, so that two tabs are two quotes and the back button finds it."""
    await require_session(request)
    return redirect_to(f"/quotes/new/{secrets.token_urlsafe(16)}")


async def show_new(request: Request) -> Response:
    session = await require_session(request)
    draft = await get_gateway(request).drafts.load(session.user, _new_form(request))
    if draft and (quote_id := draft.text(_SAVED_AS)):
        return redirect_to(f"/quotes/{quote_id}/edit")
    form = HouseholdForm.from_fields(draft.fields) if draft else HouseholdForm()
    usable = session.user.numbers_for(DelegatedAction.QUOTE)
    if not draft and len(usable) == 1:
        form.writing_number = usable[0].number
    return await show_form(request, form, draft, None)


async def save_new(request: Request) -> Response:
    session, name = await require_session(request), _new_form(request)
    fields = await form_of(request, session)
    form, action = HouseholdForm.from_fields(_typed(fields)), read_text(fields, "action")
    draft = await get_gateway(request).drafts.load(session.user, name)
    if draft and (quote_id := draft.text(_SAVED_AS)):
        return await _go_on_editing(request, form, quote_id, action)
    if answer := await _act(request, form, name, action):
        return answer
    try:
        quote_id = await _create(request, form)
    except DomainError as refusal:
        return await _refuse(request, form, name, refusal)
    await get_gateway(request).drafts.save(session.user, name, {_SAVED_AS: [quote_id]})
    return redirect_to(f"/quotes/{quote_id}/plans")


async def _create(request: Request, form: HouseholdForm) -> str:
    """The id of the new quote; of the same one when the same form comes twice."""
    message = await check_form(request, await require_session(request), form, request.path_params["key"])
    created = await ask_service(request, QUOTE["CreateQuote"], message, pb.CreateQuoteResponse)
    return created.quote.quote_id


async def _go_on_editing(request: Request, form: HouseholdForm, quote_id: str, action: str) -> Response:
    """A form whose quote is saved comes again, as from another tab: what differs waits in Edit Quote to be saved."""
    if action == "keep":  # it was on its way while the form was sent
        return Response(status_code=204)
    if form.act(action) is None and action != "refresh":
        try:
            return redirect_to(f"/quotes/{await _create(request, form)}/plans")
        except DomainError:  # not the same form: nothing of it is lost
            pass
    session = await require_session(request)
    await get_gateway(request).drafts.save(session.user, f"{_EDIT}{quote_id}", form.to_fields())
    return redirect_to(f"/quotes/{quote_id}/edit")


async def show_edit(request: Request) -> Response:
    session, quote = await require_session(request), await load_quote(request)
    draft = await get_gateway(request).drafts.load(session.user, _edit_form(request))
    form = HouseholdForm.from_fields(draft.fields) if draft else HouseholdForm.from_quote(quote)
    form.writing_number = quote.producer.writing_number
    return await show_form(request, form, draft, quote)


async def save_edit(request: Request) -> Response:
    session, name = await require_session(request), _edit_form(request)
    fields, quote = await form_of(request, session), await load_quote(request)
    form = HouseholdForm.from_fields(_typed(fields))
    version, base = read_text(fields, "version"), read_text(fields, "base")
    form.writing_number = quote.producer.writing_number
    drafts, address = get_gateway(request).drafts, f"/quotes/{quote.quote_id}"
    if (action := read_text(fields, "action")) == "discard":
        await drafts.delete(session.user, name)
        return redirect_to(address)
    if answer := await _act(request, form, name, action, {"version": [version], "base": [base]}):
        return answer
    try:
        changed = await _update(request, form, quote, version, base)
    except DomainError as refusal:
        # only who was shown what somebody else saved has read the newest version
        if isinstance(refusal, Stale):
            version, base = str(quote.version), write_household(quote)
        return await _refuse(request, form, name, refusal, {"version": [version], "base": [base]})
    await drafts.delete(session.user, name)
    await plan_changes.keep_changes(request, quote.quote_id, changed.changes)
    return redirect_to(f"{address}?done=updated" if changed.changes else f"{address}/plans")


async def _update(
    request: Request, form: HouseholdForm, quote: quote_pb2.Quote, version: str, base: str
) -> pb.UpdateQuoteResponse:
    session = await require_session(request)
    sent = await check_form(request, session, form, "unused-key")
    if version != str(quote.version):
        await _refuse_changes(request, form, base, quote)
    message = pb.UpdateQuoteRequest(
        quote_id=quote.quote_id,
        zip=sent.zip,
        county_fips=sent.county_fips,
        effective_date=sent.effective_date,
        members=sent.members,
        version=quote.version,
    )
    return await ask_service(request, QUOTE["UpdateQuote"], message, pb.UpdateQuoteResponse)


async def _refuse_changes(request: Request, form: HouseholdForm, base: str, quote: quote_pb2.Quote) -> None:
    """Raises Stale where something that the page shows was saved elsewhere; brought into the form unless typed here."""
    counties = await known_counties(request, form, quote.state)
    if changes := bring_in_changes(form, base, quote, counties.found):
        told = "This quote was changed while you were working on it. What you typed is kept: check it, then save again."
        raise Stale(told, problems=(Problem("", told), *changes))


async def _act(
    request: Request, form: HouseholdForm, name: str, action: str, more: Mapping[str, list[str]] = _NOTHING
) -> Response | None:
    """Keep what was typed, and add or remove a person; None for the button that sends the form off."""
    session, drafts = await require_session(request), get_gateway(request).drafts
    place = form.act(action)
    if place is None and action not in ("keep", "refresh"):
        return None
    await drafts.save(session.user, name, {**form.to_fields(), **more})
    if action == "keep":
        return Response(status_code=204)
    return redirect_to(request.url.path + (f"?person={place}#person-{place}" if place is not None else ""))


async def _refuse(
    request: Request, form: HouseholdForm, name: str, refusal: DomainError, more: Mapping[str, list[str]] = _NOTHING
) -> Response:
    """Back to the form with what was typed and what is wrong with it."""
    session = await require_session(request)
    typed = form.to_fields()
    problems = explain_dates(map(form.named, refusal.problems), {name: texts[0] for name, texts in typed.items()})
    await get_gateway(request).drafts.save(
        session.user, name, {**typed, **more}, problems=problems, message=refusal.message
    )
    return redirect_to(request.url.path)


def _typed(fields: FormData) -> dict[str, list[str]]:
    return {name: [read_text(fields, name)] for name in fields}


def _new_form(request: Request) -> str:
    key = request.path_params["key"]
    if not _KEY.fullmatch(key):
        raise NotFound("There is no such form. Choose New Quote in Quote & Enroll.")
    return f"quote/{key}"


def _edit_form(request: Request) -> str:
    return f"{_EDIT}{request.path_params['quote_id']}"

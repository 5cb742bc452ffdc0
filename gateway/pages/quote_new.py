"""New Quote: the form, the question "which county?", and saving (R9)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.contract import clean_texts, require_fields
from chassis.kernel import Clock, DomainError, InvalidInput, Problem, business_date, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.pages.quote_form import QuoteForm
from gateway.pages.render import form_of, read_text, redirect_to, render_page


async def show(request: Request) -> Response:
    session = await require_session(request)
    numbers = session.user.numbers
    form = QuoteForm(
        key=secrets.token_urlsafe(16),
        writing_number=numbers[0].number if len(numbers) == 1 else "",
        effective_date=_next_month(get_gateway(request).clock),
    )
    return await _page(request, form)


async def save(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    form = QuoteForm.read(fields)
    counties = CountyOptions()
    if form.act(read_text(fields, "action")):
        return await _page(request, form, counties)
    try:
        state = session.user.caller.writing_number(form.writing_number).state if form.writing_number else ""
        counties = await _counties(request, form, state)
        quote_id = await _create(request, form, state, counties)
    except DomainError as refusal:
        return await _page(request, form, counties, refusal, 422)
    return redirect_to(f"/quotes/{quote_id}/plans") if quote_id else await _page(request, form, counties)


@dataclass(frozen=True, slots=True)
class CountyOptions:
    """To choose from; ``not_listed``: the ZIP is not in the list, and these are all counties of the state."""

    found: Sequence[quote_pb2.County] = ()
    not_listed: bool = False

    @property
    def asked(self) -> bool:
        return len(self.found) > 1


async def _counties(request: Request, form: QuoteForm, state: str) -> CountyOptions:
    """The counties of the ZIP that lie in the state; a single one answers the question by itself."""
    if not form.zip or not state:
        return CountyOptions()
    session = await require_session(request)
    year = int(form.effective_date[:4]) if form.effective_date[:4].isdecimal() else 0
    asked = quote_service_pb2.ListCountiesRequest(zip=form.zip, plan_year=year)
    answer = await get_gateway(request).services.ask(
        QUOTE["ListCounties"], asked, quote_service_pb2.ListCountiesResponse, session.user.caller
    )
    counties = [county for county in answer.counties if county.state == state]
    if not counties:
        raise InvalidInput.at(
            "zip", f"This ZIP code is not in {state}. Enter a ZIP code in the state of the writing number.", rule="R26"
        )
    if form.county_fips not in {county.fips for county in counties}:
        form.county_fips = counties[0].fips if len(counties) == 1 else ""
    return CountyOptions(counties, answer.zip_not_listed)


async def _create(request: Request, form: QuoteForm, state: str, counties: CountyOptions) -> str | None:
    """The new quote's id; None when the county has to be asked for first."""
    problems = form.unanswered()
    message = form.to_proto(state)
    clean_texts(message)  # as the service does, before it checks bounds
    try:
        require_fields(message)
    except InvalidInput as missing:
        problems += [p for p in missing.problems if p.field not in ("state", "idempotency_key")]
    if counties.asked and not form.county_fips:
        only_county = problems == [Problem("county_fips", "Enter a value.")]
        if only_county:
            return None
    if problems:
        problems = [p for p in problems if p.field != "county_fips" or counties.found]
        raise InvalidInput("Some answers are missing or need to be corrected.", problems=tuple(problems))
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        QUOTE["CreateQuote"], message, quote_service_pb2.CreateQuoteResponse, session.user.caller
    )
    return answer.quote.quote_id


async def _page(
    request: Request,
    form: QuoteForm,
    counties: CountyOptions = CountyOptions(),
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    context = {
        "form": form,
        "counties": counties,
        "refusal": refusal,
        "errors": {problem.field: problem.message for problem in refusal.problems} if refusal else {},
    }
    return await render_page(request, "quote_new.html", context, status)


def _next_month(clock: Clock) -> str:
    """Where most coverage begins; only what the form starts with."""
    today = business_date(clock.now(), get_markets().home.state)
    return (date(today.year, today.month, 1) + timedelta(days=32)).replace(day=1).isoformat()

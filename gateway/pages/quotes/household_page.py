"""The page of the form of a quote, and what is checked of it before the quote service is asked."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.contract import clean_texts, require_fields
from chassis.kernel import DomainError, InvalidInput, Problem, ProblemList
from gateway.edge.context import require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.forms.drafts import FormDraft
from gateway.identity.sessions import Session
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.quotes.counties import CountyOptions, find_counties
from gateway.pages.quotes.household_conflicts import write_household
from gateway.pages.quotes.household_form import DEPENDENT_CHOICES, HouseholdForm
from gateway.pages.quotes.proposed_dates import follow_state, propose_dates
from gateway.pages.render import parse_number, render_page


async def check_form(request: Request, session: Session, form: HouseholdForm, key: str) -> pb.CreateQuoteRequest:
    """What the quote service is to be told; InvalidInput that names every field that is wrong."""
    state = state_of(session, form)
    problems = ProblemList(form.unanswered())
    message = form.to_proto(state, key)
    clean_texts(message)  # as the service does, before it checks bounds
    form.zip = message.zip
    try:
        require_fields(message)
    except InvalidInput as refusal:
        problems.add(form.named(p) for p in refusal.problems if p.field not in ("state", "county_fips"))
    counties = await _counties_or_problems(request, form, state, problems)
    if form.zip and state and counties.found and not form.county_fips:
        problems.add([Problem("county_fips", "Choose the county of the home address.", "R52")])
    message.county_fips = form.county_fips
    if problems.found:
        problems.add(await _problems_of_the_service(request, form, message))
        raise InvalidInput("Some answers are missing or need to be corrected.", problems=problems.found)
    return message


async def _problems_of_the_service(
    request: Request, form: HouseholdForm, message: pb.CreateQuoteRequest
) -> list[Problem]:
    """Of what the form has, without what it lacks; nothing is saved."""
    asked = pb.CreateQuoteRequest(validate_only=True)
    asked.MergeFrom(message)
    try:
        await ask_service(request, QUOTE["CreateQuote"], asked, pb.CreateQuoteResponse)
    except InvalidInput as refusal:
        return [form.named(p) for p in refusal.problems if p.field not in ("state", "county_fips")]
    return []


async def _counties_or_problems(
    request: Request, form: HouseholdForm, state: str, problems: ProblemList
) -> CountyOptions:
    if any(problem.field == "zip" for problem in problems.found):
        return CountyOptions()
    try:
        return await find_counties(request, form, state)
    except InvalidInput as refusal:
        problems.add(map(form.named, refusal.problems))
    return CountyOptions()


async def show_form(
    request: Request, form: HouseholdForm, draft: FormDraft | None, quote: quote_pb2.Quote | None
) -> Response:
    """``quote``: the one that is edited; None for a new one."""
    session = await require_session(request)
    state, proposal = state_of(session, form), None
    if quote is None:
        proposal = follow_state(form, await propose_dates(request), state)
    counties = await known_counties(request, form, state)
    problems = draft.problems if draft else ()
    refusal = FormRefusal(draft.message, problems) if draft and draft.message else None
    person = request.query_params.get("person", "")
    context = {
        "form": form,
        "quote": quote,
        "counties": counties,
        "proposal": proposal if proposal and form.effective_day == proposal.effective_date else None,
        "refusal": refusal,
        "errors": {problem.field: problem.message for problem in problems},
        **_seen(draft, quote),
        "saved_at": draft.saved_at if draft else None,
        "person_at": parse_number(person, otherwise=-1),
        "state": state,
        "dependent_choices": DEPENDENT_CHOICES,
    }
    return await render_page(request, "quotes/household.html", context)


def _seen(draft: FormDraft | None, quote: quote_pb2.Quote | None) -> dict[str, str]:
    """The version, and what it has, that whoever typed the form has seen; nothing of a new quote."""
    if draft and draft.text("version"):
        return {"version": draft.text("version"), "base": draft.text("base")}
    return {"version": str(quote.version), "base": write_household(quote)} if quote else {"version": "", "base": ""}


async def known_counties(request: Request, form: HouseholdForm, state: str) -> CountyOptions:
    """For the question "which county?"; what is wrong with the ZIP code is said when the form is sent."""
    try:
        return await find_counties(request, form, state)
    except DomainError:
        return CountyOptions()


def state_of(session: Session, form: HouseholdForm) -> str:
    """The state of the writing number; empty while none of the person's own is chosen."""
    return next((n.state for n in session.user.numbers if n.number == form.writing_number), "")

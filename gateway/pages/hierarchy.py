"""My Hierarchy: writing numbers by state, who may act under them, and what was granted and revoked (R3, R7, R25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from chassis.identity import WritingNumber
from chassis.kernel import Forbidden, InvalidInput, NotFound, Problem, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.forms.drafts import FormDraft
from gateway.identity.agencies import find_agency_membership
from gateway.identity.delegations import DelegationRequest, Delegations
from gateway.identity.sessions import Session
from gateway.pages.formatting import format_day
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.forms.typed_values import date_advice, parse_date, write_date
from gateway.pages.render import form_of, read_text, redirect_to, render_page
from gateway.store.delegation_rows import Delegation, DelegationTerms
from gateway.user import DelegatedAction, User

ACTIONS = {
    DelegatedAction.QUOTE: "Make and share quotes",
    DelegatedAction.ENROLL: "Start and edit applications",
    DelegatedAction.SUBMIT: "Submit applications and change or end them afterwards",
    DelegatedAction.PAY: "Open the payment page",
}
_DRAFT = "delegation"


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation as a page shows it. ``standing``: "Active", "Starts 6/1/2026" or "Ended 5/1/2026"."""

    delegation: Delegation
    actions: Sequence[str]
    days: str
    standing: str


@dataclass(frozen=True, slots=True)
class SubProducerRow:
    """A writing number below the producer in the agency, and what he may do under it besides looking."""

    number: WritingNumber
    actions: Sequence[str]


async def show(request: Request) -> Response:
    session, delegations = await require_session(request), _delegations(request)
    user, now = session.user, get_gateway(request).clock.now()
    if user.is_delegate:
        rows = [_row(one, now) for one in await delegations.of_delegate(user)]
        return await render_page(request, "hierarchy/delegate.html", {"rows": rows})
    rows = [_row(one, now) for one in await delegations.of_producer(user)]
    changes = [
        {"change": one, "terms": _describe(one.terms, _state_of(user.own_numbers, one.number))}
        for one in await delegations.changes(user)
    ]
    context = {
        "rows": rows,
        "numbers": _by_state(user.own_numbers),
        "changes": changes,
        "membership": await find_agency_membership(get_gateway(request).database, user.user_id),
        "sub_producers": list(_sub_producers(user)),
    }
    return await render_page(request, "hierarchy/producer.html", context)


async def edit(request: Request) -> Response:
    """The form for a new delegation, for one that is changed, or again with what was wrong."""
    session = await _require_producer(request)
    draft = await get_gateway(request).drafts.load(session.user, _DRAFT) if "again" in request.query_params else None
    fields = dict(draft.fields) if draft else await _known_fields(request, session)
    context = {
        "fields": fields,
        "text": lambda name: next(iter(fields.get(name, ())), ""),
        "refusal": FormRefusal(draft.message, draft.problems) if draft and draft.message else None,
        "errors": _errors(draft),
        "numbers": session.user.own_numbers,
        "actions": ACTIONS,
    }
    return await render_page(request, "hierarchy/edit.html", context, 422 if draft and draft.message else 200)


async def grant(request: Request) -> Response:
    session, drafts = await _require_producer(request), get_gateway(request).drafts
    form = await form_of(request, session)
    fields = {name: [str(text).replace("\x00", "") for text in form.getlist(name)] for name in form if name != "csrf"}
    try:
        await _delegations(request).grant(session.user, _wanted(fields))
    except InvalidInput as refusal:
        await drafts.save(session.user, _DRAFT, fields, problems=refusal.problems, message=refusal.message)
        return redirect_to("/my-hierarchy/access?again=1")
    await drafts.delete(session.user, _DRAFT)
    return redirect_to("/my-hierarchy")


async def confirm_revocation(request: Request) -> Response:
    session = await _require_producer(request)
    found = await _find(request, session)
    if found is None:
        raise NotFound("This delegate has no access under this writing number.")
    return await render_page(request, "hierarchy/revoke.html", {"delegation": found})


async def revoke(request: Request) -> Response:
    session = await _require_producer(request)
    fields = await form_of(request, session)
    delegate_id = read_text(fields, "delegate")
    await _delegations(request).revoke(session.user, delegate_id, read_text(fields, "number"))
    get_gateway(request).sessions.forget(delegate_id)
    return redirect_to("/my-hierarchy")


async def _require_producer(request: Request) -> Session:
    session = await require_session(request)
    if session.user.is_delegate:
        raise Forbidden("This page is for producers. Your own access is in My Hierarchy.")
    return session


def _delegations(request: Request) -> Delegations:
    gateway = get_gateway(request)
    return Delegations(gateway.database, gateway.clock)


async def _find(request: Request, session: Session) -> Delegation | None:
    delegate, number = (request.query_params.get(name, "") for name in ("delegate", "number"))
    found = await _delegations(request).of_producer(session.user)
    return next((one for one in found if (one.delegate_id, one.number) == (delegate, number)), None)


async def _known_fields(request: Request, session: Session) -> dict[str, Sequence[str]]:
    """Of the delegation that the address names; of none, everything that may be done."""
    found = await _find(request, session)
    if found is None:
        return {"actions": [action.value for action in DelegatedAction]}
    first, last = _days(found.terms, found.state)
    return {
        "email": [found.email],
        "numbers": [found.number],
        "actions": [action.value for action in found.terms.actions],
        "first_day": [write_date(first.isoformat()) if first else ""],
        "last_day": [write_date(last.isoformat()) if last else ""],
    }


def _wanted(fields: Mapping[str, Sequence[str]]) -> DelegationRequest:
    """Raises InvalidInput for dates and actions that cannot be read."""
    problems: list[Problem] = []

    def read_day(name: str) -> date | None:
        typed = next(iter(fields.get(name, ())), "").strip()
        iso = parse_date(typed)
        if typed and iso is None:
            problems.append(Problem(name, date_advice(typed)))
        return date.fromisoformat(iso) if iso else None

    first, last = read_day("first_day"), read_day("last_day")
    words = fields.get("actions", ())
    if not set(words) <= set(DelegatedAction):
        problems.append(Problem("actions", "Choose among the actions of the list."))
    if problems:
        raise InvalidInput("Correct the access you want to give.", problems=tuple(problems))
    email = next(iter(fields.get("email", ())), "").strip()
    return DelegationRequest(email, fields.get("numbers", ()), frozenset(map(DelegatedAction, words)), first, last)


def _sub_producers(user: User) -> Iterator[SubProducerRow]:
    for number, grant in zip(user.numbers, user.grants, strict=bool(user.grants)):
        if grant:
            yield SubProducerRow(number, [text for action, text in ACTIONS.items() if action in grant.actions])


def _errors(draft: FormDraft | None) -> dict[str, str]:
    return {problem.field: problem.message for problem in draft.problems} if draft else {}


def _by_state(numbers: Sequence[WritingNumber]) -> dict[str, list[WritingNumber]]:
    found: dict[str, list[WritingNumber]] = {}
    for number in numbers:
        found.setdefault(number.state, []).append(number)
    return found


def _state_of(numbers: Sequence[WritingNumber], number: str) -> str:
    return next((one.state for one in numbers if one.number == number), get_markets().home.state)


def _row(one: Delegation, now: datetime) -> DelegationRow:
    first, last = _days(one.terms, one.state)
    standing = "Active"
    if one.terms.starts_at and one.terms.starts_at > now:
        standing = f"Starts {format_day(first.isoformat())}" if first else "Active"
    elif one.terms.ends_at and one.terms.ends_at <= now:
        standing = f"Ended {format_day(last.isoformat())}" if last else "Ended"
    return DelegationRow(
        one, [text for action, text in ACTIONS.items() if action in one.terms.actions], _span(first, last), standing
    )


def _describe(terms: DelegationTerms, state: str) -> str:
    allowed = ", ".join(text for action, text in ACTIONS.items() if action in terms.actions) or "View only"
    return f"{allowed}. {_span(*_days(terms, state))}"


def _days(terms: DelegationTerms, state: str) -> tuple[date | None, date | None]:
    """The first and the last day, where the number's state keeps its clocks."""
    zone = get_markets()[state].zone
    first = terms.starts_at.astimezone(zone).date() if terms.starts_at else None
    last = terms.ends_at.astimezone(zone).date() - timedelta(days=1) if terms.ends_at else None
    return first, last


def _span(first: date | None, last: date | None) -> str:
    begins = format_day(first.isoformat()) if first else ""
    ends = format_day(last.isoformat()) if last else ""
    if begins and ends:
        return f"{begins} to {ends}"
    if begins or ends:
        return f"From {begins}" if begins else f"Until {ends}"
    return "No time limit"

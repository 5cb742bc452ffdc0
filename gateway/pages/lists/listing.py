"""Agent Assisted Enrollment: the lists (R5, R97-R99), the search by client name, and CSV."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import DomainError, InvalidInput, Problem
from gateway.edge.context import require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.identity.sessions import Session
from gateway.pages.application_fields.steps import TITLES
from gateway.pages.csv_file import csv_response
from gateway.pages.formatting import format_label, state_name
from gateway.pages.forms.form_values import explain_dates
from gateway.pages.forms.typed_values import write_date
from gateway.pages.lists.columns import COLUMNS
from gateway.pages.lists.list_query import DATES, PAYMENTS, STATUS_CHOICES, STEPS, ListQuery
from gateway.pages.render import form_of, read_text, redirect_to, render_page
from gateway.pages.saved_searches import keep_search, read_search

# The largest page that the contract gives.
EXPORT_PAGE = 200
# A year's work of a large agency; more would keep the database busy for one person.
EXPORT_ROWS = 10_000
_INCOMPLETE = application_pb2.APPLICATION_STATUS_INCOMPLETE


# A value of a form, and what people read for it.
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _FoundPage:
    """One page of a list, or why there is none."""

    answer: pb.SearchApplicationsResponse
    refusal: DomainError | None = None


async def show(request: Request) -> Response:
    session, query = await require_session(request), ListQuery.from_parameters(request.query_params)
    applicant = await read_search(request, session, query.name)
    found = await _find_page(request, query, applicant)
    context = {
        "query": query,
        "tabs": list(COLUMNS),
        "columns": COLUMNS[query.tab],
        "found": found.answer,
        "refusal": found.refusal,
        "errors": _errors(found.refusal, query),
        "days": {name: write_date(text) for name, text in query.days.items()},
        "applicant": applicant,
        "choices": _Choices.of(session, query),
        "opens": opening_address,
        "export_rows": EXPORT_ROWS,
    }
    return await render_page(
        request, "lists/applications.html", context, status_of(found.refusal) if found.refusal else 200
    )


async def search(request: Request) -> Response:
    """Keeps the name that was typed, and leads to the address of the list: no name gets into it."""
    session = await require_session(request)
    fields = await form_of(request, session)
    given = {name: read_text(fields, name) for name in ListQuery.__slots__ if name not in ("name", "page", "at")}
    kept = await keep_search(request, session, read_text(fields, "applicant"))
    return redirect_to(ListQuery.from_parameters(given | {"name": kept}).address())


async def export(request: Request) -> Response:
    """The whole list in the order of the page, within EXPORT_ROWS."""
    session = await require_session(request)
    query = replace(ListQuery.from_parameters(request.query_params), page="")
    applicant = await read_search(request, session, query.name)
    # asked before anything is sent: a refusal is an error page, not a file that breaks off
    first = await _ask(request, query.to_request(applicant, EXPORT_PAGE))
    head = [column.label for column in COLUMNS[query.tab]]
    return csv_response(f"{query.tab}-applications.csv", head, _exported(request, query, applicant, first))


def opening_address(row: pb.ApplicationSummary) -> str:
    """Where a record number leads: drafts go on, all else opens its details (R97)."""
    address = f"/applications/{row.record_number}"
    return f"{address}/resume" if row.status == _INCOMPLETE else address


def _errors(refusal: DomainError | None, query: ListQuery) -> dict[str, str]:
    problems = [Problem(query.field_of(p.field), p.message) for p in refusal.problems] if refusal else []
    return {problem.field: problem.message for problem in explain_dates(problems, query.days, query.days)}


async def _find_page(request: Request, query: ListQuery, applicant: str) -> _FoundPage:
    """An empty page with the refusal where something of the search is wrong, so that it can be corrected."""
    try:
        return _FoundPage(await _ask(request, query.to_request(applicant)))
    except InvalidInput as refusal:
        return _FoundPage(pb.SearchApplicationsResponse(), refusal)


async def _ask(request: Request, asked: pb.SearchApplicationsRequest) -> pb.SearchApplicationsResponse:
    return await ask_service(request, ENROLLMENT["SearchApplications"], asked, pb.SearchApplicationsResponse)


async def _exported(
    request: Request, query: ListQuery, applicant: str, answer: pb.SearchApplicationsResponse
) -> AsyncIterator[Sequence[str]]:
    columns, sent = COLUMNS[query.tab], 0
    while True:
        for row in answer.applications:
            yield [column.exported(row) for column in columns]
        sent += len(answer.applications)
        if not answer.next_page_token:
            return
        if sent >= EXPORT_ROWS:
            yield [f"Only the first {EXPORT_ROWS:,} rows are in this file. Narrow the list to export the others."]
            return
        asked = query.to_request(applicant, EXPORT_PAGE)
        asked.page.token = answer.next_page_token
        answer = await _ask(request, asked)


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the filters of a list offer."""

    states: Sequence[Choice]
    producers: Sequence[Choice]
    statuses: dict[str, str]
    payments: Sequence[Choice]
    steps: Sequence[Choice]
    dates: dict[str, str]
    orders: Sequence[Choice]

    @classmethod
    def of(cls, session: Session, query: ListQuery) -> _Choices:
        numbers = session.user.numbers
        return cls(
            states=[(state, state_name(state)) for state in sorted({number.state for number in numbers})],
            producers=[(n.number, f"{n.producer_name}, {n.state} {n.number}") for n in numbers],
            statuses=STATUS_CHOICES[query.tab],
            payments=[(word, format_label(word)) for word in PAYMENTS if query.tab == "completed"],
            steps=[(word, TITLES[step]) for word, step in STEPS.items() if query.tab == "incomplete"],
            dates=DATES[query.tab],
            orders=[(column.name, column.label) for column in COLUMNS[query.tab]],
        )

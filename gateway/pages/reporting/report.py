"""The page of the report, and its CSV."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import reports_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import business_date, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT, QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.csv_file import csv_response
from gateway.pages.formatting import NOTHING, format_month, state_name
from gateway.pages.render import render_page
from gateway.pages.reporting import figures
from gateway.pages.reporting.charts import BAR, BARS_FROM, BarChart, draw_bars, shorten_amount
from gateway.pages.reporting.figures import HEAD, ReportRow

# How far back a report may go; the contract gives at most 24 months.
MONTHS = {"1": "This month", "2": "2 months", "6": "6 months", "12": "12 months", "24": "24 months"}


@dataclass(frozen=True, slots=True)
class ReportQuery:
    months: str
    state: str
    producer: str

    @classmethod
    def of(cls, request: Request) -> ReportQuery:
        asked = request.query_params
        months = asked.get("months", "12")
        return cls(months if months in MONTHS else "12", asked.get("state", ""), asked.get("producer", ""))


async def show(request: Request) -> Response:
    session, query = await require_session(request), ReportQuery.of(request)
    months = _months(request, query)
    rows = await _find(request, query, months)
    monthly = figures.by_month(rows, months)
    numbers = session.user.numbers
    context = {
        "query": query,
        "months": MONTHS.items(),
        "states": [(state, state_name(state)) for state in sorted({number.state for number in numbers})],
        "producers": [(n.number, f"{n.producer_name}, {n.state} {n.number}") for n in numbers],
        "charts": _charts(monthly),
        "monthly": monthly,
        "by_state": figures.by_state(rows),
        "in_all": figures.in_all(rows),
        "bars_from": BARS_FROM,
        "bar_height": BAR,
    }
    return await render_page(request, "reporting/report.html", context)


async def export(request: Request) -> Response:
    query = ReportQuery.of(request)
    rows = await _find(request, query, _months(request, query))

    async def lines() -> AsyncIterator[Sequence[str]]:
        for row in rows:
            yield row.cells()

    return csv_response("report.csv", HEAD, lines())


async def _find(request: Request, query: ReportQuery, months: Sequence[str]) -> list[ReportRow]:
    asked = {
        "first_month": months[0],
        "last_month": months[-1],
        "state": query.state,
        "writing_number": query.producer,
    }
    quotes, enrollment = await asyncio.gather(
        ask_service(
            request,
            QUOTE["GetQuoteReport"],
            quote_service_pb2.GetQuoteReportRequest(**asked),
            quote_service_pb2.GetQuoteReportResponse,
        ),
        ask_service(
            request,
            ENROLLMENT["GetEnrollmentReport"],
            reports_pb2.GetEnrollmentReportRequest(**asked),
            reports_pb2.GetEnrollmentReportResponse,
        ),
    )
    return figures.combine_figures(quotes.figures, enrollment.figures)


def _months(request: Request, query: ReportQuery) -> list[str]:
    """This month and those before, oldest first: "2026-05"."""
    today = business_date(get_gateway(request).clock.now(), get_markets().home.state)
    count = today.year * 12 + today.month - 1
    return [f"{place // 12}-{place % 12 + 1:02d}" for place in range(count - int(query.months) + 1, count + 1)]


def _charts(by_month: Sequence[ReportRow]) -> list[BarChart]:
    monthly = by_month[::-1]  # the newest first, as in the table
    labels = [format_month(row.month) for row in monthly]

    def chart(title: str, values: Sequence[int | None], texts: Sequence[str]) -> BarChart:
        return draw_bars(title, labels, values, texts)

    amounts = [shorten_amount(row.premium_cents) for row in monthly]
    conversion, days = [row.conversion for row in monthly], [row.days for row in monthly]
    return [
        chart("Quotes made", [row.quotes for row in monthly], [str(row.quotes) for row in monthly]),
        chart("Applications submitted", [row.submitted for row in monthly], [str(row.submitted) for row in monthly]),
        chart("Monthly premium submitted", [row.premium_cents for row in monthly], amounts),
        chart("Conversion", conversion, [_said(value, "%") for value in conversion]),
        chart("Days from quote to submission (median)", days, [_said(value, "") for value in days]),
    ]


def _said(value: int | None, unit: str) -> str:
    return NOTHING if value is None else f"{value}{unit}"

"""The figures of a report: what both services counted, put together by month, by state, and in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

from suite.enrollment.v1 import reports_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Money


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A state in a month, or a sum of such lines. ``days``: median from quote to submission, None without any."""

    state: str
    month: str
    quotes: int = 0
    submitted: int = 0
    from_quotes: int = 0
    premium_cents: int = 0
    days: int | None = None

    @property
    def conversion(self) -> int | None:
        """Percent: submissions that began as a quote, of the quotes that were made; None without a quote."""
        return round(100 * self.from_quotes / self.quotes) if self.quotes else None

    @property
    def premium(self) -> str:
        return f"${self.premium_cents // 100:,}.{self.premium_cents % 100:02d}"

    def cells(self) -> tuple[str, ...]:
        """As the CSV file has them; an amount as a plain decimal, empty for what there is none of."""
        shown = [None if one is None else str(one) for one in (self.conversion, self.days)]
        premium = f"{Money(self.premium_cents).dollars:.2f}"
        texts = (str(self.quotes), str(self.submitted), premium, *(text or "" for text in shown))
        return (self.month, self.state, *texts)


HEAD = (
    "Month",
    "State",
    "Quotes made",
    "Applications submitted",
    "Monthly premium submitted",
    "Conversion in percent",
    "Median days from quote to submission",
)


def combine_figures(
    quotes: Iterable[quote_service_pb2.QuoteFigures], enrollment: Iterable[reports_pb2.EnrollmentFigures]
) -> list[ReportRow]:
    """One row for each state and month of which either service tells; by month, then by state."""
    made = {(one.month, one.state): one.made for one in quotes}
    sent = {(one.month, one.state): one for one in enrollment}
    return [_row(place, made.get(place, 0), sent.get(place)) for place in sorted({*made, *sent})]


def _row(place: tuple[str, str], made: int, sent: reports_pb2.EnrollmentFigures | None) -> ReportRow:
    month, state = place
    if sent is None:
        return ReportRow(state, month, made)
    days = sent.median_days_from_quote if sent.HasField("median_days_from_quote") else None
    return ReportRow(state, month, made, sent.submitted, sent.submitted_from_quotes, sent.monthly_premium.cents, days)


def by_month(rows: Sequence[ReportRow], months: Sequence[str]) -> list[ReportRow]:
    """A row for each month, those without any figure among them."""
    return [_sum([row for row in rows if row.month == month], month=month) for month in months]


def by_state(rows: Sequence[ReportRow]) -> list[ReportRow]:
    return [_sum([row for row in rows if row.state == state], state=state) for state in sorted({r.state for r in rows})]


def in_all(rows: Sequence[ReportRow]) -> ReportRow:
    return _sum(rows)


def _sum(rows: Sequence[ReportRow], state: str = "", month: str = "") -> ReportRow:
    """The median of a sum is that of its lines, each counted as often as it has submissions from a quote."""

    def total(read: Callable[[ReportRow], int]) -> int:
        return sum(map(read, rows))

    days = [row.days for row in rows if row.days is not None for _ in range(row.from_quotes)]
    return ReportRow(
        state,
        month,
        total(lambda row: row.quotes),
        total(lambda row: row.submitted),
        total(lambda row: row.from_quotes),
        total(lambda row: row.premium_cents),
        median_low(days) if days else None,
    )

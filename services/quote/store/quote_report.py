"""Store: how many quotes were made, counted in the index that holds what the report asks for."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, case, cast, func, select

from chassis.kernel import get_markets
from services.quote.store.tables import QuoteRow as Q
from services.quote.usecases.ports import QuoteReportSearch

# No state's clocks are further from UTC.
_DAY = timedelta(days=1)


def report_query(search: QuoteReportSearch) -> Any:
    """The range of instants is for the index; the business date in the quote's state decides."""
    zones = case({state: one.zone.key for state, one in get_markets().by_state.items()}, value=Q.state)
    day = cast(func.timezone(zones, Q.created_at), Date)
    month = func.to_char(day, "YYYY-MM").label("month")
    first, last = (datetime.combine(one, time(), UTC) for one in (search.first, search.last))
    query: Any = select(Q.state, month, func.count().label("made"), func.count(Q.exchange).label("with_plans")).where(
        Q.writing_number.in_(search.numbers),
        Q.created_at >= first - _DAY,
        Q.created_at < last + 2 * _DAY,
        day >= search.first,
        day <= search.last,
    )
    if search.state:
        query = query.where(Q.state == search.state)
    return query.group_by(Q.state, month).order_by(month, Q.state)

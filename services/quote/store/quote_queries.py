"""Store: the queries behind the list of quotes and their expiry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from chassis.kernel import business_date, get_markets
from services.quote.domain.quote import QuoteStatus
from services.quote.domain.quote_search import QuoteOrder, QuoteSearch
from services.quote.store.tables import QuoteRow as Q

# What a list is ordered by, and whether downwards. It changes only where somebody
# corrects a quote, so pages stay put.
_ORDERS: dict[QuoteOrder, tuple[str, bool]] = {
    QuoteOrder.NEWEST: ("created_at", True),
    QuoteOrder.OLDEST: ("created_at", False),
    QuoteOrder.EARLIEST_EFFECTIVE: ("effective_date", False),
    QuoteOrder.LATEST_EFFECTIVE: ("effective_date", True),
    QuoteOrder.CLIENT_NAME: ("client_name", False),
    QuoteOrder.CLIENT_NAME_DESCENDING: ("client_name", True),
}


def page_query(search: QuoteSearch, after: str | None, limit: int, now: datetime) -> Any:
    """Those behind the quote ``after`` in the search's order; the id decides between equals."""
    name, downwards = _ORDERS[search.order]
    key: Any = getattr(Q, name)
    query: Any = select(Q).where(*_conditions(search, now))
    place = tuple_(key, Q.quote_id)
    if after:
        named = aliased(Q)
        last = select(getattr(named, name), named.quote_id).where(named.quote_id == after).scalar_subquery()
        query = query.where(place < last if downwards else place > last)
    order = (key.desc(), Q.quote_id.desc()) if downwards else (key, Q.quote_id)
    return query.order_by(*order).limit(limit)


def count_query(search: QuoteSearch, now: datetime) -> Any:
    """How many a search finds on all pages together."""
    return select(func.count()).select_from(Q).where(*_conditions(search, now))


def duplicates_query(keys: Collection[tuple[str, str, date]]) -> Any:
    """How many quotes there are for each writing number, client and effective date."""
    key = (Q.writing_number, Q.client_name, Q.effective_date)
    return select(*key, func.count()).where(tuple_(*key).in_(keys)).group_by(*key)


def expiring_query(now: datetime, limit: int) -> Any:
    """Locked; rows that somebody else holds are left out."""
    query: Any = select(Q).where(Q.expired_at.is_(None), _plan_year_is_over(now))
    return query.order_by(Q.effective_date).limit(limit).with_for_update(skip_locked=True)


def _conditions(search: QuoteSearch, now: datetime) -> list[ColumnElement[bool]]:
    words = search.client_name.casefold().split()
    found: list[ColumnElement[bool]] = [Q.archived_at.is_not(None) if search.archived else Q.archived_at.is_(None)]
    found += [Q.client_name.contains(word, autoescape=True) for word in words]
    if search.state:
        found.append(Q.state == search.state)
    if search.effective_from:
        found.append(Q.effective_date >= search.effective_from)
    if search.effective_to:
        found.append(Q.effective_date <= search.effective_to)
    if search.status:
        found.append(_has(search.status, now))
    return found


def _has(status: QuoteStatus, now: datetime) -> ColumnElement[bool]:
    """The same as ``Quote.status_on`` says."""
    expired = or_(Q.expired_at.is_not(None), _plan_year_is_over(now))
    if status is QuoteStatus.EXPIRED:
        return expired
    return and_(~expired, Q.exchange.is_not(None) if status is QuoteStatus.SELECTED else Q.exchange.is_(None))


def _plan_year_is_over(now: datetime) -> ColumnElement[bool]:
    """Where the quote's state keeps its clocks; quotes that were made for a past year on purpose are left out."""
    over = [
        and_(Q.state == state, Q.effective_date < date(business_date(now, state).year, 1, 1))
        for state in get_markets().states
    ]
    return and_(or_(*over), extract("year", Q.created_at) <= extract("year", Q.effective_date))

"""Store: saved quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from chassis.kernel import Caller, NotFound
from services.quote.domain.household import Household, Member, Relationship, Sex
from services.quote.domain.plan import Exchange
from services.quote.domain.quote import Producer, Quote, Selection
from services.quote.domain.quote_search import QuoteSearch
from services.quote.store.birth_date_encryption import BirthDateEncryption
from services.quote.store.premium_rows import premium_row, quoted_premium_from_row
from services.quote.store.quote_queries import count_query, duplicates_query, expiring_query, page_query
from services.quote.store.quote_report import report_query
from services.quote.store.tables import QuoteMemberRow, QuotePremiumRow, QuoteRow
from services.quote.usecases.ports import QuoteFigures, QuoteReportSearch


class QuoteRepository:
    """The port ``usecases.ports.Quotes`` over PostgreSQL."""

    def __init__(self, session: Session, birth_dates: BirthDateEncryption) -> None:
        self._session = session
        self._birth_dates = birth_dates

    def add(self, quote: Quote) -> None:
        row = QuoteRow(quote_id=quote.quote_id, premiums=_premiums(quote), **_values(quote))
        self._put_people(row, quote)
        self._session.add(row)
        self._session.flush()

    def save(self, quote: Quote) -> None:
        """Writes what changes in a quote's life; its people only where they did."""
        row = self._session.get_one(QuoteRow, quote.quote_id)
        for name, value in _values(quote).items():
            setattr(row, name, value)
        row.premiums = _premiums(quote)
        if self._household(row) != quote.household:
            self._put_people(row, quote)
        self._session.flush()

    def get(self, quote_id: str, caller: Caller, *, lock: bool = False) -> Quote:
        # somebody else's is not even read: it would take longer than one that is not there, and so tell the two apart
        query = select(QuoteRow).where(QuoteRow.quote_id == quote_id, *_visible_to(caller))
        query = query.with_for_update() if lock else query
        row = self._session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
        if row is None:
            raise NotFound("This quote was not found. Open it from your list of quotes.")
        return _quote(row, self._household(row))

    def find(self, quote_id: str) -> Quote | None:
        row = self._session.get(QuoteRow, quote_id)
        return _quote(row, self._household(row)) if row else None

    def page(
        self, caller: Caller, search: QuoteSearch, after: str | None, limit: int, now: datetime
    ) -> Sequence[Quote]:
        query = page_query(search, after, limit, now).where(*_visible_to(caller))
        return [_quote(row, self._household(row)) for row in self._session.scalars(query)]

    def count(self, caller: Caller, search: QuoteSearch, now: datetime) -> int:
        return int(self._session.scalar(count_query(search, now).where(*_visible_to(caller))) or 0)

    def count_duplicates(self, quotes: Sequence[Quote]) -> Mapping[str, int]:
        keys = {quote.quote_id: _duplicate_key(quote) for quote in quotes if quote.client_name}
        if not keys:
            return {}
        alike = {tuple(key): count for *key, count in self._session.execute(duplicates_query(set(keys.values())))}
        return {quote_id: alike[key] - 1 for quote_id, key in keys.items() if key in alike}

    def figures(self, search: QuoteReportSearch) -> list[QuoteFigures]:
        return [QuoteFigures(*row) for row in self._session.execute(report_query(search))]

    def expire(self, now: datetime, limit: int) -> Sequence[Quote]:
        rows = list(self._session.scalars(expiring_query(now, limit)))
        for row in rows:
            row.expired_at = now
        self._session.flush()
        return [_quote(row, self._household(row)) for row in rows]

    def _put_people(self, row: QuoteRow, quote: Quote) -> None:
        """Replace the people."""
        row.members = [_member_row(index, member) for index, member in enumerate(quote.household)]
        born = [member.date_of_birth for member in quote.household]
        row.birth_dates_sealed = self._birth_dates.seal(born, quote.quote_id)

    def _household(self, row: QuoteRow) -> Household:
        born = self._open_birth_dates(row)
        return Household(tuple(_member(member, day) for member, day in zip(row.members, born, strict=True)))

    def _open_birth_dates(self, row: QuoteRow) -> Sequence[date]:
        """A plain date wins while it is there: an older process that changed it left the sealed ones as they were."""
        plain = [member.date_of_birth for member in row.members if member.date_of_birth]
        if len(plain) == len(row.members) or row.birth_dates_sealed is None:
            return plain
        return self._birth_dates.open(row.birth_dates_sealed, row.quote_id)


def _visible_to(caller: Caller) -> list[ColumnElement[bool]]:
    return [] if caller.is_service else [QuoteRow.writing_number.in_(caller.numbers)]


def _duplicate_key(quote: Quote) -> tuple[str, str, date]:
    return quote.producer.writing_number, quote.client_name, quote.effective_date


def _values(quote: Quote) -> dict[str, Any]:
    producer, selection = quote.producer, quote.selection
    return {
        "writing_number": producer.writing_number,
        "producer_name": producer.name,
        "company_name": producer.company_name,
        "producer_state": producer.state,
        "producer_phone": producer.phone,
        "producer_npn": producer.npn,
        "state": quote.state,
        "zip": quote.zip,
        "county_fips": quote.county_fips,
        "effective_date": quote.effective_date,
        "medical_plan_id": selection and selection.medical,
        "dental_plan_id": selection and selection.dental,
        "exchange": selection and selection.exchange.value,
        "created_at": quote.created_at,
        "updated_at": quote.updated_at,
        "version": quote.version,
        "client_name": quote.client_name,
        "source_quote_id": quote.source_quote_id,
        "expired_at": quote.expired_at,
        "archived_at": quote.archived_at,
    }


def _premiums(quote: Quote) -> list[QuotePremiumRow]:
    return [premium_row(quoted_premium) for quoted_premium in quote.quoted_premiums]


def _member_row(position: int, member: Member) -> QuoteMemberRow:
    return QuoteMemberRow(
        position=position,
        relationship=member.relationship.value,
        date_of_birth=member.date_of_birth,
        sex=member.sex and member.sex.value,
        tobacco_use=member.tobacco_use,
        first_name=member.first_name,
        last_name=member.last_name,
        disabled_dependent=member.disabled_dependent,
    )


def _quote(row: QuoteRow, household: Household) -> Quote:
    return Quote(
        quote_id=row.quote_id,
        producer=Producer(
            *(row.writing_number, row.producer_name, row.company_name, row.producer_state),
            *(row.producer_phone, row.producer_npn),
        ),
        state=row.state,
        zip=row.zip,
        county_fips=row.county_fips,
        effective_date=row.effective_date,
        household=household,
        created_at=row.created_at,
        updated_at=row.updated_at,
        selection=Selection(row.medical_plan_id, row.dental_plan_id, Exchange(row.exchange)) if row.exchange else None,
        version=row.version,
        source_quote_id=row.source_quote_id,
        expired_at=row.expired_at,
        archived_at=row.archived_at,
        quoted_premiums=tuple(quoted_premium_from_row(premium) for premium in row.premiums),
    )


def _member(row: QuoteMemberRow, born: date) -> Member:
    return Member(
        relationship=Relationship(row.relationship),
        date_of_birth=born,
        sex=Sex(row.sex) if row.sex else None,
        tobacco_use=row.tobacco_use,
        first_name=row.first_name,
        last_name=row.last_name,
        disabled_dependent=row.disabled_dependent,
    )

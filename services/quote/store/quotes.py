"""Store: saved quotes, and the unit of work that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from chassis.db import UnitOfWork
from chassis.kernel import Caller, NotFound
from services.quote.domain.household import Household, Member, Relationship, Sex
from services.quote.domain.plan import Exchange
from services.quote.domain.quote import Producer, Quote, Selection
from services.quote.store.tables import QuoteMemberRow, QuoteRow
from services.quote.usecases.ports import Cursor


class StoredQuotes:
    """The port ``usecases.ports.Quotes`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, quote: Quote) -> None:
        members = [_member_row(index, member) for index, member in enumerate(quote.household)]
        self._session.add(QuoteRow(quote_id=quote.quote_id, members=members, **_values(quote)))
        self._session.flush()

    def save(self, quote: Quote) -> None:
        """Writes what changes in a quote's life; its people do not."""
        row = self._session.get_one(QuoteRow, quote.quote_id)
        for name, value in _values(quote).items():
            setattr(row, name, value)
        self._session.flush()

    def get(self, quote_id: str, caller: Caller, *, lock: bool = False) -> Quote:
        row = self._session.get(QuoteRow, quote_id, with_for_update=lock or None)
        if row is None or not caller.may_see(row.writing_number):
            raise NotFound("There is no such quote among yours; open it from your list of quotes.")
        return _quote(row)

    def newest(self, caller: Caller, after: Cursor | None, limit: int) -> Sequence[Quote]:
        query = select(QuoteRow).order_by(QuoteRow.created_at.desc(), QuoteRow.quote_id.desc()).limit(limit)
        if not caller.is_service:
            query = query.where(QuoteRow.writing_number.in_(caller.numbers))
        if after:
            place = tuple_(QuoteRow.created_at, QuoteRow.quote_id)
            query = query.where(place < tuple_(after.created_at, after.quote_id))
        return [_quote(row) for row in self._session.scalars(query)]


class QuoteWork(UnitOfWork):
    @cached_property
    def quotes(self) -> StoredQuotes:
        return StoredQuotes(self.session)


def _values(quote: Quote) -> dict[str, Any]:
    producer, selection = quote.producer, quote.selection
    return {
        "writing_number": producer.writing_number,
        "producer_name": producer.name,
        "company_name": producer.company_name,
        "producer_state": producer.state,
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
    }


def _member_row(position: int, member: Member) -> QuoteMemberRow:
    return QuoteMemberRow(
        position=position,
        relationship=member.relationship.value,
        date_of_birth=member.date_of_birth,
        sex=member.sex and member.sex.value,
        tobacco_use=member.tobacco_use,
        first_name=member.first_name,
        last_name=member.last_name,
    )


def _quote(row: QuoteRow) -> Quote:
    return Quote(
        quote_id=row.quote_id,
        producer=Producer(row.writing_number, row.producer_name, row.company_name, row.producer_state),
        state=row.state,
        zip=row.zip,
        county_fips=row.county_fips,
        effective_date=row.effective_date,
        household=Household(tuple(_member(member) for member in row.members)),
        created_at=row.created_at,
        updated_at=row.updated_at,
        selection=Selection(row.medical_plan_id, row.dental_plan_id, Exchange(row.exchange)) if row.exchange else None,
        version=row.version,
    )


def _member(row: QuoteMemberRow) -> Member:
    return Member(
        relationship=Relationship(row.relationship),
        date_of_birth=row.date_of_birth,
        sex=Sex(row.sex) if row.sex else None,
        tobacco_use=row.tobacco_use,
        first_name=row.first_name,
        last_name=row.last_name,
    )

"""Store: the queries behind the lists and the client search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.kernel import Money
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.steps import Producer
from services.enrollment.domain.vocabulary import Relationship, Sex, Status, Step
from services.enrollment.store import codec
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import PersonRow as P
from services.enrollment.usecases.ports import Numbers
from services.enrollment.usecases.records import Client, Summary

_DATES = (A.submitted_on, A.effective_date, A.expires_on, A.created_at, A.updated_at)
_PRODUCER = (A.writing_number, A.producer_name, A.company_name, A.state)
_SHOWN = (A.number, A.status, A.applicant_name, A.product_name, A.premium_cents, A.payment_status, A.current_step)


def page_query(statuses: Collection[Status], numbers: Numbers, before: int | None, size: int) -> Any:
    """Newest first; the number never changes, so pages stay put while applications are saved."""
    query: Any = select(*_SHOWN, *_DATES, *_PRODUCER).where(A.status.in_(statuses))
    if numbers is not None:
        query = query.where(A.writing_number.in_(numbers))
    if before is not None:
        query = query.where(A.number < before - Identifiers(0).client_app_id)
    return query.order_by(A.number.desc()).limit(size)


def to_summary(row: Any) -> Summary:
    identifiers = Identifiers(row.number)
    return Summary(
        record_number=identifiers.record_number,
        client_app_id=identifiers.client_app_id,
        status=Status(row.status),
        applicant_name=row.applicant_name,
        submitted_on=row.submitted_on,
        effective_date=row.effective_date,
        product_name=row.product_name,
        monthly_premium=None if row.premium_cents is None else Money(row.premium_cents),
        payment_status=row.payment_status or "",
        producer=Producer(row.writing_number, row.producer_name, row.company_name, row.state),
        current_step=Step(row.current_step),
        expires_on=row.expires_on,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def clients_query(name: str, numbers: Numbers, limit: int) -> Any:
    """Primary applicants whose name has the part; each person once, from the newest application."""
    full_name = func.lower(P.first_name + " " + P.last_name)
    key = (func.lower(P.last_name), func.lower(P.first_name), P.date_of_birth)
    query: Any = (
        select(P.person_id, P.first_name, P.last_name, P.date_of_birth, P.sex, A.household)
        .join(A, A.record_number == P.record_number)
        .where(P.relationship == Relationship.SELF, full_name.contains(name.lower(), autoescape=True))
        .ext(distinct_on(*key))
        .order_by(*key, A.number.desc())
    )
    if numbers is not None:
        query = query.where(A.writing_number.in_(numbers))
    return query.limit(limit)


def to_client(row: Any) -> Client:
    household = codec.HOUSEHOLD.load(row.household)
    sex = Sex(row.sex) if row.sex else None
    born = row.date_of_birth
    return Client(row.person_id, row.first_name, row.last_name, born, sex, household.home_address, household.contact)

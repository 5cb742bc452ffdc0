"""Store: the queries behind the lists and the client search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.enrollment.domain.vocabulary import Relationship, Sex
from services.enrollment.store import codec
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import PersonRow as P
from services.enrollment.usecases.ports import Numbers
from services.enrollment.usecases.records import Client

_DATES = (A.submitted_on, A.effective_date, A.expires_on, A.created_at, A.updated_at)
_PRODUCER = (A.writing_number, A.producer_name, A.company_name, A.state)
_SHOWN = (A.number, A.status, A.applicant_name, A.product_name, A.premium_cents, A.payment_status, A.current_step)


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

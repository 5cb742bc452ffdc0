"""Store: all drafts, for judging them again. Every transaction here is read only, so that nothing can be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chassis.db import Database
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Status
from services.enrollment.store.birth_date_encryption import BirthDateEncryption
from services.enrollment.store.mapping import application_of
from services.enrollment.store.tables import ApplicationRow as A
from services.enrollment.store.tables import PersonRow as P

# About 10 MB of rows at a time, and a transaction of well under a second.
BATCH = 500
_DRAFTS: Any = A.status.in_([Status.INCOMPLETE, Status.FAILED])


class DraftRepository:
    """The port ``usecases.what_if.Drafts`` over PostgreSQL."""

    def __init__(self, database: Database, birth_dates: BirthDateEncryption, batch: int = BATCH) -> None:
        self._database = database
        self._birth_dates = birth_dates
        self._batch = batch

    def count(self) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(A).where(_DRAFTS)) or 0

    def batches(self) -> Iterator[Sequence[Application]]:
        """In order of record number; drafts that are saved meanwhile come as they are then."""
        last = 0
        while True:
            with self.reading() as session:
                query = select(A).where(_DRAFTS, A.number > last).order_by(A.number).limit(self._batch)
                rows = list(session.scalars(query))
                batch = _with_people(session, rows, self._birth_dates)
            if not rows:
                return
            last = rows[-1].number
            yield batch

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._database.transaction() as session:
            session.execute(text("set transaction read only"))
            yield session


def _with_people(session: Session, rows: Sequence[A], birth_dates: BirthDateEncryption) -> list[Application]:
    query = select(P).where(P.record_number.in_([row.record_number for row in rows]))
    people = session.scalars(query.order_by(P.record_number, P.position))
    by_number = {number: list(group) for number, group in groupby(people, key=lambda person: person.record_number)}
    return [application_of(row, by_number.get(row.record_number, []), birth_dates) for row in rows]

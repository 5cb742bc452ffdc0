"""Store: what was decided for each application."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.pcp.domain.assignment import Assignment
from services.pcp.store.tables import AssignmentRow
from services.pcp.usecases.ports import StoredAssignment


class AssignmentRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock_assignment(self, record_number: str) -> StoredAssignment | None:
        empty = {"plan_id": "", "plan_year": 0, "fingerprint": "", "members": []}
        # an empty row takes the lock, also when nothing was decided yet
        self._session.execute(
            upsert(AssignmentRow).values(record_number=record_number, **empty).on_conflict_do_nothing()
        )
        row = self._session.scalars(
            select(AssignmentRow).where(AssignmentRow.record_number == record_number).with_for_update()
        ).one()
        if not row.fingerprint:
            return None
        return StoredAssignment(row.fingerprint, tuple(Assignment(**member) for member in row.members))

    def save_assignment(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None:
        self._session.execute(
            update(AssignmentRow)
            .where(AssignmentRow.record_number == record_number)
            .values(
                plan_id=plan_id,
                plan_year=plan_year,
                fingerprint=stored.fingerprint,
                members=[asdict(assignment) for assignment in stored.assignments],
            )
        )

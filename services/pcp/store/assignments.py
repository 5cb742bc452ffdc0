"""Store: what was decided for each application."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.db.batching import deferred
from services.pcp.domain.assignment import Assignment
from services.pcp.domain.provider import Office
from services.pcp.store.tables import AssignmentRow
from services.pcp.usecases.ports import StoredAssignment

_ASSIGNMENTS: Any = AssignmentRow.__table__
# Built once: building costs more than running them.
_CLAIM = deferred(upsert(_ASSIGNMENTS).on_conflict_do_nothing())
_LOCK = select(_ASSIGNMENTS).where(_ASSIGNMENTS.c.record_number == bindparam("whose")).with_for_update()
_SAVE = deferred(update(_ASSIGNMENTS).where(_ASSIGNMENTS.c.record_number == bindparam("whose")))


class AssignmentRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock_assignment(self, record_number: str) -> StoredAssignment | None:
        empty = {"plan_id": "", "plan_year": 0, "fingerprint": "", "members": []}
        # an empty row takes the lock, also when nothing was decided yet
        self._session.execute(_CLAIM, {"record_number": record_number, **empty})
        row = self._session.execute(_LOCK, {"whose": record_number}).one()
        if not row.fingerprint:
            return None
        return StoredAssignment(row.fingerprint, tuple(map(_to_domain, row.members)))

    def save_assignment(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None:
        values = {
            "plan_id": plan_id,
            "plan_year": plan_year,
            "fingerprint": stored.fingerprint,
            "members": [asdict(assignment) for assignment in stored.assignments],
        }
        self._session.execute(_SAVE, {"whose": record_number, **values})


def _to_domain(member: dict[str, Any]) -> Assignment:
    office = member.get("office")
    return Assignment(**{**member, "office": Office(**office) if office else None})

"""Store: the finished steps of submissions."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.enrollment.store.tables import SubmissionStepRow


class SubmissionRepository:
    """The port ``usecases.ports.Submissions`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def result(self, record_number: str, attempt: int, step: str) -> str | None:
        found = self._session.get(SubmissionStepRow, (record_number, attempt, step))
        return found.result if found else None

    def keep(self, record_number: str, attempt: int, step: str, result: str) -> None:
        """Keeps the first result when two workers ran the step at once: both asked for the same thing."""
        row = upsert(SubmissionStepRow).values(record_number=record_number, attempt=attempt, step=step, result=result)
        self._session.execute(row.on_conflict_do_nothing())

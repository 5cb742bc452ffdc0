"""Store: what people reported as wrong in entries of the directory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Text, any_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.pcp.domain.entry_report import EntryFault, EntryReport, is_open
from services.pcp.domain.provider import Provider
from services.pcp.store.tables import EntryReportRow

_REPORTS = EntryReportRow.__table__
# Built once: a search asks with each page.
_NEWEST = (
    select(_REPORTS.c.pcp_id, func.max(_REPORTS.c.reported_on))
    .where(_REPORTS.c.pcp_id == any_(bindparam("pcp_ids", type_=ARRAY(Text))))
    .group_by(_REPORTS.c.pcp_id)
)


class ReportRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def save_report(self, report: EntryReport) -> None:
        said = {"note": report.note, "reported_on": report.reported_on}
        whose = {"pcp_id": report.pcp_id, "fault": report.fault.value, "reported_by": report.reported_by}
        self._session.execute(
            upsert(EntryReportRow).values(**whose, **said).on_conflict_do_update(index_elements=list(whose), set_=said)
        )

    def find_open(self, providers: Iterable[Provider]) -> dict[str, date]:
        updated_on = {one.pcp_id: one.last_updated_on for one in providers}
        if not updated_on:
            return {}
        rows = self._session.execute(_NEWEST, {"pcp_ids": list(updated_on)})
        return {pcp_id: reported_on for pcp_id, reported_on in rows if is_open(reported_on, updated_on[pcp_id])}

    def list_reports(self) -> list[EntryReport]:
        rows = self._session.scalars(
            select(EntryReportRow).order_by(
                EntryReportRow.pcp_id,
                EntryReportRow.reported_on.desc(),
                EntryReportRow.fault,
                EntryReportRow.reported_by,
            )
        )
        return [
            EntryReport(row.pcp_id, EntryFault(row.fault), row.note, row.reported_by, row.reported_on) for row in rows
        ]

    def delete_reports(self, until: date) -> int:
        old = delete(EntryReportRow).where(EntryReportRow.reported_on <= until)
        return len(self._session.execute(old.returning(EntryReportRow.pcp_id)).all())

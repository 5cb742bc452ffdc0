"""Store: what NPPES says of the NPIs of the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.pcp.domain.registration import Registration
from services.pcp.store.tables import LocationRow, RegistrationRow

_MARK = """
update location l set deactivated_on = r.deactivated_on, gender = coalesce(l.gender, r.gender)
from npi_registration r
where r.npi = l.npi
  and (l.deactivated_on is distinct from r.deactivated_on or (l.gender is null and r.gender is not null))
"""
# Rows read at once from the database's side.
_READ_AT_ONCE = 10_000


class RegistrationRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def list_specialties(self) -> dict[str, str]:
        # Minutes for a large directory and the monthly file; a stuck check is stopped by whoever runs it.
        self._session.execute(text("set local statement_timeout = 0"))
        rows = self._session.execute(
            select(LocationRow.npi, LocationRow.specialty).where(LocationRow.npi != "").distinct(),
            execution_options={"yield_per": _READ_AT_ONCE},
        )
        same: dict[str, str] = {}  # a few texts, over and over
        return {npi: same.setdefault(specialty, specialty) for npi, specialty in rows}

    def save_registrations(self, registrations: Sequence[Registration]) -> None:
        newest = {one.npi: one for one in registrations}
        statement = upsert(RegistrationRow)
        changed = {"deactivated_on": statement.excluded.deactivated_on, "gender": statement.excluded.gender}
        self._session.execute(
            statement.on_conflict_do_update(index_elements=[RegistrationRow.npi], set_=changed),
            [asdict(one) for one in newest.values()],
        )

    def mark_providers(self) -> None:
        self._session.execute(text(_MARK))

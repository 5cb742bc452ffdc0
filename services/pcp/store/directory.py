"""Store: the directory, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, distinct, func, insert, select, text
from sqlalchemy.orm import Session

from chassis.db import Database
from services.pcp.domain.network import GeoPoint
from services.pcp.domain.provider import PRIMARY_CARE, MedicalGroup
from services.pcp.store.staging import StagedDirectoryRepository
from services.pcp.store.tables import (
    DirectoryLoadRow,
    LocationRow,
    MedicalGroupRow,
    NameWordRow,
    NetworkRow,
    ZipPointRow,
)
from services.pcp.usecases.directory_port import DirectoryEntry, DuplicateEntries, LoadedDirectory

_UPDATED_ON = select(DirectoryLoadRow.__table__.c.updated_on)
_TABLES = (DirectoryLoadRow, LocationRow, MedicalGroupRow, NameWordRow, NetworkRow, ZipPointRow)


def vacuum_directory(database: Database) -> None:
    """After a load: searches then find the new rows in the index alone, and the old ones are gone."""
    database.vacuum(*(table.__tablename__ for table in _TABLES))


class DirectoryRepository:
    """Everything that comes from the directory's files."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._staged = StagedDirectoryRepository(session)

    def lock(self) -> None:
        self._session.execute(text("select pg_advisory_xact_lock(hashtext('pcp.directory'))"))

    def find_loaded(self) -> LoadedDirectory | None:
        row = self._session.scalar(select(DirectoryLoadRow))
        return LoadedDirectory(row.digest, row.imported) if row else None

    def find_updated_on(self) -> date | None:
        updated_on: date | None = self._session.scalar(_UPDATED_ON)
        return updated_on

    def stage(self, entries: Iterator[DirectoryEntry]) -> DuplicateEntries:
        return self._staged.copy(entries)

    def count_staged(self) -> int:
        return self._staged.count()

    def replace_by_staged(
        self, loaded: LoadedDirectory, groups: Mapping[str, MedicalGroup], zip_points: Mapping[str, GeoPoint]
    ) -> None:
        """Rows are deleted and not truncated: that would keep searches waiting until the load is through."""
        for table in _TABLES:
            self._session.execute(delete(table))
        self._fill(
            ZipPointRow,
            [{"zip": z, "latitude": s.latitude, "longitude": s.longitude} for z, s in zip_points.items()],
        )
        self._fill(MedicalGroupRow, [{"group_id": g.group_id, "name": g.name} for g in groups.values()])
        self._staged.move(groups)
        self._fill(NetworkRow, list(self._network_rows()))
        self._fill(DirectoryLoadRow, [self._load_row(loaded)])
        for table in _TABLES:
            self._session.execute(text(f"analyze {table.__tablename__}"))

    def _load_row(self, loaded: LoadedDirectory) -> dict[str, Any]:
        found = select(func.count(distinct(LocationRow.pcp_id)), func.max(LocationRow.last_updated_on))
        providers, updated_on = self._session.execute(found).one()
        return {
            "digest": loaded.digest,
            "imported": loaded.imported,
            "providers": providers,
            "updated_on": updated_on,
        }

    def _network_rows(self) -> Iterator[dict[str, Any]]:
        for network, plan_lists, options in self._staged.networks():
            yield {
                "plan_id": network.plan_id,
                "plan_year": network.plan_year,
                "plan_lists": plan_lists,
                "specialties": sorted(options.specialties & PRIMARY_CARE.keys()),
                "languages": sorted(options.languages),
            }

    def _fill(self, table: type[Any], rows: list[dict[str, Any]]) -> None:
        if rows:
            self._session.execute(insert(table), rows)

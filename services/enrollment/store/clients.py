"""Store: clients known from quotes. Equal people are found by a blind index, never by comparing names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import new_id
from services.enrollment.domain.prospect import Prospect
from services.enrollment.domain.steps import Contact
from services.enrollment.domain.vocabulary import Sex
from services.enrollment.store import codec
from services.enrollment.store.tables import ClientRow as Row
from services.enrollment.store.vault import Vault
from services.enrollment.usecases.ports import Numbers
from services.enrollment.usecases.records import Client


class StoredClients:
    """The port ``usecases.ports.Clients`` over PostgreSQL."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    def keep(self, prospect: Prospect, now: datetime) -> str | None:
        client_id = new_id()
        newest: dict[str, Any] = {
            "first_name": prospect.first_name,
            "last_name": prospect.last_name,
            "sex": prospect.sex,
            "home_address": codec.ADDRESS.dump(prospect.home_address),
            "quote_id": prospect.quote_id,
            "updated_at": now,
        }
        row = upsert(Row).values(
            client_id=client_id,
            writing_number=prospect.writing_number,
            person_index=self._vault.index.of(prospect.identity, "client"),
            date_of_birth=prospect.date_of_birth,
            created_at=now,
            **newest,
        )
        # of two that come at once the second waits for the first and then only brings the row up to date
        kept = row.on_conflict_do_update(index_elements=["writing_number", "person_index"], set_=newest)
        found = self._session.execute(kept.returning(Row.client_id)).scalar_one()
        return client_id if found == client_id else None

    def search(self, name: str, numbers: Numbers, limit: int) -> list[Client]:
        full_name = func.lower(Row.first_name + " " + Row.last_name)
        query = select(Row).where(full_name.contains(name.lower(), autoescape=True))
        if numbers is not None:
            query = query.where(Row.writing_number.in_(numbers))
        order = (func.lower(Row.last_name), func.lower(Row.first_name), Row.date_of_birth)
        return [_client(row) for row in self._session.scalars(query.order_by(*order).limit(limit))]


def _client(row: Row) -> Client:
    sex = Sex(row.sex) if row.sex else None
    address = codec.ADDRESS.load(row.home_address)
    return Client(row.client_id, row.first_name, row.last_name, row.date_of_birth, sex, address, Contact())

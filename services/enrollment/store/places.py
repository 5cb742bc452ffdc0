"""Store: ZIPs, counties and addresses for filling in (R47, R52)."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.enrollment.domain.steps import Address
from services.enrollment.store.tables import AddressRow, ZipCountyRow
from services.enrollment.usecases.records import ZipCounty


class StoredPlaces:
    """The port ``usecases.ports.Places`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counties(self, zip_code: str) -> list[ZipCounty]:
        query = select(ZipCountyRow.county_fips, ZipCountyRow.county_name, ZipCountyRow.state)
        rows = self._session.execute(query.where(ZipCountyRow.zip == zip_code).order_by(ZipCountyRow.county_name))
        return [ZipCounty(*row) for row in rows]

    def addresses(self, text: str, state: str, limit: int) -> list[Address]:
        """Those whose street, place or ZIP begins with the text; streets first."""
        key = text.lower()
        begins = or_(
            AddressRow.street_key.startswith(key, autoescape=True),
            AddressRow.city_key.startswith(key, autoescape=True),
            AddressRow.zip.startswith(key, autoescape=True),
        )
        query = select(AddressRow).where(begins)
        if state:
            query = query.where(AddressRow.state == state)
        in_order = query.order_by(AddressRow.street == "", AddressRow.street_key, AddressRow.zip).limit(limit)
        return [
            Address(row.street, "", row.city, row.state, row.zip, row.county_fips, row.county_name)
            for row in self._session.scalars(in_order)
        ]

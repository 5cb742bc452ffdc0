"""Store: ZIPs, counties and addresses for filling in (R47, R52)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from chassis.kernel import Transactions
from services.enrollment.domain.address_tokenizer import TypedAddress, split_house, split_unit
from services.enrollment.domain.steps import Address
from services.enrollment.store.tables import AddressRow, ZipCountyRow
from services.enrollment.usecases.dtos import ZipCounty
from services.enrollment.usecases.ports import EnrollmentUnitOfWork

# What the five states call them; the place files leave it out, quotes and people do not.
_COUNTY = " County"
# A street is known by several of its houses, and is offered once.
ROWS_FOR_EACH = 6


class GeographyRepository:
    """The port ``usecases.ports.ZipGeography`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counties(self, zip_code: str) -> list[ZipCounty]:
        return self.counties_of([zip_code]).get(zip_code, [])

    def counties_in(self, states: Collection[str]) -> list[ZipCounty]:
        columns = (ZipCountyRow.county_fips, ZipCountyRow.county_name, ZipCountyRow.state)
        query = select(*columns).where(ZipCountyRow.state.in_(states)).distinct()
        rows = self._session.execute(query.order_by(ZipCountyRow.county_name, ZipCountyRow.county_fips))
        return [ZipCounty(row.county_fips, _county_label(row.county_name), row.state) for row in rows]

    def counties_of(self, zip_codes: Collection[str]) -> dict[str, list[ZipCounty]]:
        columns = (ZipCountyRow.county_fips, ZipCountyRow.county_name, ZipCountyRow.state)
        query = select(ZipCountyRow.zip, *columns).where(ZipCountyRow.zip.in_(zip_codes))
        found: dict[str, list[ZipCounty]] = {}
        for row in self._session.execute(query.order_by(ZipCountyRow.county_name)):
            found.setdefault(row.zip, []).append(ZipCounty(row.county_fips, _county_label(row.county_name), row.state))
        return found

    def addresses(self, typed: TypedAddress, state: str, limit: int) -> list[Address]:
        """Those that have a word for each beginning that was typed: with this house number, streets, places."""
        rows = self._rows(typed.words, state, limit, typed.house)
        found = dict.fromkeys(_filled(row, typed.house) for row in rows)
        return list(found)[:limit]

    def towns(self, words: Sequence[str], state: str, limit: int) -> list[Address]:
        return [_filled(row, "") for row in self._rows(words, state, limit, places_only=True)]

    def _rows(
        self, words: Sequence[str], state: str, limit: int, house: str = "", places_only: bool = False
    ) -> list[AddressRow]:
        if not words:
            return []
        # words are letters and digits, so that nothing in them means anything to tsquery
        wanted: Any = cast(" & ".join(f"'{word}':*" for word in words), TSQUERY)
        query = select(AddressRow).where(AddressRow.words.op("@@")(wanted))
        if state:
            query = query.where(AddressRow.state == state)
        if places_only:
            query = query.where(AddressRow.street == "")
        order = (AddressRow.house != house.lower(), AddressRow.street == "", AddressRow.city, AddressRow.street)
        return list(self._session.scalars(query.order_by(*order, AddressRow.zip).limit(limit * ROWS_FOR_EACH)))


class LocalAddresses:
    """The port ``usecases.ports.AddressSearch`` over the place files in ``data``."""

    def __init__(self, transactions: Transactions[EnrollmentUnitOfWork]) -> None:
        self._transactions = transactions

    def __call__(self, text: str, state: str, limit: int) -> list[Address]:
        typed = TypedAddress.read(text)
        with self._transactions() as work:
            if typed.as_zip and (in_zip := work.places.addresses(typed.as_zip, state, limit)):
                return in_zip
            found = work.places.addresses(typed, state, limit)
            if not any(one.street for one in found) and typed.place:
                found = [_on(typed.street, one) for one in work.places.towns(typed.place, state, limit)]
        return found[:limit]


def _county_label(name: str) -> str:
    """ "Cook County", as quotes have it; "Carson City" and other names of their own stay."""
    return name if not name or name.endswith((_COUNTY, " City")) else f"{name}{_COUNTY}"


def _filled(row: AddressRow, house: str) -> Address:
    """The row's address; under another house number, when one was typed, and then without its suite."""
    street, unit = split_unit(row.street)
    if row.street and house and house.lower() != row.house:
        street, unit = f"{house} {split_house(street)[1]}", ""
    return Address(street, unit, row.city, row.state, row.zip, row.county_fips, _county_label(row.county_name))


def _on(street: str, place: Address) -> Address:
    return Address(street, "", place.city, place.state, place.zip, place.county_fips, place.county_name)

"""Store: reads the stored catalogues into memory, and anew when any of them changed."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from chassis.db import Database
from services.quote.domain.catalogue import Catalogue, Offer, RatesByPlan
from services.quote.domain.geography import AreaSpan, County, Geography
from services.quote.store.plan_rows import plan_of
from services.quote.store.rates import read_rates
from services.quote.store.tables import (
    CountyAreaRow,
    CountyRow,
    DataSetRow,
    PlanRow,
    ServiceAreaRow,
    ZipCountyRow,
)

Version = tuple[tuple[str, str], ...]
# Written once: SQLAlchemy then recognizes it without looking into it.
_VERSION = select(DataSetRow.name, DataSetRow.digest).order_by(DataSetRow.name)
# Of the digest's 64: enough to tell every file that was ever loaded from the others.
EDITION_DIGITS = 12


class StoredCatalogue:
    """``current()`` costs one small read while nothing changed, a reload of about 0.1 s when something did."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._held: tuple[Version, Catalogue] | None = None

    def current(self) -> Catalogue:
        held = self._held
        with self._database.glance() as connection:
            version = _version(connection)
        if held and held[0] == version:
            return held[1]
        with self._lock, self._database.transaction() as session:
            version = _version(session.connection())  # of the very state that is read now
            if self._held is None or self._held[0] != version:
                self._held = version, self._load(session)
            return self._held[1]

    def _load(self, session: Session) -> Catalogue:
        return Catalogue(_geography(session), _offers(session), self._rates)

    def _rates(self, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
        with self._database.transaction() as session:
            return read_rates(session, plan_year, state, rating_area)


def _version(connection: Connection) -> Version:
    return tuple((name, digest) for name, digest in connection.execute(_VERSION))


def _geography(session: Session) -> Geography:
    spans: defaultdict[str, list[AreaSpan]] = defaultdict(list)
    for area in session.scalars(select(CountyAreaRow)):
        spans[area.county_fips].append(AreaSpan(area.first_year, area.last_year, area.rating_area))
    counties = {
        row.fips: County(row.fips, row.name, row.state, tuple(spans[row.fips]))
        for row in session.scalars(select(CountyRow))
    }
    by_zip: defaultdict[str, list[County]] = defaultdict(list)
    for zip_code, fips in session.execute(select(ZipCountyRow.zip, ZipCountyRow.county_fips)):
        by_zip[zip_code].append(counties[fips])
    named = {zip_code: tuple(sorted(found, key=lambda county: county.name)) for zip_code, found in by_zip.items()}
    return Geography(named)


def _offers(session: Session) -> list[Offer]:
    areas: defaultdict[tuple[int, str], dict[str, frozenset[str]]] = defaultdict(dict)
    columns = (
        ServiceAreaRow.data_set_id,
        ServiceAreaRow.service_area_id,
        ServiceAreaRow.county_fips,
        ServiceAreaRow.zips,
    )
    for data_set, area, fips, zips in session.execute(select(*columns)):
        areas[data_set, area][fips] = frozenset(zips)
    rows = session.scalars(select(PlanRow).order_by(PlanRow.plan_year, PlanRow.plan_id))
    editions = {row.id: f"{row.name} {row.digest[:EDITION_DIGITS]}" for row in session.scalars(select(DataSetRow))}
    return [Offer(plan_of(row), areas[row.data_set_id, row.service_area_id], editions[row.data_set_id]) for row in rows]

"""Store: reads the stored catalogues into memory, and reloads them in the background when any of them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import inf
from threading import Lock, Thread
from time import monotonic, sleep
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from chassis import telemetry
from chassis.db import Database
from services.quote.domain.catalogue import Catalogue, PlanOffering, RatesByPlan
from services.quote.domain.geography import AreaSpan, County, Geography
from services.quote.store.catalogue_writer import IN_FORCE
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

# Written once: SQLAlchemy then recognizes it without looking into it. Seconds by the database's own clock: that of this
# machine may be another.
_SETS = select(
    DataSetRow.id,
    DataSetRow.replaced_at.is_(None),
    func.extract("epoch", func.clock_timestamp() - func.coalesce(DataSetRow.replaced_at, DataSetRow.loaded_at)),
)
# Of the digest's 64: enough to tell every file that was ever loaded from the others.
VERSION_DIGITS = 12
# How long a process answers by a catalogue that was replaced, at the most. Reading a national one takes seconds, under
# load some tens of them; what takes longer than this is a fault, and then no answer is better than an old price.
STALE_SECONDS = 300
# After a failed load: often enough to be over it soon, seldom enough that a fault does not make load of its own.
RETRY_SECONDS = 5
# Plans after which others may run: building them is Python, and holds up every thread or greenlet of the process.
PLANS_AT_ONCE = 100


class CatalogueSets(NamedTuple):
    """The stored sets: ``in_force`` now, and for how many seconds each one has been in force or replaced."""

    in_force: frozenset[int]
    seconds: Mapping[int, float]

    def staleness(self, held: frozenset[int]) -> float:
        """For how many seconds what is in force has been another than ``held``; no end when a held set is gone."""
        return max((self.seconds.get(one, inf) for one in held ^ self.in_force), default=0.0)


class CatalogueRepository:
    """``current()`` costs one small read, and nothing within ``look_seconds`` after one that found nothing new. When
    something was imported it goes on with the catalogue that it has, while one thread reads the new one beside it; it
    waits only where there is no other, or that one is too old.
    """

    def __init__(self, database: Database, look_seconds: float = 0.0) -> None:
        self._database = database
        self._look_seconds = look_seconds
        self._nothing_new_until = 0.0
        # The holder reads the catalogue.
        self._reading = Lock()
        self._held: tuple[frozenset[int], Catalogue] | None = None
        self._not_before = 0.0

    def current(self) -> Catalogue:
        """Raises Unavailable when the database is away, or has not given the new one in time."""
        held, now = self._held, monotonic()
        if held and now < self._nothing_new_until:
            return held[1]
        sets = self._sets()
        if held:
            if held[0] == sets.in_force:
                self._nothing_new_until = now + self._look_seconds
                return held[1]
            if sets.staleness(held[0]) < STALE_SECONDS:
                self._read_behind()
                return held[1]
        with self._reading:
            if self._held is None or self._held[0] != self._sets().in_force:
                self._held = self._read()
            return self._held[1]

    def _sets(self) -> CatalogueSets:
        with self._database.autocommit_read() as connection:
            return _sets(connection)

    def refresh(self) -> None:
        """Take up an import without being asked for anything; does nothing in a process that never was."""
        if self._held:
            self.current()

    def _read_behind(self) -> None:
        """One reader a process, and none just after one that failed."""
        if monotonic() < self._not_before or not self._reading.acquire(blocking=False):
            return
        try:
            Thread(target=self._read_and_release, name="catalogue", daemon=True).start()
        except RuntimeError:  # no thread to be had: the next request tries again
            self._reading.release()

    def _read_and_release(self) -> None:
        started = monotonic()
        try:
            self._held = self._read_beside(self._held)
            telemetry.get_logger().info("catalogue", step="take up", seconds=round(monotonic() - started, 3))
        except Exception as failure:  # whatever it is: the catalogue that is held serves on, and it is tried again
            self._not_before = monotonic() + RETRY_SECONDS
            telemetry.get_logger().warning("catalogue", step="take up", outcome="failed", error=type(failure).__name__)
        finally:
            self._reading.release()

    def _read_beside(self, old: tuple[frozenset[int], Catalogue] | None) -> tuple[frozenset[int], Catalogue]:
        """With the rates that people ask for: the first request after the change does not wait for them either."""
        new = self._read()
        if old:
            new[1].read_ahead(old[1])
        return new

    def _read(self) -> tuple[frozenset[int], Catalogue]:
        with self._database.transaction() as session:
            # One state in all the selects, whatever is imported meanwhile.
            connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            sets = _sets(connection).in_force
            return sets, self._load(session)

    def _load(self, session: Session) -> Catalogue:
        years: defaultdict[int | None, list[int]] = defaultdict(list)
        rows = session.scalars(select(DataSetRow).where(IN_FORCE)).all()
        for row in rows:
            years[row.plan_year].append(row.id)

        def rates(plan_year: int, state: str, rating_area: int) -> RatesByPlan:
            """Of these very sets: a catalogue that was replaced goes on with its own rates."""
            with self._database.transaction() as later:
                return read_rates(later, years.get(plan_year, ()), state, rating_area)

        return Catalogue(_geography(session), _offers(session, rows), rates)


def _sets(connection: Connection) -> CatalogueSets:
    rows = [tuple(row) for row in connection.execute(_SETS)]
    in_force = frozenset(data_set for data_set, is_in_force, _ in rows if is_in_force)
    return CatalogueSets(in_force, {data_set: float(seconds) for data_set, _, seconds in rows})


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


def _offers(session: Session, sets: Sequence[DataSetRow]) -> list[PlanOffering]:
    versions = {row.id: f"{row.name} {row.digest[:VERSION_DIGITS]}" for row in sets}
    areas: defaultdict[tuple[int, str], dict[str, frozenset[str]]] = defaultdict(dict)
    columns = (
        ServiceAreaRow.data_set_id,
        ServiceAreaRow.service_area_id,
        ServiceAreaRow.county_fips,
        ServiceAreaRow.zips,
    )
    places = select(*columns).where(ServiceAreaRow.data_set_id.in_(versions))
    for data_set, area, fips, zips in session.execute(places):
        areas[data_set, area][fips] = frozenset(zips)
    plans = select(PlanRow).where(PlanRow.data_set_id.in_(versions)).order_by(PlanRow.plan_year, PlanRow.plan_id)
    offerings = []
    for number, row in enumerate(session.scalars(plans)):
        if number % PLANS_AT_ONCE == 0:
            sleep(0)
        offerings.append(
            PlanOffering(plan_of(row), areas[row.data_set_id, row.service_area_id], versions[row.data_set_id])
        )
    return offerings

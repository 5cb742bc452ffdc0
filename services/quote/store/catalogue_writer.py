"""Store: writes catalogues, whole sets at a time, with PostgreSQL's COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from chassis.db import Database
from chassis.kernel import Conflict
from services.quote.domain.filed_rates import PlanRates, collect_rates
from services.quote.domain.filing import FIRST_OF_NEW_MAP, LAST_OF_OLD_MAP, Filing, GeographyFiles
from services.quote.domain.filing import FiledFamilyRate as FamilyRates
from services.quote.store.copying import array, copy_rows
from services.quote.store.plan_rows import plan_values
from services.quote.store.tables import (
    Base,
    CountyAreaRow,
    CountyRow,
    DataSetRow,
    FamilyRateRow,
    PlanRateRow,
    PlanRow,
    ServiceAreaRow,
    ZipCountyRow,
)

# One lock for all loading; any number will do as long as nobody else in this database uses it.
LOADING_LOCK = 7_402_014
# A whole filing is one COPY; its size, not a stuck lock, decides how long it takes.
LOADING_TIMEOUT = "600s"
# Thrice as long as any process answers by a replaced catalogue (``catalogue.STALE_SECONDS``): a census that began with
# it has ten minutes more to read the rates of further rating areas.
REPLACED_KEPT_SECONDS = 900
IN_FORCE = DataSetRow.replaced_at.is_(None)
OLD_MAP, NEW_MAP = (2014, LAST_OF_OLD_MAP), (FIRST_OF_NEW_MAP, None)


@contextmanager
def open_catalogue_writer(database: Database) -> Iterator[FilingRepository]:
    """One transaction in which catalogues are written."""
    with database.transaction() as session:
        yield FilingRepository(session)


class FilingRepository:
    """The port ``usecases.load_catalogues.CatalogueWriter`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        self._session.execute(text(f"set local statement_timeout = '{LOADING_TIMEOUT}'"))
        self._session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOADING_LOCK})

    def digest(self, name: str) -> str | None:
        return self._session.scalar(select(DataSetRow.digest).where(DataSetRow.name == name, IN_FORCE))

    def put_geography(self, name: str, digest: str, files: GeographyFiles) -> None:
        """Replaces ZIPs and rating areas; counties are kept, because service areas point to them."""
        geography = self._new_set(name, digest, None)
        known = set(self._session.scalars(select(CountyRow.fips)))
        for table in (ZipCountyRow, CountyAreaRow):
            self._session.execute(delete(table))
        self._copy(CountyRow, (county[:3] for county in files.counties if county.fips not in known))
        self._copy(CountyAreaRow, ((c.fips, *OLD_MAP, c.area_2014_2017) for c in files.counties))
        self._copy(CountyAreaRow, ((c.fips, *NEW_MAP, c.area_2025_on) for c in files.counties))
        self._copy(ZipCountyRow, files.zips)
        self._put_in_force(geography)

    def put_filing(self, name: str, digest: str, filing: Filing) -> int:
        """Beside the one of that name, whose place it takes at the end of the transaction.

        Rates are gone through first: they are most of a file, and nothing is touched when one is bad.
        """
        rates = collect_rates(filing)
        data_set = self._new_set(name, digest, filing.plan_year)
        self._refuse_known(filing)
        self._copy(PlanRateRow, (_columns(data_set, plan) for plan in rates.by_plan()))
        self._copy(FamilyRateRow, (row for family in rates.families for row in _tiers(data_set, family)))
        count = rates.count
        del rates  # tens of megabytes, before the plans need theirs
        if filing.plans:
            self._session.execute(insert(PlanRow), [plan_values(plan, data_set) for plan in filing.plans])
        areas = ((data_set, area.service_area_id, area.county_fips, array(area.zips)) for area in filing.service_areas)
        self._copy(ServiceAreaRow, areas)
        self._put_in_force(data_set)
        return count

    def _refuse_known(self, filing: Filing) -> None:
        ids = [plan.plan_id for plan in filing.plans]
        sets = select(DataSetRow.id).where(DataSetRow.plan_year == filing.plan_year, IN_FORCE)
        known = select(PlanRow.plan_id).where(PlanRow.data_set_id.in_(sets), PlanRow.plan_id.in_(ids))
        if found := self._session.scalar(known.limit(1)):
            message = f"Plan {found} of {filing.plan_year} is already in another catalogue. Remove it from one of them."
            raise Conflict(message, code="plan_in_two_catalogues")

    def remove_replaced(self) -> int:
        """Delete what was replaced so long ago that nobody answers by it any more; how many sets went."""
        long_ago = func.clock_timestamp() - timedelta(seconds=REPLACED_KEPT_SECONDS)
        old = self._session.scalars(select(DataSetRow.id).where(DataSetRow.replaced_at < long_ago)).all()
        if old:
            for table in (PlanRateRow, FamilyRateRow, ServiceAreaRow, PlanRow):
                self._session.execute(delete(table).where(table.data_set_id.in_(old)))
            self._session.execute(delete(DataSetRow).where(DataSetRow.id.in_(old)))
        return len(old)

    def _new_set(self, name: str, digest: str, plan_year: int | None) -> int:
        """Its own row; the one of that name goes out of force."""
        self._session.execute(
            update(DataSetRow).where(DataSetRow.name == name, IN_FORCE).values(replaced_at=func.clock_timestamp())
        )
        row = DataSetRow(name=name, digest=digest, plan_year=plan_year)
        self._session.add(row)
        self._session.flush()
        return row.id

    def _put_in_force(self, data_set: int) -> None:
        """Says when, as the last thing before the commit: writing a catalogue takes a minute, and how long a process
        may answer by the old one is counted from here."""
        now = func.clock_timestamp()
        name = select(DataSetRow.name).where(DataSetRow.id == data_set).scalar_subquery()
        begun = func.now()  # of this transaction
        self._session.execute(
            update(DataSetRow).where(DataSetRow.name == name, DataSetRow.replaced_at >= begun).values(replaced_at=now)
        )
        self._session.execute(update(DataSetRow).where(DataSetRow.id == data_set).values(loaded_at=now))

    def _copy(self, table: type[Base], rows: Iterable[Sequence[object]]) -> None:
        copy_rows(self._session, table.__tablename__, rows)


def _columns(data_set: int, plan: PlanRates) -> tuple[object, ...]:
    """In the order of the table."""
    place = (data_set, plan.state, plan.rating_area, plan.component_id, plan.source.value)
    return (*place, array(plan.ages_from), array(plan.ages_to), array(plan.cents), array(plan.tobacco_cents))


def _tiers(data_set: int, family: FamilyRates) -> Iterator[tuple[object, ...]]:
    for tier, cents in family.rates.cents.items():
        place = (data_set, family.state, family.rating_area, family.component_id)
        yield (*place, int(tier), cents, family.rates.source.value)

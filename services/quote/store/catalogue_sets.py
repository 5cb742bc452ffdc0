"""Store: what catalogues there are, and taking one out of force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Select, distinct, extract, func, or_, select, update
from sqlalchemy.orm import Session

from chassis.db import Database
from services.quote.domain.plan import CatalogueKind, Coverage
from services.quote.store.catalogue_writer import IN_FORCE, FilingRepository
from services.quote.store.tables import (
    DataSetRow,
    FamilyRateRow,
    PlanRateRow,
    PlanRow,
    QuoteRow,
    ServiceAreaRow,
)
from services.quote.usecases.manage_catalogues import SetContent, StatePlans, StoredSet


@contextmanager
def open_catalogue_sets(database: Database) -> Iterator[CatalogueSetRepository]:
    with database.transaction() as session:
        yield CatalogueSetRepository(session)


class CatalogueSetRepository:
    """The port ``usecases.manage_catalogues.StoredSets`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        FilingRepository(self._session).lock()

    def all(self) -> Sequence[StoredSet]:
        plans = select(func.count()).where(PlanRow.data_set_id == DataSetRow.id).scalar_subquery()
        columns = (DataSetRow.name, DataSetRow.plan_year, DataSetRow.loaded_at, DataSetRow.digest)
        rows = self._session.execute(select(*columns, plans).where(IN_FORCE).order_by(DataSetRow.name))
        return [StoredSet(*row) for row in rows]

    def content(self, stored: StoredSet) -> SetContent:
        data_set = self._session.scalars(select(DataSetRow.id).where(DataSetRow.name == stored.name, IN_FORCE)).one()
        return SetContent(
            stored,
            self._states(data_set),
            rates=self._count(
                select(func.coalesce(func.sum(func.cardinality(PlanRateRow.cents)), 0)).where(
                    PlanRateRow.data_set_id == data_set
                )
            ),
            family_rates=self._count(select(func.count()).where(FamilyRateRow.data_set_id == data_set)),
            counties=self._count(
                select(func.count(distinct(ServiceAreaRow.county_fips))).where(ServiceAreaRow.data_set_id == data_set)
            ),
            quotes=self._count(_quotes_on(data_set, stored.plan_year)),
        )

    def take_out(self, name: str) -> None:
        self._session.execute(
            update(DataSetRow).where(DataSetRow.name == name, IN_FORCE).values(replaced_at=func.clock_timestamp())
        )

    def _states(self, data_set: int) -> list[StatePlans]:
        kinds = (PlanRow.state, PlanRow.coverage, PlanRow.catalogue)
        rows = self._session.execute(
            select(*kinds, func.count()).where(PlanRow.data_set_id == data_set).group_by(*kinds).order_by(*kinds)
        )
        return [StatePlans(state, Coverage(coverage), CatalogueKind(kind), n) for state, coverage, kind, n in rows]

    def _count(self, query: Select[int]) -> int:
        return self._session.scalar(query) or 0


def _quotes_on(data_set: int, plan_year: int | None) -> Select[int]:
    plans = select(PlanRow.plan_id).where(PlanRow.data_set_id == data_set)
    chosen = or_(QuoteRow.medical_plan_id.in_(plans), QuoteRow.dental_plan_id.in_(plans))
    in_year = extract("year", QuoteRow.effective_date) == plan_year
    return select(func.count()).select_from(QuoteRow).where(chosen, in_year, QuoteRow.expired_at.is_(None))

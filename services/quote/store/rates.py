"""Store: reads the rates of all plans of a rating area at once."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.quote.domain.catalogue import RatesByPlan
from services.quote.domain.plan import Rate, RateSource
from services.quote.domain.rates import FamilyRates, FamilyTier, RateTable
from services.quote.store.tables import DataSetRow, FamilyRateRow, PlanRateRow


def read_rates(session: Session, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
    """A plan has rates by age or for families, never both (see ``staging``)."""
    return {
        **_by_age(session, plan_year, state, rating_area),
        **_of_families(session, plan_year, state, rating_area),
    }


def _by_age(session: Session, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
    columns = (PlanRateRow.component_id, PlanRateRow.age_from, PlanRateRow.age_to)
    rate = (PlanRateRow.cents, PlanRateRow.tobacco_cents, PlanRateRow.source)
    query = select(*columns, *rate).where(
        PlanRateRow.data_set_id.in_(_data_sets(plan_year)),
        PlanRateRow.state == state,
        PlanRateRow.rating_area == rating_area,
    )
    bands: defaultdict[str, list[tuple[int, int, Rate]]] = defaultdict(list)
    for component, first, last, cents, tobacco, source in session.execute(query):
        bands[component].append((first, last, Rate(cents, tobacco, RateSource(source))))
    return {component: RateTable.of(found, rating_area=rating_area) for component, found in bands.items()}


def _of_families(session: Session, plan_year: int, state: str, rating_area: int) -> RatesByPlan:
    columns = (FamilyRateRow.component_id, FamilyRateRow.tier, FamilyRateRow.cents, FamilyRateRow.source)
    query = select(*columns).where(
        FamilyRateRow.data_set_id.in_(_data_sets(plan_year)),
        FamilyRateRow.state == state,
        FamilyRateRow.rating_area == rating_area,
    )
    tiers: defaultdict[tuple[str, str], dict[FamilyTier, int]] = defaultdict(dict)
    for component, tier, cents, source in session.execute(query):
        tiers[component, source][FamilyTier(tier)] = cents
    return {
        component: RateTable.of_families(FamilyRates(found, RateSource(source)), rating_area=rating_area)
        for (component, source), found in tiers.items()
    }


def _data_sets(plan_year: int) -> Select[int]:
    return select(DataSetRow.id).where(DataSetRow.plan_year == plan_year)

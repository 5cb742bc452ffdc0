"""Store: reads the rates of all plans of a rating area at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.kernel import Unavailable
from services.quote.domain.catalogue import RatesByPlan
from services.quote.domain.plan import Rate, RateSource
from services.quote.domain.rates import FamilyRates, FamilyTier, RateTable
from services.quote.store.tables import DataSetRow, FamilyRateRow, PlanRateRow


def read_rates(session: Session, data_sets: Sequence[int], state: str, rating_area: int) -> RatesByPlan:
    """The rates of catalogues of one plan year, as they were loaded, whether replaced since or not.

    A plan has rates by age or for families, never both (see ``staging``). Raises Unavailable when one of the catalogues
    was replaced so long ago that it is gone: its rates are not known any more, which is not the same as not filed.
    """
    found = {
        **_by_age(session, data_sets, state, rating_area),
        **_of_families(session, data_sets, state, rating_area),
    }
    # Asked last: sets and their rates go in one transaction, so anyone who still sees the set has seen its rates.
    kept = session.scalars(select(DataSetRow.id).where(DataSetRow.id.in_(data_sets))).all()
    if len(kept) < len(data_sets):
        raise Unavailable("The plan catalogue was replaced during pricing. Start again.")
    return found


def _by_age(session: Session, data_sets: Sequence[int], state: str, rating_area: int) -> RatesByPlan:
    columns = (PlanRateRow.component_id, PlanRateRow.source, PlanRateRow.ages_from, PlanRateRow.ages_to)
    query = select(*columns, PlanRateRow.cents, PlanRateRow.tobacco_cents).where(
        PlanRateRow.data_set_id.in_(data_sets),
        PlanRateRow.state == state,
        PlanRateRow.rating_area == rating_area,
    )
    bands: defaultdict[str, list[tuple[int, int, Rate]]] = defaultdict(list)
    for component, said, ages_from, ages_to, all_cents, all_tobacco in session.execute(query):
        source = RateSource(said)
        for first, last, cents, tobacco in zip(ages_from, ages_to, all_cents, all_tobacco, strict=True):
            bands[component].append((first, last, Rate(cents, tobacco, source)))
    return {component: RateTable.from_bands(found, rating_area=rating_area) for component, found in bands.items()}


def _of_families(session: Session, data_sets: Sequence[int], state: str, rating_area: int) -> RatesByPlan:
    columns = (FamilyRateRow.component_id, FamilyRateRow.tier, FamilyRateRow.cents, FamilyRateRow.source)
    query = select(*columns).where(
        FamilyRateRow.data_set_id.in_(data_sets),
        FamilyRateRow.state == state,
        FamilyRateRow.rating_area == rating_area,
    )
    tiers: defaultdict[tuple[str, str], dict[FamilyTier, int]] = defaultdict(dict)
    for component, tier, cents, source in session.execute(query):
        tiers[component, source][FamilyTier(tier)] = cents
    return {
        component: RateTable.from_family_rates(FamilyRates(found, RateSource(source)), rating_area=rating_area)
        for (component, source), found in tiers.items()
    }

"""Which plans are sold at a place, and how their rates are fetched."""

from dataclasses import replace

import pytest

from chassis.kernel import NotFound
from services.quote.domain.catalogue import Catalogue, PlanOffering, RatesByPlan
from services.quote.domain.geography import Geography, RatingLocation
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, Rate, RateSource
from services.quote.domain.premium import RateNotFiled
from services.quote.domain.rates import RateTable
from tests.unit.services.quote.samples import COOK
from tests.unit.services.quote.samples import HMO as PLAN

LOOP, SUBURB = RatingLocation("60601", COOK, 1), RatingLocation("60402", COOK, 1)
TABLE = RateTable.from_bands([(0, 65, Rate(100, 100, RateSource.FILED))], rating_area=1)


def make_catalogue(*offerings: PlanOffering) -> tuple[Catalogue, list[tuple[int, str, int]]]:
    asked: list[tuple[int, str, int]] = []

    def load(plan_year: int, state: str, area: int) -> RatesByPlan:
        asked.append((plan_year, state, area))
        return {PLAN.component_id: TABLE}

    return Catalogue(Geography({}), offerings, load), asked


def test_only_plans_of_the_county_the_coverage_and_the_side_are_sold() -> None:
    on = replace(PLAN, plan_id="36096IL9900001-01", exchange=Exchange.ON)
    dental = replace(PLAN, plan_id="36096IL9900009-00", coverage=Coverage.DENTAL)
    elsewhere = replace(PLAN, plan_id="36096IL9900008-00")
    cook: dict[str, frozenset[str]] = {"17031": frozenset()}
    catalogue, _ = make_catalogue(
        PlanOffering(PLAN, cook), PlanOffering(on, cook), PlanOffering(dental, cook), PlanOffering(elsewhere, {})
    )
    assert catalogue.sold_in(LOOP, 2026, Coverage.MEDICAL) == [PLAN, on]
    assert catalogue.sold_in(LOOP, 2026, Coverage.MEDICAL, Exchange.ON) == [on]
    assert catalogue.sold_in(LOOP, 2027, Coverage.MEDICAL) == []
    assert not catalogue.is_sold(elsewhere, LOOP)


def test_made_up_plans_are_off_sale_where_plans_were_filed() -> None:
    cook: dict[str, frozenset[str]] = {"17031": frozenset()}
    filed = replace(PLAN, plan_id="36096IL0010001-00", catalogue=CatalogueKind.CMS_FILED)
    dental = replace(PLAN, plan_id="36096IL9900009-00", coverage=Coverage.DENTAL)
    texan = replace(PLAN, plan_id="33602TX9900001-00", state="TX")
    next_year = replace(PLAN, plan_year=2027)
    catalogue, _ = make_catalogue(*(PlanOffering(plan, cook) for plan in (PLAN, filed, dental, texan, next_year)))
    assert catalogue.sold_in(LOOP, 2026, Coverage.MEDICAL) == [filed]
    assert catalogue.sold_in(LOOP, 2026, Coverage.DENTAL) == [dental]
    assert catalogue.sold_in(LOOP, 2027, Coverage.MEDICAL) == [next_year]
    assert [catalogue.superseded_by_filed(plan) for plan in (PLAN, filed, dental, texan)] == [True, False, False, False]
    assert not catalogue.is_sold(PLAN, LOOP)
    assert catalogue.plan(2026, PLAN.plan_id) == PLAN  # its page stays, for those who hold its id


def test_a_plan_may_serve_part_of_a_county() -> None:
    catalogue, _ = make_catalogue(PlanOffering(PLAN, {"17031": frozenset({"60601"})}))
    assert catalogue.is_sold(PLAN, LOOP)
    assert not catalogue.is_sold(PLAN, SUBURB)


def test_rates_of_a_rating_area_are_fetched_once() -> None:
    catalogue, asked = make_catalogue(PlanOffering(PLAN, {}))
    assert catalogue.rates(PLAN, LOOP) is catalogue.rates(PLAN, SUBURB) is TABLE
    assert asked == [(2026, "IL", 1)]


def test_a_plan_without_any_rate_in_the_area_is_not_free() -> None:
    catalogue, _ = make_catalogue(PlanOffering(PLAN, {}))
    with pytest.raises(RateNotFiled):
        catalogue.rates(replace(PLAN, component_id="36096IL9900002"), LOOP)


def test_an_unknown_plan_is_not_found_even_in_another_plan_year() -> None:
    catalogue, _ = make_catalogue(PlanOffering(PLAN, {}))
    assert catalogue.plan(2026, PLAN.plan_id) == PLAN
    with pytest.raises(NotFound):
        catalogue.plan(2027, PLAN.plan_id)

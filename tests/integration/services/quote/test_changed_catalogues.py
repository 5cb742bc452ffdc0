"""What quotes say when the catalogue changed under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chassis.db import Database, PostgresTransactions
from chassis.kernel import get_markets, install_markets
from chassis.kernel.market import CatalogSource
from services.quote.catalogue.sources import geography_source, shipped_filings
from services.quote.domain.filing import Filing
from services.quote.domain.plan import CatalogueKind, Coverage
from services.quote.domain.quote import QuoteStatus
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.store.work import UnitOfWork
from services.quote.usecases.create_quote import CreateQuote
from services.quote.usecases.get_quote import GetQuote
from services.quote.usecases.quote_view import QuoteView
from services.quote.usecases.search_plans import PlanQuery, SearchPlans
from services.quote.usecases.select_plans import PlanChoice, SelectPlans
from tests.integration.chassis.waiting import until
from tests.integration.services.quote.samples import (
    ASKED,
    CLOCK,
    DENTAL,
    HMO,
    ILLUSTRATIVE_2026,
    OWNER,
    count,
    load,
    new,
)
from tests.unit.services.quote.samples import by_age


@pytest.fixture
def chosen(create: CreateQuote, choose: SelectPlans) -> QuoteView:
    made = create(new())
    return choose(PlanChoice(made.quote.quote_id, HMO, DENTAL, 1), OWNER)


@pytest.fixture
def read(seeded: Database, transactions: PostgresTransactions[UnitOfWork]) -> GetQuote:
    return GetQuote(CatalogueRepository(seeded), transactions, CLOCK)


def dearer(filing: Filing) -> Filing:
    """The HMO costs a dollar more at every age."""
    rates = [
        row._replace(rate=row.rate._replace(cents=row.rate.cents + 100, tobacco_cents=None))
        if row.component_id == HMO[:14]
        else row
        for row in by_age(filing.rates)
    ]
    return replace(filing, rates=rates)


def filed_medical_of_illinois(filing: Filing) -> Filing:
    """A filing with ids of its own, though its plans and rates are the made-up ones."""

    def filed(component: str) -> str:
        return component.replace("IL99", "IL12")

    plans = [plan for plan in filing.plans if plan.state == "IL" and plan.coverage is Coverage.MEDICAL]
    kept = {plan.component_id for plan in plans}
    return replace(
        filing,
        plans=tuple(
            replace(
                plan,
                plan_id=filed(plan.plan_id),
                component_id=filed(plan.component_id),
                catalogue=CatalogueKind.CMS_FILED,
            )
            for plan in plans
        ),
        rates=[
            row._replace(component_id=filed(row.component_id))
            for row in by_age(filing.rates)
            if row.component_id in kept
        ],
        service_areas=tuple(area for area in filing.service_areas if area.service_area_id.startswith("IL")),
    )


def put(db: Database, name: str, filing: Filing, catalogues: CatalogueRepository | None = None) -> None:
    """Stored, and taken up by ``catalogues``."""
    before = catalogues.current() if catalogues else None
    with open_catalogue_writer(db) as writer:
        writer.put_filing(name, "another digest", filing)
    if catalogues:
        assert until(lambda: catalogues.current() is not before)


def test_a_quote_keeps_its_premiums_when_rates_change_and_takes_the_new_ones_when_chosen_again(
    seeded: Database, catalogues: CatalogueRepository, chosen: QuoteView, choose: SelectPlans, read: GetQuote
) -> None:
    assert chosen.choice.medical
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()), catalogues)

    seen = read(chosen.quote.quote_id, OWNER)

    assert seen.choice.medical and seen.choice.medical.premium.lines == chosen.choice.medical.premium.lines
    assert seen.changed and seen.changed.new
    assert (seen.changed.old, seen.changed.new.cents) == (chosen.choice.total, chosen.choice.total.cents + 200)
    assert seen.status is QuoteStatus.SELECTED

    again = choose(PlanChoice(chosen.quote.quote_id, HMO, "", 0), OWNER)

    assert again.changed is None
    assert again.quote.quoted_premiums[0].catalogue_version == "illustrative-2026 another dige"
    assert count(seeded, "quote_premium") == 1  # the dental plan's went with the choice
    assert read(chosen.quote.quote_id, OWNER).quote.quoted_premiums == again.quote.quoted_premiums


def test_a_filing_takes_the_made_up_plans_of_its_state_year_and_coverage_off_sale(
    seeded: Database, chosen: QuoteView, read: GetQuote
) -> None:
    put(seeded, "filing-2026", filed_medical_of_illinois(ILLUSTRATIVE_2026.read()))

    search = SearchPlans(CatalogueRepository(seeded), CLOCK)
    medical, dental = (search(ASKED, PlanQuery(coverage)) for coverage in (Coverage.MEDICAL, Coverage.DENTAL))
    assert {one.plan.catalogue for one in medical.plans} == {CatalogueKind.CMS_FILED}
    assert {one.plan.catalogue for one in dental.plans} == {CatalogueKind.ILLUSTRATIVE}
    texas = replace(ASKED, state="TX", zip="75201", county_fips="48113")
    assert {one.plan.catalogue for one in search(texas, PlanQuery(Coverage.MEDICAL)).plans} == {
        CatalogueKind.ILLUSTRATIVE
    }

    seen = read(chosen.quote.quote_id, OWNER)

    assert (seen.status, seen.choice.plans) == (QuoteStatus.OPEN, ())
    assert seen.changed and (seen.changed.old, seen.changed.new) == (chosen.choice.total, None)
    assert "replaced by filed plans" in seen.changed.reason
    assert CatalogueRepository(seeded).current().plan(2026, HMO).catalogue is CatalogueKind.ILLUSTRATIVE


@pytest.fixture
def filed_only(chosen: QuoteView) -> Iterator[None]:
    """Every state sells its carrier's filed plans, once a quote has chosen made-up ones."""
    before = get_markets()
    served = {state: replace(one, catalog=CatalogSource.FILED) for state, one in before.by_state.items()}
    install_markets(replace(before, by_state=served))
    yield
    install_markets(before)


@pytest.mark.usefixtures("filed_only")
def test_a_seed_takes_made_up_plans_off_sale_once_every_state_sells_filed_ones(
    seeded: Database, read: GetQuote, chosen: QuoteView
) -> None:
    filings = shipped_filings(geography_source())
    assert load(seeded, *filings) == [True, False, False, False]
    assert CatalogueRepository(seeded).current().plan_years == {2014}
    assert load(seeded, *filings) == [True] * 4
    seen = GetQuote(CatalogueRepository(seeded), read.transactions, CLOCK)(chosen.quote.quote_id, OWNER)
    assert seen.changed and (seen.changed.old, seen.changed.new) == (chosen.choice.total, None)

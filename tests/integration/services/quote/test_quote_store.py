"""Catalogues and quotes on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

import services.quote.__main__ as quote
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import downgrade_schema, upgrade_schema
from chassis.kernel import (
    AlreadyExists,
    Conflict,
    DomainError,
    NotFound,
    Stale,
)
from services.quote.domain.plan import Coverage
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.store.tables import Base
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
    FILED_2014,
    HMO,
    ILLUSTRATIVE_2026,
    OWNER,
    PEOPLE,
    SERVICE,
    STRANGER,
    count,
    count_rates,
    load,
    new,
)
from tests.unit.services.quote.samples import by_age


def test_migrations_go_up_down_and_up_and_match_the_tables(db: Database) -> None:
    downgrade_schema(db.engine, quote.SERVICE.migrations, "base")
    upgrade_schema(db.engine, quote.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))


def test_a_second_load_of_the_same_files_changes_nothing(seeded: Database) -> None:
    assert load(seeded, ILLUSTRATIVE_2026) == [True, True]


def test_loads_at_the_same_time_wait_for_each_other(db: Database) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: load(db, ILLUSTRATIVE_2026), range(2))
    # which of the two loads a set is chance; that one does, and one alone, is not
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [[False, True]] * 2
    assert count(db, "plan") == len(ILLUSTRATIVE_2026.read().plans)


def test_a_changed_set_replaces_its_plans_and_rates(seeded: Database) -> None:
    filing = ILLUSTRATIVE_2026.read()
    kept = filing.plans[0]
    rates = tuple(rate for rate in by_age(filing.rates) if rate.component_id == kept.component_id)
    with open_catalogue_writer(seeded) as writer:
        writer.put_filing("illustrative-2026", "changed", replace(filing, plans=(kept,), rates=rates))
    in_force = "where data_set_id in (select id from data_set where replaced_at is null)"
    assert (count(seeded, f"plan {in_force}"), count_rates(seeded, in_force)) == (1, len(rates))
    catalogue = CatalogueRepository(seeded).current()
    assert [offering.plan for offering in catalogue.offerings] == [kept]


def test_a_load_that_fails_leaves_the_old_catalogue(seeded: Database) -> None:
    filing = ILLUSTRATIVE_2026.read()
    before = count_rates(seeded)
    with pytest.raises(Exception, match="a_rate_is_above_0"), open_catalogue_writer(seeded) as writer:
        first = by_age(filing.rates)[0]
        free = first._replace(rate=first.rate._replace(cents=0))
        rates = (free, *by_age(filing.rates)[1:])
        writer.put_filing("illustrative-2026", "broken", replace(filing, rates=rates))
    assert count_rates(seeded) == before


def test_a_plan_in_two_catalogues_of_one_year_is_refused(seeded: Database) -> None:
    before = count_rates(seeded)
    with pytest.raises(Conflict, match="already in another catalog"), open_catalogue_writer(seeded) as writer:
        writer.put_filing("filing-2026", "digest", ILLUSTRATIVE_2026.read())
    assert (count_rates(seeded), count(seeded, "data_set")) == (before, 2)


def test_a_new_plan_year_is_seen_without_a_restart(seeded: Database) -> None:
    catalogues = CatalogueRepository(seeded)
    assert catalogues.current().plan_years == {2026}
    load(seeded, FILED_2014)
    assert until(lambda: catalogues.current().plan_years == {2014, 2026})


def test_a_stored_rate_is_the_filed_rate(seeded: Database) -> None:
    catalogue = CatalogueRepository(seeded).current()
    filing = ILLUSTRATIVE_2026.read()
    plan = catalogue.plan(2026, HMO)
    location = catalogue.geography.location("IL", "60601", "17031", 2026)
    rates = catalogue.rates(plan, location)
    stored = by_age(filing.rates)
    mine = [r for r in stored if (r.component_id, r.rating_area) == (plan.component_id, 1) and r.state == "IL"]
    assert mine
    assert all(rates.at(age) == row.rate for row in mine for age in (row.age_from, row.age_to))
    assert plan in filing.plans


def test_a_warm_search_costs_one_query(seeded: Database) -> None:
    search = SearchPlans(CatalogueRepository(seeded), CLOCK)
    statements: list[str] = []

    def note(*about: Any) -> None:
        statements.append(about[2])

    assert search(ASKED, PlanQuery(Coverage.MEDICAL)).plans
    event.listen(Engine, "before_cursor_execute", note)  # a database has more than one engine
    try:
        assert search(ASKED, PlanQuery(Coverage.MEDICAL)).plans
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(statements) == 1


def test_a_quote_comes_back_as_it_was_saved(
    seeded: Database, transactions: PostgresTransactions[UnitOfWork], create: CreateQuote, choose: SelectPlans
) -> None:
    read = GetQuote(CatalogueRepository(seeded), transactions, CLOCK)
    made = create(new())
    assert made.quote.household.members == PEOPLE
    assert read(made.quote.quote_id, OWNER) == made
    chosen = choose(PlanChoice(made.quote.quote_id, HMO, DENTAL, 1), OWNER)
    seen = read(made.quote.quote_id, SERVICE)
    assert (seen.quote, seen.choice.plans, seen.choice.total) == (
        chosen.quote,
        chosen.choice.plans,
        chosen.choice.total,
    )
    assert seen.choice.medical and chosen.choice.medical
    assert seen.choice.medical.premium.lines == chosen.choice.medical.premium.lines
    assert seen.quote.quoted_premiums == chosen.quote.quoted_premiums
    assert seen.quote.quoted_premiums[0].catalogue_version == f"illustrative-2026 {ILLUSTRATIVE_2026.digest[:12]}"
    assert chosen.choice.plans and chosen.quote.version == 2


def test_a_foreign_quote_is_not_found_and_not_changed(
    seeded: Database, transactions: PostgresTransactions[UnitOfWork], create: CreateQuote, choose: SelectPlans
) -> None:
    made = create(new()).quote.quote_id
    with pytest.raises(NotFound):
        GetQuote(CatalogueRepository(seeded), transactions, CLOCK)(made, STRANGER)
    for caller in (STRANGER, SERVICE):
        with pytest.raises(NotFound):
            choose(PlanChoice(made, HMO, "", 0), caller)
    assert count(seeded, "outbox") == 1


def test_calls_at_once_with_one_key_make_one_quote_and_one_event(seeded: Database, create: CreateQuote) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = {view.quote.quote_id for view in pool.map(create, [new()] * 8)}
    assert len(made) == 1
    assert (count(seeded, "quote"), count(seeded, "outbox"), count(seeded, "audit")) == (1, 1, 1)


def test_a_used_key_with_other_content_is_refused(seeded: Database, create: CreateQuote) -> None:
    create(new())
    with pytest.raises(AlreadyExists):
        create(new(content=b"other"))
    assert count(seeded, "quote") == 1


def test_of_two_choices_from_one_version_only_the_first_is_kept(
    seeded: Database, create: CreateQuote, choose: SelectPlans
) -> None:
    quote_id, start = create(new()).quote.quote_id, threading.Barrier(3)

    def attempt(plans: tuple[str, str]) -> QuoteView | DomainError:
        start.wait()
        try:
            return choose(PlanChoice(quote_id, *plans, 1), OWNER)
        except Stale as stale:
            return stale

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(attempt, [(HMO, ""), (HMO, DENTAL), ("", DENTAL)]))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["QuoteView", "Stale", "Stale"]
    assert count(seeded, "outbox") == 2

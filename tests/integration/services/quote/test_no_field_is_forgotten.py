"""Every field of what quote stores comes back from PostgreSQL as it was written: quotes, links, catalogues, rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import select

from chassis.db import Database, PostgresTransactions
from chassis.kernel import Caller, CallerKind
from services.quote.domain.filing import (
    FiledCounty,
    FiledFamilyRate,
    FiledRate,
    FiledServiceArea,
    FiledZip,
    Filing,
    GeographyFiles,
)
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Coverage, Plan
from services.quote.domain.quote import Quote
from services.quote.domain.rates import RateTable
from services.quote.domain.sharing import ShareLink
from services.quote.events.outgoing import event_to_proto
from services.quote.store import plan_rows, quotes
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.store.rates import read_rates
from services.quote.store.tables import DataSetRow
from services.quote.store.work import UnitOfWork, make_transactions
from tests.dropped_lines import drop_line
from tests.filled_values import FilledValues
from tests.integration.services.quote.samples import BIRTH_DATES
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Store = PostgresTransactions[UnitOfWork]
SERVICE = Caller(CallerKind.SERVICE, "enrollment")
COUNTY = FiledCounty("17031", "Cook", "IL", 1, 2)
AREA = "ILS001"
_coverages, _relationships = cycle(Coverage), cycle(Relationship)


def household(number: int) -> Household:
    """Two people, one of whom has only what nobody can do without."""
    made = {"Member.relationship": lambda _: next(_relationships)}
    full, sparse = (FilledValues(number, made, sparse=one, first=number).of(Member) for one in (False, True))
    return Household((replace(full, relationship=Relationship.SELF), sparse))


MADE: dict[Any, Any] = {
    "plan_year": lambda _: 2026,
    "age_from": lambda _: 20,
    "age_to": lambda _: 22,
    "charged_children_cap": lambda number: number % 5,
    "QuotedPremium.coverage": lambda _: next(_coverages),  # at most one of each
    "Quote.household": household,
    "Plan.state": lambda _: COUNTY.state,
    "Plan.service_area_id": lambda _: AREA,
    "rating_area": lambda number: number % 50 + 1,
}


@pytest.fixture
def store(db: Database) -> Store:
    return make_transactions(db, BIRTH_DATES, event_to_proto)


def round_trips(store: Store) -> dict[Any, RoundTrip]:
    def added_quote(sent: Quote) -> Quote:
        with store() as work:
            work.quotes.add(sent)
        with store() as work:
            return work.quotes.get(sent.quote_id, SERVICE)

    def added_link(sent: ShareLink) -> ShareLink | None:
        with store() as work:
            work.quotes.add(replace(FilledValues(0, MADE).of(Quote), quote_id=sent.quote_id))
            work.share_links.add(sent)
        with store() as work:
            return work.share_links.get(sent.link_id)

    return {Quote: added_quote, ShareLink: added_link}


def load(db: Database, filing: Filing, zips: Sequence[FiledZip] = ()) -> CatalogueRepository:
    with open_catalogue_writer(db) as writer:
        writer.put_geography("geography", "digest", GeographyFiles(tuple(zips), (COUNTY,)))
        writer.put_filing("filing", "digest", filing)
    return CatalogueRepository(db)


def filing_of(plan: Plan) -> Filing:
    """The plan alone, with a rate, in the whole county."""
    rate = FilledValues(0, MADE).of(FiledRate)._replace(component_id=plan.component_id, state=plan.state)
    return Filing(plan.plan_year, (plan,), (rate,), (FiledServiceArea(AREA, COUNTY.fips),))


def plan_trip(db: Database) -> RoundTrip:
    def plan(sent: Plan) -> Plan:
        return load(db, filing_of(sent)).current().plan(sent.plan_year, sent.plan_id)

    return plan


def rates_of(db: Database, rate: FiledRate | FiledFamilyRate) -> RateTable:
    with db.transaction() as session:
        sets = session.scalars(select(DataSetRow.id).where(DataSetRow.plan_year == 2026)).all()
        return read_rates(session, sets[-1:], rate.state, rate.rating_area)[rate.component_id]


def test_every_field_that_is_added_comes_back(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(kind, round_trip, MADE) == set()


def test_every_field_that_is_saved_comes_back(store: Store) -> None:
    """All but the people of a quote, which never change, and the times of a link but its revocation."""
    added = round_trips(store)

    def saved_quote(sent: Quote) -> Quote:
        first = FilledValues(0, MADE, first=900_000).of(Quote)
        added[Quote](replace(first, quote_id=sent.quote_id, household=sent.household))
        with store() as work:
            work.quotes.save(sent)
        with store() as work:
            return work.quotes.get(sent.quote_id, SERVICE)

    def saved_link(sent: ShareLink) -> ShareLink | None:
        added[ShareLink](replace(sent, revoked_at=None))
        with store() as work:
            work.share_links.save(sent)
        with store() as work:
            return work.share_links.get(sent.link_id)

    assert lost_fields(Quote, saved_quote, MADE) == set()
    assert lost_fields(ShareLink, saved_link, MADE) == set()


def test_every_field_of_a_plan_comes_back(db: Database) -> None:
    assert lost_fields(Plan, plan_trip(db), MADE) == set()


@pytest.mark.parametrize("kind", [FiledRate, FiledFamilyRate])
def test_every_field_of_a_rate_comes_back(db: Database, kind: Any) -> None:
    sent = FilledValues(0, MADE).of(kind)
    plan = replace(FilledValues(0, MADE).of(Plan), component_id=sent.component_id, state=sent.state)
    load(db, replace(filing_of(plan), rates=(sent,)))
    table = rates_of(db, sent)
    if kind is FiledFamilyRate:
        assert table == RateTable.from_family_rates(sent.rates, rating_area=sent.rating_area)
    else:
        assert table == RateTable.from_bands([(20, 22, sent.rate)], rating_area=sent.rating_area)


def test_every_field_of_places_comes_back(db: Database) -> None:
    plan = FilledValues(0, MADE).of(Plan)
    zips = (FiledZip("60601", COUNTY.fips), FiledZip("60602", COUNTY.fips))
    filing = replace(filing_of(plan), service_areas=(FiledServiceArea(AREA, COUNTY.fips, ("60601",)),))
    catalogue = load(db, filing, zips).current()
    for zip_code, sold in (("60601", True), ("60602", False)):
        location = catalogue.location("IL", zip_code, COUNTY.fips, 2026)
        assert (location.zip, location.rating_area) == (zip_code, COUNTY.area_2025_on)
        county = location.county
        assert (county.fips, county.name, county.state) == (COUNTY.fips, COUNTY.name, COUNTY.state)
        assert [county.known_area(year) for year in (2014, 2017, 2020, 2025)] == [1, 1, None, 2]
        assert catalogue.is_sold(plan, location) is sold


def test_a_new_field_that_the_store_does_not_know_is_noticed(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(with_new_field(kind), round_trip, MADE) == {f"{kind.__name__}.of_tomorrow"}


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("        source_quote_id=row.source_quote_id,", "Quote.source_quote_id"),
        ("        disabled_dependent=row.disabled_dependent,", "Quote.household.members[].disabled_dependent"),
    ],
)
def test_a_converter_without_one_line_is_noticed(
    store: Store, monkeypatch: pytest.MonkeyPatch, line: str, lost: str
) -> None:
    drop_line(quotes, line, monkeypatch)
    assert lost_fields(Quote, round_trips(store)[Quote], MADE) == {lost}


def test_a_plan_whose_links_are_forgotten_is_noticed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    links = tuple(name for name in plan_rows._LINKS if name != "brochure_url")
    monkeypatch.setattr(plan_rows, "_LINKS", links)
    assert lost_fields(Plan, plan_trip(db), MADE) == {"Plan.detail.brochure_url"}

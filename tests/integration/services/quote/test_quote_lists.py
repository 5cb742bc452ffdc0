"""Lists, expiry and share links of quotes on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

import services.quote.__main__ as quote
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import downgrade_schema, upgrade_schema
from chassis.kernel import Caller, CallerKind, FixedClock, NotFound, WritingNumber, new_id
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Exchange
from services.quote.domain.quote import Producer, Quote, QuoteStatus, Selection
from services.quote.domain.quote_search import QuoteOrder, QuoteSearch
from services.quote.domain.sharing import ShareLink
from services.quote.events.outgoing import event_to_proto
from services.quote.store.work import UnitOfWork, make_transactions
from services.quote.usecases.expire_quotes import ExpireQuotes
from services.quote.usecases.get_quote_report import GetQuoteReport
from tests.integration.services.quote.samples import BIRTH_DATES

NOW = datetime(2026, 5, 20, 17, tzinfo=UTC)
NEXT_YEAR = FixedClock.at("2027-01-01")
OWNER = Caller(CallerKind.PRODUCER, "producer@example.com", (WritingNumber("220002580", "IL", "F", "F"),))
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "O", "O"),))
HMO = Selection("36096IL9900001-00", None, Exchange.OFF)


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    db = Database(database)
    upgrade_schema(db.engine, quote.SERVICE.migrations)
    yield db
    db.close()


@pytest.fixture
def transactions(db: Database) -> PostgresTransactions[UnitOfWork]:
    return make_transactions(db, BIRTH_DATES, event_to_proto)


def saved(
    transactions: PostgresTransactions[UnitOfWork],
    last: str = "Example",
    first: str = "Ann",
    effective: str = "2026-06-01",
    state: str = "IL",
    **changes: Any,
) -> Quote:
    made = Quote(
        quote_id=new_id(),
        producer=Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", state),
        state=state,
        zip="60601",
        county_fips="17031",
        effective_date=date.fromisoformat(effective),
        household=Household((Member(Relationship.SELF, date(1986, 3, 2), None, False, first, last),)),
        created_at=NOW,
        updated_at=NOW,
    )
    made = replace(made, **changes)
    with transactions() as work:
        work.quotes.add(made)
    return made


def found(
    transactions: PostgresTransactions[UnitOfWork], search: QuoteSearch, caller: Caller = OWNER, now: datetime = NOW
) -> list[str]:
    with transactions() as work:
        return [one.quote_id for one in work.quotes.page(caller, search, None, 50, now)]


@pytest.mark.parametrize("order", list(QuoteOrder))
def test_pages_hold_each_quote_once_though_others_are_added_and_many_are_equal(
    transactions: PostgresTransactions[UnitOfWork], order: QuoteOrder
) -> None:
    made = [
        saved(transactions, last, effective=f"2026-{month:02}-01", created_at=NOW + timedelta(seconds=n // 2))
        for n, (last, month) in enumerate([("Adams", 6), ("Baker", 6), ("Adams", 7), ("Clark", 6), ("Baker", 8)])
    ]
    pages: list[Quote] = []
    after: str | None = None
    while True:
        with transactions() as work:
            page = work.quotes.page(OWNER, QuoteSearch(order=order), after, 2, NOW)
        if not page:
            break
        pages += page
        after = page[-1].quote_id
        saved(transactions, "Aaron", effective="2026-01-01", created_at=NOW - timedelta(days=1))
        if len(pages) > 12:
            break
    ids = [one.quote_id for one in pages]
    assert len(ids) == len(set(ids))
    assert {one.quote_id for one in made} <= set(ids)


def test_the_list_is_narrowed_by_name_state_dates_and_status(transactions: PostgresTransactions[UnitOfWork]) -> None:
    ann = saved(transactions, "O'Example", "Ann")
    bob = saved(transactions, "Sample", "Bob", effective="2026-09-01", state="TX")
    chosen = saved(transactions, "Sample", "Zoë", selection=HMO)
    assert found(transactions, QuoteSearch(client_name="ann o'ex")) == [ann.quote_id]
    assert found(transactions, QuoteSearch(client_name="ZOË")) == [chosen.quote_id]
    assert found(transactions, QuoteSearch(client_name="100%")) == []
    assert found(transactions, QuoteSearch(state="TX")) == [bob.quote_id]
    assert found(transactions, QuoteSearch(effective_from=date(2026, 9, 1))) == [bob.quote_id]
    assert set(found(transactions, QuoteSearch(effective_to=date(2026, 6, 1)))) == {ann.quote_id, chosen.quote_id}
    assert found(transactions, QuoteSearch(status=QuoteStatus.SELECTED)) == [chosen.quote_id]
    assert set(found(transactions, QuoteSearch(status=QuoteStatus.OPEN))) == {ann.quote_id, bob.quote_id}
    assert found(transactions, QuoteSearch(), caller=STRANGER) == []


def test_names_are_sorted_last_name_first(transactions: PostgresTransactions[UnitOfWork]) -> None:
    zed = saved(transactions, "Adams", "Zed")
    amy = saved(transactions, "Baker", "Amy")
    assert found(transactions, QuoteSearch(order=QuoteOrder.CLIENT_NAME)) == [zed.quote_id, amy.quote_id]
    assert found(transactions, QuoteSearch(order=QuoteOrder.CLIENT_NAME_DESCENDING)) == [amy.quote_id, zed.quote_id]


def test_the_status_that_is_searched_for_is_the_status_that_is_shown(
    transactions: PostgresTransactions[UnitOfWork],
) -> None:
    made = [
        saved(transactions),
        saved(transactions, selection=HMO),
        saved(transactions, effective="2027-02-01"),
        saved(transactions, effective="2014-06-01"),
    ]
    now = NEXT_YEAR.now()
    for status in QuoteStatus:
        shown = {one.quote_id for one in made if one.status_on(date(2027, 1, 1)) is status}
        assert set(found(transactions, QuoteSearch(status=status), now=now)) == shown


def test_quotes_expire_once_however_often_and_by_whomever_the_timer_runs(
    db: Database, transactions: PostgresTransactions[UnitOfWork]
) -> None:
    old, historic = saved(transactions), saved(transactions, effective="2014-06-01")
    assert ExpireQuotes(transactions, FixedClock(NOW))() == 0
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: ExpireQuotes(transactions, NEXT_YEAR)(), range(4))) == 1
    with transactions() as work:
        expired, kept = work.quotes.get(old.quote_id, OWNER), work.quotes.get(historic.quote_id, OWNER)
    assert expired.status_on(date(2026, 6, 1)) is QuoteStatus.EXPIRED
    assert kept.status_on(date(2027, 1, 1)) is QuoteStatus.OPEN
    with db.transaction() as session:
        types = session.execute(text("select type from outbox")).scalars().all()
    assert types == ["quote.quote.expired.v1"]


def test_a_link_keeps_its_revocation_and_goes_out_once(transactions: PostgresTransactions[UnitOfWork]) -> None:
    link = ShareLink.new(new_id(), saved(transactions).quote_id, 0, NOW)
    with transactions() as work:
        work.share_links.add(link)
        assert [work.share_links.delivered(link.link_id, NOW) for _ in range(2)] == [True, False]
    with transactions() as work:
        assert work.share_links.get(link.link_id) == replace(link, delivered_at=NOW)
        work.share_links.save(link.revoke(NOW))
    with transactions() as work:
        kept = work.share_links.get(link.link_id, lock=True)
        assert kept and not kept.is_open(NOW)
        assert work.share_links.of_quote(link.quote_id) == [kept]


def test_quotes_saved_before_lists_could_be_searched_are_found_afterwards(
    db: Database, transactions: PostgresTransactions[UnitOfWork]
) -> None:
    made = saved(transactions, "Example", "Ann")
    downgrade_schema(db.engine, quote.SERVICE.migrations, "0002")
    upgrade_schema(db.engine, quote.SERVICE.migrations)
    assert found(transactions, QuoteSearch(client_name="example ann")) == [made.quote_id]
    with pytest.raises(NotFound), transactions() as work:
        work.quotes.get(made.quote_id, STRANGER)


def test_people_of_a_corrected_quote_are_replaced_as_a_whole(
    db: Database, transactions: PostgresTransactions[UnitOfWork]
) -> None:
    child = Member(Relationship.CHILD, date(2015, 1, 2), None, False, "Cal", "Example")
    ann = Member(Relationship.SELF, date(1986, 3, 2), None, False, "Ann", "Example")
    made = saved(transactions, household=Household((ann, child, replace(child, first_name="Dee"))))
    for people in [(ann, replace(child, first_name="Dee")), (ann,), (replace(ann, last_name="Sample"), child)]:
        corrected = replace(made, household=Household(people))
        with transactions() as work:
            work.quotes.save(corrected)
        with transactions() as work:
            assert work.quotes.get(made.quote_id, OWNER) == corrected
    assert found(transactions, QuoteSearch(client_name="sample")) == [made.quote_id]


def test_a_list_is_counted_and_leaves_out_what_was_put_away(transactions: PostgresTransactions[UnitOfWork]) -> None:
    kept, away = saved(transactions), saved(transactions, archived_at=NOW)
    assert found(transactions, QuoteSearch()) == [kept.quote_id]
    assert found(transactions, QuoteSearch(archived=True)) == [away.quote_id]
    with transactions() as work:
        assert work.quotes.count(OWNER, QuoteSearch(), NOW) == 1
        assert work.quotes.count(STRANGER, QuoteSearch(), NOW) == 0


def test_quotes_of_one_client_and_date_are_counted_as_alike(transactions: PostgresTransactions[UnitOfWork]) -> None:
    one, two = saved(transactions, "Example", "Ann"), saved(transactions, "EXAMPLE", "ann", archived_at=NOW)
    later, nameless = saved(transactions, effective="2026-07-01"), saved(transactions, "", "")
    saved(transactions, "", "")
    with transactions() as work:
        assert work.quotes.count_duplicates([one, later, nameless]) == {one.quote_id: 1, later.quote_id: 0}
        assert work.quotes.count_duplicates([two, nameless])[two.quote_id] == 1
        assert work.quotes.count_duplicates([nameless]) == {}


def report(
    transactions: PostgresTransactions[UnitOfWork],
    first: str = "2026-05-01",
    last: str = "2026-06-01",
    state: str = "",
    caller: Caller = OWNER,
) -> list[tuple[str, str, int, int]]:
    """State, month, quotes made, those with plans."""
    months = date.fromisoformat(first), date.fromisoformat(last)
    found = GetQuoteReport(transactions)(caller, *months, state, "")
    return [(one.state, one.month, one.made, one.with_plans) for one in found]


def test_report_counts_quotes_by_state_and_by_the_month_of_the_states_own_calendar(
    transactions: PostgresTransactions[UnitOfWork],
) -> None:
    saved(transactions)
    saved(transactions, selection=HMO)
    saved(transactions, state="TX")
    # 1 June, two in the morning in UTC, is still the evening of 31 May in Illinois and in Montana
    saved(transactions, created_at=datetime(2026, 6, 1, 2, tzinfo=UTC))
    # half past five in UTC: June in Illinois, but 31 May in Montana, an hour behind
    early = datetime(2026, 6, 1, 5, 30, tzinfo=UTC)
    saved(transactions, created_at=early)
    saved(transactions, state="MT", created_at=early)
    saved(transactions, created_at=datetime(2026, 7, 1, 6, tzinfo=UTC))
    assert report(transactions) == [
        ("IL", "2026-05", 3, 1),
        ("MT", "2026-05", 1, 0),
        ("TX", "2026-05", 1, 0),
        ("IL", "2026-06", 1, 0),
    ]
    assert report(transactions, state="TX") == [("TX", "2026-05", 1, 0)]
    assert report(transactions, caller=STRANGER) == []
    assert report(transactions, "2026-06-01", "2026-06-01") == [("IL", "2026-06", 1, 0)]

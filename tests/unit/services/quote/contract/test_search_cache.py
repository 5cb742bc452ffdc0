"""A search that is asked again is answered from memory, for as long as nothing it follows from has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.kernel import FixedClock, InvalidInput
from services.quote.contract import search_cache
from services.quote.contract.search_cache import SearchResultCache
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.household import Member, Relationship
from services.quote.domain.plan import Coverage
from services.quote.domain.plan_search import PlanPage
from services.quote.domain.rating_context import RatingRequest
from services.quote.usecases.search_plans import PlanQuery, SearchPlans, SearchResults
from tests.unit.services.quote.contract.conftest import Catalogues

QUERY = PlanQuery(Coverage.MEDICAL)


def asked(born: str = "1986-03-02") -> RatingRequest:
    person = Member(Relationship.SELF, date.fromisoformat(born))
    return RatingRequest("IL", "60601", "17031", date(2026, 6, 1), (person,))


@dataclass
class FakeCatalogueStore:
    """Gives out the same state until it is told that something was imported, as the store does."""

    catalogues: Catalogues
    held: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        self.imported()

    def imported(self) -> None:
        self.held = self.catalogues.current()

    def current(self) -> Catalogue:
        return self.held


@dataclass
class SettableClock:
    instant: datetime

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def stored(catalogues: Catalogues) -> FakeCatalogueStore:
    return FakeCatalogueStore(catalogues)


@pytest.fixture
def search(stored: FakeCatalogueStore) -> Callable[..., list[str]]:
    """Plan ids of an answer; a new list each time it was worked out."""

    def plan_ids(found: SearchResults) -> list[str]:
        return [one.plan.plan_id for one in found.plans]

    return SearchResultCache(SearchPlans(stored, FixedClock.at("2026-05-20")), plan_ids)


def test_the_same_search_is_worked_out_once(search: Callable[..., list[str]]) -> None:
    assert search(asked(), QUERY) is search(asked(), QUERY)


def test_a_search_for_another_household_or_page_is_not_answered_from_the_cache(
    search: Callable[..., list[str]],
) -> None:
    first = search(asked(), QUERY)
    assert search(asked("1970-01-01"), QUERY) is not first
    assert search(asked(), replace(QUERY, page=PlanPage(1))) == first[:1]
    assert search(asked(), replace(QUERY, descending=True))[-1] == first[0]


def test_an_import_drops_every_answer(search: Callable[..., list[str]], stored: FakeCatalogueStore) -> None:
    before = search(asked(), QUERY)
    stored.catalogues.withdraw(before[0])
    assert search(asked(), QUERY) is before
    stored.imported()
    assert search(asked(), QUERY) == before[1:]


def test_checks_that_depend_on_the_day_are_not_cached(stored: FakeCatalogueStore) -> None:
    clock = SettableClock(datetime(2026, 5, 21, 18, tzinfo=UTC))
    search = SearchResultCache(SearchPlans(stored, clock), lambda found: found)
    newborn = asked("2026-05-21")
    search(newborn, QUERY)
    clock.instant -= timedelta(days=1)
    with pytest.raises(InvalidInput):
        search(newborn, QUERY)


def test_the_memory_is_bounded(search: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_cache, "ANSWERS_KEPT", 2)
    first = search(asked("1980-01-01"), QUERY)
    for born in ("1981-01-01", "1982-01-01"):
        search(asked(born), QUERY)
    again = search(asked("1980-01-01"), QUERY)
    assert again == first and again is not first

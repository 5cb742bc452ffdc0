"""A search that is asked again is answered from memory, for as long as nothing it follows from has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.identity import Caller, CallerKind
from chassis.kernel import FixedClock, InvalidInput
from services.quote.contract import search_cache
from services.quote.contract.search_cache import LONGEST_KEPT, SearchAnswers
from services.quote.contract.service import QuoteContract
from services.quote.domain.catalogue import Catalogue
from tests.unit.services.quote.contract.conftest import Catalogues

Search = Callable[[bytes], bytes]
METHOD = QuoteContract.descriptor.methods_by_name["SearchPlans"]
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")


def asked(born: str = "1986-03-02", **more: object) -> bytes:
    person = quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, date_of_birth=born)
    place = {"state": "IL", "zip": "60601", "county_fips": "17031", "effective_date": "2026-06-01"}
    request = pb.SearchPlansRequest(**place, coverage=common.COVERAGE_MEDICAL, members=[person], **more)  # type: ignore[arg-type]  # fields of the request
    return request.SerializeToString()


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


@pytest.fixture
def stored(catalogues: Catalogues) -> FakeCatalogueStore:
    return FakeCatalogueStore(catalogues)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.at("2026-05-20")


@pytest.fixture
def search(stored: FakeCatalogueStore, clock: FixedClock) -> Search:
    """The bytes that were asked for; new ones each time they were worked out."""
    return SearchAnswers(stored, clock, lambda request: bytes(bytearray(request)))


def test_the_same_search_is_worked_out_once(search: Search) -> None:
    assert search(asked()) is search(asked())


def test_another_household_or_page_is_another_search(search: Search) -> None:
    for other in (asked("1970-01-01"), asked(descending=True), asked(page=common.Page(size=1))):
        assert search(asked()) != search(other) == other


def test_an_import_drops_every_answer(search: Search, stored: FakeCatalogueStore) -> None:
    before = search(asked())
    stored.imported()
    assert search(asked()) is not before


@pytest.mark.parametrize("hours, kept", [(1, True), (24, False), (-24, False)])
def test_answers_are_of_one_day(search: Search, clock: FixedClock, hours: int, kept: bool) -> None:
    before = search(asked())
    clock.advance(timedelta(hours=hours))
    assert (search(asked()) is before) is kept


def test_the_memory_is_bounded(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_cache, "ANSWERS_KEPT", 2)
    first = search(asked("1980-01-01"))
    for born in ("1981-01-01", "1982-01-01"):
        search(asked(born))
    again = search(asked("1980-01-01"))
    assert again == first and again is not first


def test_a_request_that_is_longer_than_any_household_is_not_kept(search: Search) -> None:
    long = b"x" * (LONGEST_KEPT + 1)
    assert search(long) is not search(long)


def test_refusals_are_not_kept(stored: FakeCatalogueStore, clock: FixedClock) -> None:
    refusals = [InvalidInput("Not today.")]

    def answer(_request: bytes) -> bytes:
        if refusals:
            raise refusals.pop()
        return b"found"

    search = SearchAnswers(stored, clock, answer)
    with pytest.raises(InvalidInput):
        search(asked())
    assert search(asked()) == b"found"


def test_the_contract_answers_bytes_as_it_answers_messages(contract: QuoteContract) -> None:
    message = contract.handle(METHOD, pb.SearchPlansRequest.FromString(asked()), PRODUCER)
    for _ in range(2):
        assert contract.handle_bytes(METHOD, asked(), PRODUCER) == message.SerializeToString()


def test_bytes_that_are_no_request_are_refused(contract: QuoteContract) -> None:
    for name in ("SearchPlans", "ComparePlans"):
        with pytest.raises(InvalidInput, match="not a request"):
            contract.handle_bytes(QuoteContract.descriptor.methods_by_name[name], b"\xff\xff", PRODUCER)

"""Requests while a catalogue is replaced: they go on with the old one until the new one is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from chassis.db import Database
from chassis.kernel import Unavailable
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import Coverage
from services.quote.domain.rating_context import PricedPlan, RatingContext, RatingRequest
from services.quote.store import catalogue as module
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.catalogue_writer import open_catalogue_writer
from tests.integration.chassis.waiting import until
from tests.integration.services.quote.samples import ASKED, CLOCK, HMO, ILLUSTRATIVE_2026, count_rates
from tests.integration.services.quote.test_changed_catalogues import dearer, put

THREADS = 8
# Far more than a request takes, far less than the gate is shut.
SOON = 2.0
DUPAGE = replace(ASKED, zip="60563", county_fips="17043")
Load = Callable[[CatalogueRepository, Session], Catalogue]


class BlockedLoad:
    """Every load waits here until it is opened."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._open = threading.Event()
        self.reached = threading.Semaphore(0)
        self.loads = 0

    def __call__(self, stored: CatalogueRepository, session: Session) -> Catalogue:
        self.loads += 1
        self.reached.release()
        assert self._open.wait(60)
        return self._load(stored, session)

    def open(self) -> None:
        self._open.set()


@contextmanager
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockedLoad]:
    shut = BlockedLoad(CatalogueRepository._load)
    monkeypatch.setattr(CatalogueRepository, "_load", lambda stored, session: shut(stored, session))
    try:
        yield shut
    finally:
        shut.open()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def price_of_the_hmo(catalogues: CatalogueRepository, asked: RatingRequest = ASKED) -> tuple[str, int]:
    """The catalogue that it is from, and what the household pays."""
    catalogue = catalogues.current()
    context = RatingContext.from_request(asked, catalogue, CLOCK.now())
    priced = next(one for one in context.price_all(Coverage.MEDICAL, catalogue) if one.plan.plan_id == HMO)
    assert isinstance(priced, PricedPlan)
    return catalogue.catalogue_version(priced.plan), priced.premium.total.cents


def test_requests_during_an_import_are_answered_by_the_old_catalogue_and_none_waits(
    seeded: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = [CatalogueRepository(seeded), CatalogueRepository(seeded)]
    old = [price_of_the_hmo(one) for one in processes]
    with gate(monkeypatch) as shut:
        put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
        asked = [pool.submit(price_of_the_hmo, processes[n % 2]) for n in range(20 * THREADS)]
        assert {one.result(SOON) for one in asked} == set(old)
        assert shut.reached.acquire(timeout=SOON) and shut.reached.acquire(timeout=SOON)
        assert shut.loads == 2  # one loader in each process, however many ask
        shut.open()
        for one in processes:
            new = ("illustrative-2026 another dige", old[0][1] + 200)
            assert until(lambda one=one, new=new: price_of_the_hmo(one) == new)  # type: ignore[misc]  # mypy infers no type for its defaults


def test_without_the_old_catalogue_a_request_waits_for_the_reload(
    seeded: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: answering with the old one is what spares people the wait."""
    monkeypatch.setattr(module, "STALE_SECONDS", 0)
    catalogues = CatalogueRepository(seeded)
    old = price_of_the_hmo(catalogues)
    with gate(monkeypatch) as shut:
        put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
        waiting = pool.submit(price_of_the_hmo, catalogues)
        _must_wait(waiting)
        shut.open()
        assert waiting.result(60)[1] == old[1] + 200


def test_the_first_load_is_waited_for(
    seeded: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = CatalogueRepository(seeded)
    with gate(monkeypatch) as shut:
        waiting = [pool.submit(price_of_the_hmo, catalogues) for _ in range(THREADS)]
        _must_wait(waiting[0])
        shut.open()
        assert len({one.result(60) for one in waiting}) == 1
        assert shut.loads == 1


def test_a_rating_area_that_was_not_read_yet_is_priced_by_the_old_catalogue_too(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = CatalogueRepository(seeded)
    expected = price_of_the_hmo(CatalogueRepository(seeded), DUPAGE)
    price_of_the_hmo(catalogues)  # another rating area
    with gate(monkeypatch):
        put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
        assert price_of_the_hmo(catalogues, DUPAGE) == expected


def test_the_new_catalogue_comes_with_the_rates_that_people_asked_for(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = CatalogueRepository(seeded)
    catalogue_version, cents = price_of_the_hmo(catalogues)
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()), catalogues)
    monkeypatch.setattr(module, "read_rates", _unavailable)
    assert price_of_the_hmo(catalogues) == ("illustrative-2026 another dige", cents + 200)
    assert catalogue_version != "illustrative-2026 another dige"
    with pytest.raises(Unavailable):  # the control: another rating area is still read when it is asked for
        price_of_the_hmo(catalogues, DUPAGE)


def test_a_load_that_fails_keeps_the_old_catalogue_is_logged_and_tried_again(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = CatalogueRepository(seeded)
    old, load = price_of_the_hmo(catalogues), CatalogueRepository._load
    failed = threading.Event()

    def fail_once(stored: CatalogueRepository, session: Session) -> Catalogue:
        if failed.is_set():
            return load(stored, session)
        failed.set()
        raise MemoryError

    monkeypatch.setattr(module, "RETRY_SECONDS", 0.5)
    monkeypatch.setattr(CatalogueRepository, "_load", fail_once)
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
    with capture_logs() as logs:
        assert price_of_the_hmo(catalogues) == old
        assert failed.wait(SOON) and until(lambda: logs)
        assert logs[0]["outcome"] == "failed" and logs[0]["log_level"] == "warning"
        assert price_of_the_hmo(catalogues) == old
        assert until(lambda: price_of_the_hmo(catalogues)[1] == old[1] + 200)


def test_a_search_is_unavailable_rather_than_priced_from_a_catalogue_replaced_long_ago(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = CatalogueRepository(seeded)
    old = price_of_the_hmo(catalogues)
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
    _let_time_pass(seeded, module.STALE_SECONDS + 1)
    with monkeypatch.context() as broken:
        broken.setattr(CatalogueRepository, "_load", _unavailable)
        with pytest.raises(Unavailable):
            price_of_the_hmo(catalogues)
    assert price_of_the_hmo(catalogues)[1] == old[1] + 200


def test_a_new_plan_year_is_waited_for_when_it_came_long_ago(seeded: Database) -> None:
    catalogues = CatalogueRepository(seeded)
    catalogues.current()
    filing = ILLUSTRATIVE_2026.read()
    year = replace(filing, plan_year=2027, plans=tuple(replace(plan, plan_year=2027) for plan in filing.plans))
    put(seeded, "illustrative-2027", year)
    _let_time_pass(seeded, module.STALE_SECONDS + 1)
    assert catalogues.current().plan_years == {2026, 2027}


def test_a_replaced_catalogue_is_deleted_once_no_process_answers_from_it(seeded: Database) -> None:
    catalogue = CatalogueRepository(seeded).current()
    location = catalogue.geography.location("IL", "60563", "17043", 2026)
    rates = count_rates(seeded)
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
    assert _remove_replaced(seeded) == 0 and count_rates(seeded) == 2 * rates
    _let_time_pass(seeded, 901)
    assert _remove_replaced(seeded) == 1 and count_rates(seeded) == rates
    with pytest.raises(Unavailable, match="Start again"):  # a census that took too long; never "not filed"
        catalogue.rates(catalogue.plan(2026, HMO), location)


def _must_wait(future: Future[tuple[str, int]]) -> None:
    with pytest.raises(NotYet):
        future.result(0.5)


def _unavailable(*_arguments: object) -> Catalogue:
    raise Unavailable("Our records are not available right now.")


def _let_time_pass(db: Database, seconds: int) -> None:
    with db.transaction() as session:
        past = {"seconds": seconds}
        earlier = "make_interval(secs => :seconds)"
        session.execute(text(f"update data_set set loaded_at = loaded_at - {earlier}"), past)
        session.execute(text(f"update data_set set replaced_at = replaced_at - {earlier}"), past)


def _remove_replaced(db: Database) -> int:
    with open_catalogue_writer(db) as writer:
        return writer.remove_replaced()


def test_an_import_is_seen_after_a_quarter_of_a_second_at_the_latest(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    catalogues = CatalogueRepository(seeded, look_seconds=0.25)
    assert catalogues.current() is catalogues.current()  # the second look found nothing new
    old = catalogues.current()
    put(seeded, "illustrative-2026", dearer(ILLUSTRATIVE_2026.read()))
    _let_time_pass(seeded, module.STALE_SECONDS + 1)
    now += 0.24
    assert catalogues.current() is old
    now += 0.02
    assert catalogues.current() is not old

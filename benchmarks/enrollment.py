"""Lists, searches and the deadline list at 100,000 applications: ``python -m benchmarks.enrollment [--plans]``.

A fresh PostgreSQL with its usual settings, seeded in about a minute; calls one after the other, through the use cases
and the lists once more through gRPC. ``--plans`` prints the plans of docs/reference/query-plans.md.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import psutil
from sqlalchemy import Select, text

import services.enrollment.__main__ as enrollment
from benchmarks import targets
from benchmarks.enrollment_rpc import list_over_grpc
from benchmarks.enrollment_samples import HOME, LAST_NAMES, SSN_ENCRYPTION, TODAY
from benchmarks.enrollment_seed import SeededNumbers, seed
from benchmarks.measurement import Measured, print_targets
from benchmarks.server import run_server
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Caller, CallerKind, FixedClock, WritingNumber
from chassis.settings import load_markets
from services.enrollment.domain.application_list import ApplicationSearch, Column, DateRange, ListCursor
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.enums import Status
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.application_lists import page_query
from services.enrollment.store.deadlines import deadline_query
from services.enrollment.store.geography import LocalAddresses
from services.enrollment.store.geography_loader import load_places
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.find_duplicates import FindDuplicates
from services.enrollment.usecases.list_applications import ListApplications
from services.enrollment.usecases.list_deadlines import ListDeadlines
from services.enrollment.usecases.overview_ports import DeadlineSearch
from services.enrollment.usecases.search_addresses import SearchAddresses
from services.enrollment.usecases.search_clients import SearchClients

# The 99th percentile is then the second slowest.
CALLS = 200
STARTED_WITHIN = 60.0
# Beginnings that a person types; some name many streets.
STREETS = ("mai", "oak", "n mi", "w lake", "s st", "park a", "randolph", "ma")
DRAFTS, SENT = ApplicationSearch(Status.INCOMPLETE), ApplicationSearch(Status.SUBMITTED)


def main() -> Measured:
    load_markets()
    with fresh_database() as database:
        started = time.monotonic()
        load_places(database)
        book = seed(database)
        print(
            f"Enrollment, 100,000 applications, 1,000 producers (seeded in {time.monotonic() - started:.0f} s), "
            f"{CALLS} calls each, in ms: p50, p99 (goal {targets.LISTS.goal:g}), processor time:"
        )
        service = ApplicationService(
            make_transactions(database, SSN_ENCRYPTION, event_to_proto), FixedClock.at(TODAY.isoformat()), Rulebook()
        )
        late = [_measure(database, name, call) for name, call in calls(service, book).items()]
        over_grpc = asyncio.run(list_over_grpc(service, caller(book.numbers[:1]), CALLS))
        late.append(_show("newest drafts over gRPC", over_grpc))
        if "--plans" in sys.argv:
            plans(database, book)
        _change_all(database, book.numbers[0])
        for by in (Column.RECORD_NUMBER, Column.EFFECTIVE_DATE):
            call = listed(ListApplications(service), lambda: caller(book.numbers[:1]), replace(SENT, by=by))
            name = f"completed by {by.replace('_', ' ')}, all 5,000 saved since the last vacuum"
            late.append(_measure(database, name, call))
    return {targets.LISTS: max(late)}


def calls(service: ApplicationService, book: SeededNumbers) -> dict[str, Callable[[], object]]:
    """The caller is one producer in a thousand, the busier the likelier, unless the name says otherwise."""
    random, list_applications, search = Random(7), ListApplications(service), SearchClients(service)
    list_deadlines = ListDeadlines(service)
    busiest, team = caller(book.numbers[:1]), caller(book.numbers[:50], CallerKind.DELEGATE)

    def somebody() -> Caller:
        return caller(random.choices(book.numbers, book.weights))

    def deadlines(who: Callable[[], Caller], *kinds: DeadlineKind) -> Callable[[], object]:
        return lambda: list_deadlines(who(), DeadlineSearch(TODAY, None, kinds), None, 50)

    def name() -> str:
        return random.choice(LAST_NAMES)

    def four() -> str:
        return f"{random.randrange(10_000):04d}"

    year = DateRange(date(2026, 1, 1), TODAY)
    found: dict[str, Callable[[], object]] = {
        "newest drafts": listed(list_applications, somebody, DRAFTS),
        "newest drafts, producer with 5,000": listed(list_applications, lambda: busiest, DRAFTS),
        "newest completed, producer with 5,000": listed(list_applications, lambda: busiest, SENT),
        "newest completed, delegate with 50 numbers": listed(list_applications, lambda: team, SENT),
    }
    for column in Column:
        label = column.replace("_", " ")
        found[f"completed by {label}, producer with 5,000"] = listed(
            list_applications, lambda: busiest, replace(SENT, by=column)
        )
    deep = list_applications(busiest, replace(SENT, by=Column.EFFECTIVE_DATE), None, 2_000).following
    return (
        found
        | {
            "page 41 by effective date, producer with 5,000": listed(
                list_applications, lambda: busiest, replace(SENT, by=Column.EFFECTIVE_DATE), deep
            ),
            "completed of a state and a time, producer with 5,000": listed(
                list_applications, lambda: busiest, replace(SENT, state=HOME.state, submitted=year)
            ),
            "completed by applicant's name": lambda: list_applications(
                somebody(), replace(SENT, applicant=name()), None, 50
            ),
            "completed by applicant's name, producer with 5,000": lambda: list_applications(
                busiest, replace(SENT, applicant=name()), None, 50
            ),
            "deadlines": deadlines(somebody),
            "deadlines, producer with 5,000": deadlines(lambda: busiest),
            "deadlines, first payments, producer with 5,000": deadlines(
                lambda: busiest, DeadlineKind.FIRST_PAYMENT_DUE
            ),
            "deadlines, delegate with 50 numbers": deadlines(lambda: team),
            "clients by name": lambda: search(somebody(), name()[:4], None, "", ""),
            "clients by two letters, producer with 5,000": lambda: search(busiest, name()[:2], None, "", ""),
            "clients by last four, delegate with 50 numbers": lambda: search(team, "", None, "", four()),
            "clients by two letters, delegate with 50 numbers": lambda: search(team, name()[:2], None, "", ""),
        }
        | people(service, list_applications, busiest)
    )


def people(
    service: ApplicationService, list_applications: ListApplications, busiest: Caller
) -> dict[str, Callable[[], object]]:
    """What is looked up while a form is filled in."""
    random, find, suggest = (
        Random(8),
        FindDuplicates(service),
        SearchAddresses(service, LocalAddresses(service.transactions)),
    )
    drafts = [row.record_number for row in list_applications(busiest, DRAFTS, None, 50).rows]
    return {
        "duplicates of an application, producer with 5,000": lambda: find(busiest, random.choice(drafts)),
        "addresses by a number and the beginning of a street": lambda: suggest(
            f"{random.randrange(100, 900)} {random.choice(STREETS)}", ""
        ),
    }


def listed(
    list_applications: ListApplications,
    who: Callable[[], Caller],
    asked: ApplicationSearch,
    after: ListCursor | None = None,
) -> Callable[[], object]:
    return lambda: list_applications(who(), asked, after, 50)


def caller(numbers: list[str], kind: CallerKind = CallerKind.PRODUCER) -> Caller:
    return Caller(kind, "producer@example.com", tuple(WritingNumber(number, HOME.state, "", "") for number in numbers))


def plans(database: Database, book: SeededNumbers) -> None:
    """How PostgreSQL answers, for the producer with the most applications."""
    own = book.numbers[:1]
    asked: dict[str, Any] = {
        "Newest drafts": page_query(DRAFTS, own, None, 51),
        "Completed, by effective date, behind a place": page_query(
            replace(SENT, by=Column.EFFECTIVE_DATE), own, ListCursor("2026-02-01", 50_000), 51
        ),
        "Completed, by last change": page_query(replace(SENT, by=Column.UPDATED_AT), own, None, 51),
        "Completed, by a name's beginning": page_query(replace(SENT, applicant="mor"), own, None, 51),
        "Deadlines": deadline_query(DeadlineSearch(TODAY), own, None, 51),
    }
    with database.transaction() as session:
        for name, query in asked.items():
            print(f"\n### {name}\n\n```\n{_plan(session, query)}\n```")


def _plan(session: Any, query: Select[Any]) -> str:
    compiled = query.compile(session.connection().engine, compile_kwargs={"render_postcompile": True})
    rows = session.connection().exec_driver_sql(f"explain (analyze, buffers, costs off) {compiled}", compiled.params)
    return "\n".join(row[0] for row in rows)


def _change_all(database: Database, number: str) -> None:
    """The worst that a list can meet: no page of the table is known to be visible to all."""
    with database.transaction() as session:
        session.execute(text("update application set version = version + 1 where writing_number = :n"), {"n": number})


def _measure(database: Database, name: str, call: Callable[[], object]) -> float:
    """Wall time of each call, and the processor time of all, here and in the database's process; gives the p99."""
    with database.transaction() as session:
        backend = psutil.Process(session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one())
    call()
    before, times = _processor(backend), [_timed(call) for _ in range(CALLS)]
    return _show(name, times, f"{(_processor(backend) - before) / CALLS * 1e3:7.1f}")


def _processor(backend: psutil.Process) -> float:
    spent = backend.cpu_times()
    return time.process_time() + float(spent.user + spent.system)


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e3


def _show(name: str, times: list[float], processor: str = "      -") -> float:
    cuts = quantiles(times, n=100)
    missed = "  <- missed" if not targets.LISTS.is_met_by(cuts[98]) else ""
    print(f"  {name:<64} {cuts[49]:7.1f} {cuts[98]:7.1f} {processor}{missed}", flush=True)
    return cuts[98]


@contextmanager
def fresh_database(migrations: Path = enrollment.SERVICE.migrations) -> Iterator[Database]:
    """A server of its own with an empty, migrated database."""
    with run_server() as server, closing(Database(server.url)) as database:
        upgrade_schema(database.engine, migrations)
        yield database


if __name__ == "__main__":
    found = main()
    print_targets(found, found)

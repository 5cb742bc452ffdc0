"""Marked people go through the whole product; then their numbers and birth dates are looked for wherever something may
have stayed, in any spelling.

In each place somebody else's values are planted beforehand, and have to be found: a search that finds nothing because
it looks at nothing fails. The short form runs with the other tests; ``make canary`` takes 50 people.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from chassis.kernel import SystemClock, business_date
from deploy.local.suite import LocalSuite
from tests.canary.browser_visit import Links, Visit, visit_pages
from tests.canary.messages import CALLS, EVENTS, MessageCopies, drop_dead_letters, spoil_event
from tests.canary.people import Kind, MarkedPerson, make_people
from tests.canary.places import TABLE_FOLDERS, Place, dump, files, pdf_metadata
from tests.canary.product import MarkedJourney, Traces, fetch_lists, make_journey, make_pdf
from tests.canary.spellings import Scanner
from tests.integration.conftest import Servers
from tests.integration.test_carrier_files import Operator

# Couples; two of them also fail, are reviewed and come by a browser.
PEOPLE = int(os.environ.get("CANARY_PEOPLE", "6"))
TODAY = business_date(SystemClock().now(), "IL")
# Starting the suite, some seconds for each couple, the browser, and the search itself.
pytestmark = [pytest.mark.timeout(300 + 10 * PEOPLE), pytest.mark.once]
SUBMITTED, CONSUMER = "enrollment.application.submitted.v1", "documents.enrollment.application.submitted.v1"
PLANTED = "planted"

# Where values may stand, and why. Nothing else may hold any.
ALLOWED = {
    "dump of quote": {Kind.BIRTH_DATE: "of the household; prices are by age"},
    "dump of enrollment": {Kind.BIRTH_DATE: "of the people of applications and of clients"},
    "profile of the browser": {
        Kind.CARD: "what the payer types is restored after a crash by the payer's own browser, which may fill in cards"
    },
    "calls": {Kind.BIRTH_DATE: "quote prices by age; a call is not persistent and ends with its caller's deadline"},
}


@dataclass(frozen=True)
class Walked:
    """Everybody has been through; what was noted on the way."""

    people: list[MarkedPerson]
    planted: MarkedPerson
    traces: Traces
    visit: Visit
    events: MessageCopies
    calls: MessageCopies
    dead_letters: bytes
    folder: Path
    written: Path
    # Under which the servers of this run have their folders.
    base: Path


@pytest.fixture(scope="module")
def walked(suite: LocalSuite, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    *people, planted = make_people(PEOPLE + 1)
    first, reviewed, *others = zip(people[::2], people[1::2], strict=True)
    traces, folder, written = Traces(), tmp_path_factory.mktemp("canary"), tmp_path_factory.mktemp("carrier")
    with closing(MessageCopies(suite.broker.url, EVENTS)) as events:
        with (
            make_journey(suite, first, TODAY, traces) as journey,
            make_journey(suite, reviewed, TODAY, traces) as sent,
        ):
            links = Links(send_for_review(sent), fail_and_submit(suite, servers, journey))
        # now: a call that is copied is not given back when nobody answers for it
        with closing(MessageCopies(suite.broker.url, CALLS)) as calls:
            for couple in others:
                with make_journey(suite, couple, TODAY, traces) as journey:
                    journey.walk()
            fetch_lists(suite, traces)
            visit = visit_pages(suite, folder / "profile", reviewed, links, planted)
        if "CANARY_PEOPLE" in os.environ:  # of each day there is one file, and another test writes today's
            Operator(suite, written).write()
        event = next(one for one in events.copies if one.key == SUBMITTED)
        letters = spoil_event(suite.broker.url, event, CONSUMER, text_of(planted))
        base = tmp_path_factory.getbasetemp()
        done = Walked(people, planted, traces, visit, events, calls, letters, folder, written, base)
        yield done
        uproot(suite, done)


def fail_and_submit(suite: LocalSuite, servers: Servers, journey: MarkedJourney) -> str:
    """What fails on the way is done again; the link to the payment."""
    journey.until_chosen()
    journey.save_while_cancelled(suite, servers.database_url)
    journey.choose_plans()
    journey.sign()
    journey.submit_in_vain(suite)
    return str(journey.api.post(f"/applications/{journey.record_number}/payment")["url"])


def send_for_review(journey: MarkedJourney) -> str:
    """The client's link."""
    journey.until_ready()
    journey.save_household(authorization="client_review")
    return str(journey.api.post(f"/applications/{journey.record_number}/reviews")["url"])


def text_of(one: MarkedPerson) -> bytes:
    return f"{one.ssn[:3]}-{one.ssn[3:5]}-{one.ssn[5:]} {one.born:%Y%m%d} {one.card} {one.account}".encode()


def plant(suite: LocalSuite, servers: Servers, walked: Walked) -> None:
    """In each place of its own kind; the browser, the broker and the carrier's file have theirs already."""
    text = text_of(walked.planted)
    for url in suite.databases.values():
        with psycopg.connect(url) as connection:
            connection.execute("create table planted (content bytea)")
            connection.execute("insert into planted values (%s)", (text,))
    for folder in folders_of_files(suite, walked.base).values():
        folder.joinpath(PLANTED).write_bytes(text)
    # where it logs statements that fail
    loud = "-c log_min_error_statement=error"
    with psycopg.connect(servers.database_url, options=loud) as session, suppress(psycopg.errors.DivisionByZero):
        session.execute(sql.SQL("select 1/0 /* {} */").format(sql.Literal(text.decode())))
    for noted in (walked.traces.addresses, walked.traces.file_names):
        noted.append(text.decode())
    walked.traces.pdfs.append(make_pdf(text.decode()))
    walked.traces.lists.append(text)
    (suite.outbox / PLANTED).write_bytes(text)
    (walked.written / f"{walked.planted.ssn}.834").touch()


def uproot(suite: LocalSuite, walked: Walked) -> None:
    """The other tests of the run find the servers as they were."""
    for url in suite.databases.values():
        with psycopg.connect(url) as connection:
            connection.execute("drop table if exists planted")
    for folder in (*folders_of_files(suite, walked.base).values(), suite.outbox):
        (folder / PLANTED).unlink(missing_ok=True)
    drop_dead_letters(suite.broker.url, CONSUMER)


def folders_of_files(suite: LocalSuite, base: Path) -> dict[str, Path]:
    """Where processes and servers write, as far as they do so on this machine."""
    servers = {"log of PostgreSQL": "postgres*/logs", "log of RabbitMQ": "rabbitmq*/logs"}
    servers |= {"files of PostgreSQL": "postgres*/postgres", "files of RabbitMQ": "rabbitmq*/rabbitmq/data"}
    found = {name: next(base.glob(pattern), None) for name, pattern in servers.items()}
    own = {"logs": suite.state.logs, "temporary files": suite.state.folder / "temporary"}
    return own | {name: folder for name, folder in found.items() if folder}


def places(suite: LocalSuite, walked: Walked) -> list[Place]:
    traces, visit, text = walked.traces, walked.visit, text_of(walked.planted)
    return [
        *(Place(f"dump of {owner}", dump(url)) for owner, url in suite.databases.items()),
        *(
            Place(name, files(folder, without=TABLE_FOLDERS), short_dates=name in ("logs", "temporary files"))
            for name, folder in folders_of_files(suite, walked.base).items()
        ),
        Place("events", [*walked.events.contents, text], short_dates=True),
        Place("calls", [*walked.calls.contents, text], short_dates=True),
        Place("dead letters", [walked.dead_letters], short_dates=True),
        Place("addresses", ["\n".join((*traces.addresses, *visit.addresses)).encode()], short_dates=True),
        Place("stores of the browser", [line.encode() for line in visit.stores], short_dates=True),
        Place("profile of the browser", files(walked.folder / "profile")),
        Place("metadata of PDFs", [pdf_metadata(one) for one in traces.pdfs], short_dates=True),
        Place("names of files", ["\n".join(traces.file_names).encode()], short_dates=True),
        Place("names of carriers' files", [path.name.encode() for path in walked.written.iterdir()]),
        Place("emails", files(suite.outbox)),
        Place("lists as files", traces.lists, short_dates=True),
    ]


def test_nobodys_numbers_or_birth_dates_stay_where_they_are_not_needed(
    suite: LocalSuite, servers: Servers, walked: Walked
) -> None:
    """What is planted in a place is found there, and nothing else is."""
    plant(suite, servers, walked)
    mine = frozenset().union(*(one.canaries for one in walked.people))
    scanner = Scanner(mine | walked.planted.canaries)
    leaks, blind = {}, []
    for place in places(suite, walked):
        started = time.monotonic()
        found = place.find(scanner)
        kinds = Counter(one.kind for one in found & mine)
        said = ", ".join(f"{count} {kind}s" for kind, count in kinds.items()) or "nothing"
        sys.stdout.write(f"{place.name}: {said} ({time.monotonic() - started:.1f} s)\n")
        if not found & walked.planted.canaries:
            blind.append(place.name)
        if left := {kind: count for kind, count in kinds.items() if kind not in ALLOWED.get(place.name, {})}:
            leaks[place.name] = left
    assert blind == [], "what was planted there was not found"
    assert leaks == {}

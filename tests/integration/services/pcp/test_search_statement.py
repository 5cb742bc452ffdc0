"""Searches over providers with one office and with several, beside the same worked out one by one, and their cost."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from typer.testing import CliRunner

import services.pcp.commands.import_directory as command
import services.pcp.usecases.search_providers as search_providers
from benchmarks.directory_sample import make_npi
from chassis.db import Database, PostgresTransactions
from chassis.settings import load_service
from services.pcp.directory.files import ZIPS, QhpDirectory
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.provider_search import EARTH_TENTH_MILES, search_statement
from services.pcp.store.work import UnitOfWork, make_transactions
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.search_providers import MOST_COUNTED, SearchProviders
from tests.integration.services.pcp.conftest import CITIES, CLOCK
from tests.integration.services.pcp.directory_files import entry_of, load

ILLINOIS = PlanNetwork.of_plan("33602TX9900001", 2026)
HOME = "60601"
LOOP = GeoPoint(41.8865, -87.6233)
OPEN = ProviderFilter(accepting_only=True, radius_miles=25)
# Some share a ZIP, some a distance, some lie outside the radius.
PLACES = ("60601", "60602", "60603", "60611", "60622", "60647", "60201", "60540", "61101", "62701")


@dataclass(frozen=True)
class Listed:
    pcp_id: str
    zip: str
    accepting: bool
    languages: tuple[str, ...]


def write_providers() -> tuple[list[Listed], str]:
    random, entries, listed = Random(11), [], []
    for number in range(150):
        npi = make_npi(200_000_000 + number)
        languages = random.choice((("English",), ("English", "Polish")))
        for _ in range(random.choice((1, 1, 2))):
            accepting = random.random() < 0.7
            zips = random.sample(PLACES, random.choice((1, 1, 3)))
            offices = [{"address": "1 Main St", "city": "X", "state": "IL", "zip": one, "phone": ""} for one in zips]
            said = "accepting" if accepting else "not accepting"
            entries.append(entry_of(npi=npi, addresses=offices, accepting=said, languages=list(languages)))
            listed += [Listed(npi, one, accepting, languages) for one in zips]
    return listed, json.dumps(entries)


def find_all(listed: list[Listed], criteria: ProviderFilter) -> list[tuple[str, int]]:
    """PCP ids with tenths of a mile, in words of its own."""
    points, nearest = QhpDirectory(zips=[ZIPS]).zip_points(), defaultdict[str, list[int]](list)
    for one in listed:
        tenths = distance(points[HOME], points[one.zip])
        near = not criteria.radius_miles or tenths <= criteria.radius_miles * 10
        speaks = not criteria.language or criteria.language in one.languages
        if near and speaks and (one.accepting or not criteria.accepting_only):
            nearest[one.pcp_id].append(tenths)
    return sorted(((pcp_id, min(found)) for pcp_id, found in nearest.items()), key=lambda one: (one[1], one[0]))


def distance(here: GeoPoint, there: GeoPoint) -> int:
    latitude, other = radians(here.latitude), radians(there.latitude)
    half = sin(radians(there.longitude - here.longitude) / 2)
    square = sin((other - latitude) / 2) ** 2 + cos(latitude) * cos(other) * half**2
    return round(2 * EARTH_TENTH_MILES * asin(sqrt(square)))


@pytest.mark.parametrize("most_counted", [1_000, 30])
@pytest.mark.parametrize(
    "criteria",
    [
        ProviderFilter(radius_miles=25),
        ProviderFilter(radius_miles=25, accepting_only=True),
        ProviderFilter(radius_miles=25, language="Polish"),
        ProviderFilter(accepting_only=True, language="Polish"),
    ],
)
def test_pages_and_count_are_those_of_every_office_looked_at(
    transactions: PostgresTransactions[UnitOfWork],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    criteria: ProviderFilter,
    most_counted: int,
) -> None:
    monkeypatch.setattr(search_providers, "MOST_COUNTED", most_counted)
    listed, text = write_providers()
    load(transactions, tmp_path, text)
    search, seen, after = SearchProviders(transactions, CLOCK, CITIES), [], None
    expected = find_all(listed, criteria)
    while True:
        page = search(ILLINOIS, HOME, criteria, 7, after)
        assert page.count == min(len(expected), most_counted)
        assert page.count_capped is (len(expected) > most_counted)
        seen += [(one.provider.pcp_id, one.tenth_miles) for one in page.providers]
        if (after := page.following) is None:
            break
    assert seen == expected and len(expected) > 30
    with transactions() as work:
        point = GeoPoint(
            *work.session.connection()
            .exec_driver_sql("select latitude, longitude from zip_spot where zip = '60601'")
            .one()
        )
        first = work.providers.find_first(ILLINOIS, point, criteria)
    assert first and (first.provider.pcp_id, first.tenth_miles) == expected[0]


def test_a_search_sends_five_statements_and_builds_none_for_other_values(
    transactions: PostgresTransactions[UnitOfWork],
) -> None:
    search, hmo = SearchProviders(transactions, CLOCK, CITIES), PlanNetwork.of_plan("36096IL9900001-00", 2026)
    asked = ProviderFilter(radius_miles=25, age=7, name="lantern")
    search(hmo, HOME, asked, 20)
    built, sent = search_statement.cache_info().misses, []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    with transactions() as work:
        engine = work.session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    try:
        page = search(hmo, "60622", replace(asked, radius_miles=12, age=40, name="medical"), 5)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert page.providers and len(sent) == 5
    assert search_statement.cache_info().misses == built


def explain_after_import(
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    ask: Callable[[UnitOfWork], object],
    *,
    vacuumed: bool = True,
) -> str:
    """The plan of the search that ``ask`` sends."""
    (folder / "providers.json").write_text(write_providers()[1])
    monkeypatch.chdir(folder)
    if not vacuumed:
        monkeypatch.setattr(command, "vacuum_directory", lambda _: None)
    runtime = SimpleNamespace(name="pcp", database=db, settings=lambda kind: load_service(kind, "pcp"))
    assert CliRunner().invoke(command.app, ["providers.json"], obj=runtime).exit_code == 0
    plans: list[str] = []

    def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "asin" in statement:
            with closing(work.session.connection().connection.cursor()) as cursor:
                cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")  # a few pages
                cursor.execute(f"explain analyze {statement}", parameters)
                plans.append("\n".join(line for (line,) in cursor.fetchall()))

    with make_transactions(db, event_to_proto)() as opened:
        work: UnitOfWork = opened
        event.listen(work.session.get_bind(), "before_cursor_execute", explain)
        ask(work)
        event.remove(work.session.get_bind(), "before_cursor_execute", explain)
    return plans[0]


def ask_page(work: UnitOfWork) -> object:
    return work.providers.find_nearest(ILLINOIS, LOOP, OPEN, 21)


def ask_page_and_count(work: UnitOfWork) -> object:
    return work.providers.find_nearest(ILLINOIS, LOOP, OPEN, 21, most_counted=MOST_COUNTED + 1)


def ask_first(work: UnitOfWork) -> object:
    return work.providers.find_first(ILLINOIS, LOOP, OPEN)


@pytest.mark.parametrize(
    ("ask", "fewest", "most"),
    [
        (ask_first, 0, 100),  # of the ZIP itself, and of the next that the sort looks at
        (ask_page, 0, 150),  # and of the providers with several the others, to see whether one is nearer
        (ask_page_and_count, 300, 1_000),
    ],
)
def test_a_page_is_found_without_a_look_at_those_farther_away(
    transactions: PostgresTransactions[UnitOfWork],
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ask: Callable[[UnitOfWork], object],
    fewest: int,
    most: int,
) -> None:
    """So it costs as much among a hundred thousand. The page with its count, which is the control, looks at all."""
    monkeypatch.setenv("PCP_DATABASE_URL", database)
    db = Database(database)
    plan = explain_after_import(db, monkeypatch, tmp_path, ask)
    db.close()
    scans = re.findall(r" on location .*\(actual \S+ rows=([\d.]+) loops=(\d+)", plan)  # 18 gives rows two decimals
    offices = sum(float(rows) * int(loops) for rows, loops in scans)
    assert fewest < offices < most


@pytest.mark.parametrize("vacuumed", [True, False])
def test_after_an_import_the_index_alone_gives_page_and_count(
    transactions: PostgresTransactions[UnitOfWork],
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    vacuumed: bool,
) -> None:
    """Without the vacuum, which is the control, each office within the radius is read from its row."""
    monkeypatch.setenv("PCP_DATABASE_URL", database)
    db = Database(database)
    plan = explain_after_import(db, monkeypatch, tmp_path, ask_page_and_count, vacuumed=vacuumed)
    db.close()
    fetches = {line.strip() for line in plan.splitlines() if "Heap Fetches" in line}
    assert "Index Only Scan using location_by_zip" in plan
    assert (fetches == {"Heap Fetches: 0"}) is vacuumed

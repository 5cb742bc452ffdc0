"""The directory and the assignments on PostgreSQL."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import event, select, text

import services.pcp.__main__ as pcp
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import downgrade_schema, upgrade_schema
from chassis.kernel import FixedClock
from chassis.service import Runtime
from chassis.settings import load_service
from services.pcp.commands.seed import seed
from services.pcp.directory.distances import read_distances
from services.pcp.directory.files import DirectoryUnreadable, QhpDirectory
from services.pcp.domain.assignment import PcpSelection
from services.pcp.domain.names import cut_word
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import Gender, NearbyProvider
from services.pcp.store.tables import Base
from services.pcp.store.work import UnitOfWork
from services.pcp.usecases.assign_providers import AssignmentRequest, AssignProviders
from services.pcp.usecases.check_providers import CheckProviders, ProviderCheck
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.load_directory import LoadDirectory
from services.pcp.usecases.ports import FilterOptions, ProviderFilter
from services.pcp.usecases.search_providers import SearchProviders
from tests.integration.services.pcp.conftest import CITIES, CLOCK
from tests.integration.services.pcp.directory_files import load, one_provider, other_directory

HMO = PlanNetwork.of_plan("36096IL9900001-00", 2026)
CHICAGO, ROCKFORD = "60601", "61101"


def test_migrations_go_up_down_and_up_and_match_the_tables(database: str) -> None:
    db = Database(database)
    upgrade_schema(db.engine, pcp.SERVICE.migrations)
    downgrade_schema(db.engine, pcp.SERVICE.migrations, "base")
    upgrade_schema(db.engine, pcp.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
    db.close()


def test_a_zip_that_is_not_listed_is_searched_from_the_middle_of_its_neighbours(search: SearchProviders) -> None:
    listed, neighbour = (search(HMO, zip_code, ProviderFilter(), 50) for zip_code in (CHICAGO, "60600"))
    assert not listed.distances_are_estimates and neighbour.distances_are_estimates
    assert neighbour.providers and neighbour.providers[0].tenth_miles < 200


def test_a_second_load_of_the_same_files_changes_nothing(transactions: PostgresTransactions[UnitOfWork]) -> None:
    assert LoadDirectory(transactions)(QhpDirectory()) is LoadOutcome.UNCHANGED


def test_a_seed_leaves_an_imported_directory_alone(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    other, load = other_directory(tmp_path, one_provider()), LoadDirectory(transactions)
    assert load(other, imported=True) is LoadOutcome.LOADED
    assert load(QhpDirectory()) is LoadOutcome.KEPT
    assert load(other, imported=True) is LoadOutcome.UNCHANGED
    with transactions() as work:
        assert not work.providers.has_network(HMO)
    assert load(QhpDirectory(), imported=True) is LoadOutcome.LOADED


def test_changed_files_replace_the_directory(transactions: PostgresTransactions[UnitOfWork], tmp_path: Path) -> None:
    assert load(transactions, tmp_path, one_provider()) is LoadOutcome.LOADED
    with transactions() as work:
        assert not work.providers.has_network(HMO)
        found = work.providers.find_member(PlanNetwork.of_plan("33602TX9900001", 2026), "1234567893")
        assert found is not None
        assert found.office.zip == "75201"


def test_a_seed_says_what_it_rejected_and_what_it_did_not_read(
    transactions: PostgresTransactions[UnitOfWork],
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = json.loads(one_provider())[0]
    other_directory(tmp_path, json.dumps([good, good | {"npi": None}, good | {"specialty": ["Wizardry"]}]))
    monkeypatch.setenv("PCP_DATABASE_URL", database)
    monkeypatch.setenv("PCP_DIRECTORY", str(tmp_path / "index.json"))
    db = Database(database)
    runtime = SimpleNamespace(name="pcp", database=db, settings=lambda kind: load_service(kind, "pcp"))
    with pytest.raises(DirectoryUnreadable):
        seed(cast(Runtime, runtime))
    monkeypatch.setenv("PCP_DIRECTORY_MOST_REJECTED_PERCENT", "50")
    seed(cast(Runtime, runtime))
    db.close()
    told = capsys.readouterr().err
    assert "3 entries: 1 primary care providers, 0 medical groups, 1 rejected" in told
    assert "rejected, 1 x: there is no NPI (first: entry 2)" in told
    assert "not read as primary care, 1 x: Wizardry" in told


@pytest.mark.parametrize(
    "entries", ["[]", "{}", "[{}]", one_provider()[:-1], one_provider().replace('"1234567893"', "null")]
)
def test_a_directory_without_a_provider_or_that_cannot_be_read_leaves_the_one_that_is_there(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path, entries: str
) -> None:
    with pytest.raises(DirectoryUnreadable, match=r"was not changed|Nothing was changed"):
        load(transactions, tmp_path, entries)
    with transactions() as work:
        assert work.providers.has_network(HMO)
    assert LoadDirectory(transactions)(QhpDirectory()) is LoadOutcome.UNCHANGED


def test_the_nearest_provider_comes_first(search: SearchProviders) -> None:
    found = search(HMO, CHICAGO, ProviderFilter(), size=200).providers
    distances = [nearby.tenth_miles for nearby in found]
    assert distances == sorted(distances)
    assert found[0].provider.office.city == "Chicago"
    assert distances[0] < 50


def test_distances_match_the_map(search: SearchProviders) -> None:
    # Rockford to the Loop of Chicago is about 80 miles as the crow flies.
    nearest = search(HMO, ROCKFORD, ProviderFilter(name="Lantern"), size=1).providers[0]
    assert 600 < nearest.tenth_miles < 900


def test_pages_hold_every_provider_once(search: SearchProviders) -> None:
    seen, after = [], None
    while True:
        page = search(HMO, CHICAGO, ProviderFilter(), size=7, after=after)
        seen += [nearby.provider.pcp_id for nearby in page.providers]
        after = page.following
        if after is None:
            break
    assert seen == [nearby.provider.pcp_id for nearby in search(HMO, CHICAGO, ProviderFilter(), size=200).providers]
    assert len(set(seen)) == len(seen) > 60


def test_names_are_found_by_parts_of_doctor_and_group_in_any_order(search: SearchProviders) -> None:
    one = search(HMO, CHICAGO, ProviderFilter(), size=1).providers[0].provider
    assert one.group is not None
    first, last = one.name.split()
    criteria = ProviderFilter(name=f"{last.upper()} {one.group.name.split()[0]} {first[:2]}")
    assert one in [nearby.provider for nearby in search(HMO, CHICAGO, criteria, 50).providers]


def test_wildcards_that_were_typed_are_plain_characters(search: SearchProviders) -> None:
    assert search(HMO, CHICAGO, ProviderFilter(name="%"), 50).providers == ()
    assert search(HMO, CHICAGO, ProviderFilter(name="_"), 50).providers == ()


def test_a_search_filters_by_age_and_by_open_panels(search: SearchProviders) -> None:
    everybody = search(HMO, CHICAGO, ProviderFilter(), size=200).providers
    fitting = search(HMO, CHICAGO, ProviderFilter(accepting_only=True, age=5), size=200).providers
    assert {n.provider.pcp_id for n in fitting} == {
        n.provider.pcp_id for n in everybody if not n.provider.refusal(age=5)
    }


def test_a_plan_of_another_year_or_state_has_its_own_network(search: SearchProviders) -> None:
    texas = search(PlanNetwork.of_plan("33602TX9900004-00", 2026), CHICAGO, ProviderFilter(), size=200).providers
    assert {nearby.provider.office.state for nearby in texas} == {"TX"}


def test_concurrent_requests_assign_once(transactions: PostgresTransactions[UnitOfWork]) -> None:
    assign = AssignProviders(transactions, FixedClock.at("2026-03-01"), read_distances())
    request = AssignmentRequest(
        "A-0638", HMO.plan_id, 2026, CHICAGO, (PcpSelection(0, 40), PcpSelection(1, 4, group_id="202"))
    )
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(assign(request))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    with transactions() as work:
        sent = work.session.execute(text("select type, subject from outbox")).all()
    assert [tuple(row) for row in sent] == [("pcp.assignment.made.v1", "A-0638")]


def test_an_assignment_survives_a_new_directory(transactions: PostgresTransactions[UnitOfWork], tmp_path: Path) -> None:
    assign = AssignProviders(transactions, FixedClock.at("2026-03-01"), read_distances())
    request = AssignmentRequest("A-0638", HMO.plan_id, 2026, CHICAGO, (PcpSelection(0, 40),))
    first = assign(request)
    assert load(transactions, tmp_path, one_provider()) is LoadOutcome.LOADED
    assert assign(request) == first


SEARCHES = [
    ProviderFilter(specialty="Pediatrics"),
    ProviderFilter(language="Spanish"),
    ProviderFilter(gender=Gender.FEMALE),
    ProviderFilter(radius_miles=12),
    ProviderFilter(accepting_only=True, age=7, language="Spanish", gender=Gender.FEMALE, radius_miles=30),
]


def fits(nearby: NearbyProvider, criteria: ProviderFilter) -> bool:
    """In words of its own, to hold the query against."""
    one = nearby.provider
    return (
        (not criteria.specialty or criteria.specialty in one.specialty.split(", "))
        and (not criteria.language or criteria.language in one.languages)
        and (not criteria.gender or one.gender is criteria.gender)
        and (not criteria.radius_miles or nearby.tenth_miles <= criteria.radius_miles * 10)
        and (not criteria.accepting_only or one.accepting)
        and (criteria.age is None or one.panel.takes(criteria.age))
    )


@pytest.mark.parametrize("criteria", SEARCHES)
def test_a_filter_is_part_of_the_query_so_pages_are_full_and_hold_everybody_once(
    search: SearchProviders, criteria: ProviderFilter
) -> None:
    everybody = search(HMO, CHICAGO, ProviderFilter(), size=200).providers
    wanted = [nearby for nearby in everybody if fits(nearby, criteria)]
    assert 3 < len(wanted) < len(everybody)
    pages: list[tuple[NearbyProvider, ...]] = []
    after = None
    while not pages or after:
        page = search(HMO, CHICAGO, criteria, size=3, after=after)
        pages.append(page.providers)
        after = page.following
    assert [nearby for page in pages for nearby in page] == wanted
    assert {len(page) for page in pages[:-1]} == {3}, "a filter behind the query would leave pages half full"


def test_a_provider_of_several_specialties_is_found_by_each(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    entry = json.loads(one_provider())[0] | {"specialty": ["Cardiology", "INTERNIST"]}
    load(transactions, tmp_path, json.dumps([entry]))
    texas = PlanNetwork.of_plan("33602TX9900001", 2026)
    page = SearchProviders(transactions, CLOCK, CITIES)(
        texas, "75201", ProviderFilter(specialty="Internal Medicine"), 5
    )
    assert [nearby.provider.specialty for nearby in page.providers] == ["Cardiology, Internal Medicine"]
    assert page.options == FilterOptions(specialties=("Internal Medicine",), languages=())
    assert page.directory_updated_on is None


def test_a_search_says_what_its_network_can_be_narrowed_to_and_how_old_the_directory_is(
    search: SearchProviders,
) -> None:
    page = search(HMO, CHICAGO, ProviderFilter(language="Polish"), size=1)
    assert {"Family Medicine", "Pediatrics"} < set(page.options.specialties)
    assert {"English", "Spanish", "Polish"} < set(page.options.languages)
    assert list(page.options.languages) == sorted(page.options.languages)
    assert "Navajo" not in page.options.languages, "spoken in New Mexico alone"
    assert page.directory_updated_on == date(2026, 1, 2)


def test_where_nobody_is_near_the_nearest_is_told(search: SearchProviders) -> None:
    page = search(HMO, ROCKFORD, ProviderFilter(radius_miles=25, language="Spanish"), size=5)
    assert page.providers == () and page.nearest_tenth_miles and 250 < page.nearest_tenth_miles < 900
    wider = ProviderFilter(radius_miles=page.nearest_tenth_miles // 10 + 1, language="Spanish")
    assert search(HMO, ROCKFORD, wider, size=5).providers


def test_a_search_reads_the_offices_near_by_their_index(transactions: PostgresTransactions[UnitOfWork]) -> None:
    plans: list[str] = []

    def explain(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "asin" in statement:
            with closing(work.session.connection().connection.cursor()) as cursor:
                cursor.execute(f"explain {statement}", parameters)
                plans.append("\n".join(line for (line,) in cursor.fetchall()))

    with transactions() as work:
        work.session.execute(text("set local enable_seqscan = off"))  # the shipped directory is a few pages
        event.listen(work.session.get_bind(), "before_cursor_execute", explain)
        try:
            for criteria in SEARCHES:
                work.providers.find_nearest(HMO, GeoPoint(41.9, -87.6), replace(criteria, radius_miles=12), 20)
        finally:
            event.remove(work.session.get_bind(), "before_cursor_execute", explain)
    assert len(plans) == len(SEARCHES)
    for plan in plans:
        assert "location_by_zip" in plan
        assert "Seq Scan on location" not in plan


def test_somebody_far_from_every_doctor_is_left_to_the_carrier(transactions: PostgresTransactions[UnitOfWork]) -> None:
    """Beaver County in Oklahoma: the nearest open doctor of this network is some 200 miles away."""
    check, network = CheckProviders(transactions, read_distances()), PlanNetwork.of_plan("87571OK9900010-00", 2027)
    asked = ProviderCheck(network.plan_id, network.plan_year, "73932", (PcpSelection(0, 40), PcpSelection(1, 40)))
    with transactions() as work:
        assert work.providers.has_network(network)
    found = check(asked)
    assert found.refusals == ()
    assert [(one.pcp_id, one.none_within_miles) for one in found.assignments] == [("", 100), ("", 100)]
    assert check(asked) == found, "the same again"


def test_a_load_lists_the_words_by_the_parts_that_a_search_asks_for(
    transactions: PostgresTransactions[UnitOfWork],
) -> None:
    with transactions() as work:
        keys = work.session.scalars(text("select key from name_word where word = 'thistlebourne'")).all()
    parts = enumerate(cut_word(len("thistlebourne")), 1)
    assert set(keys) == {f"13:{part}:{'thistlebourne'[start:end]}" for part, (start, end) in parts}

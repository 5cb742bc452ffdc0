"""``python -m services.pcp check --nppes``: who cannot be chosen any more, and that nobody becomes a member."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import services.pcp.__main__ as pcp
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from services.pcp.commands.check_directory import app
from services.pcp.directory.files import QhpDirectory
from services.pcp.domain.assignment import Assignment, AssignmentDistances, PcpSelection
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import Gender, Provider
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.work import UnitOfWork, make_transactions
from services.pcp.usecases.check_providers import CheckProviders, ProviderCheck
from services.pcp.usecases.load_directory import LoadDirectory
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.search_providers import SearchProviders
from tests.integration.services.pcp.conftest import CITIES, CLOCK
from tests.unit.services.pcp.directory.test_files import entry
from tests.unit.services.pcp.directory.test_nppes import CARDIOLOGY, FAMILY, PEDIATRICS, row, write

ANN, BEN, CAL = "1234567893", "1000000012", "1000000004"
NETWORK = PlanNetwork("12345XX9876543", 2026)
DEACTIVATED = {"Entity Type Code": "", "NPI Deactivation Reason Code": "", "NPI Deactivation Date": "02/01/2026"}


@pytest.fixture
def db(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    monkeypatch.chdir(tmp_path)
    with closing(Database(database)) as opened:
        upgrade_schema(opened.engine, pcp.SERVICE.migrations)
        load(opened)
        yield opened


@pytest.fixture
def store(db: Database) -> PostgresTransactions[UnitOfWork]:
    return make_transactions(db, event_to_proto)


def load(db: Database, **more: Any) -> None:
    people = [entry(npi=npi, accepting="accepting", specialty=["Family Medicine"], **more) for npi in (ANN, BEN)]
    Path("providers.json").write_text(json.dumps(people))
    LoadDirectory(make_transactions(db, event_to_proto))(QhpDirectory(Path("providers.json")), imported=True)


def check(db: Database, *rows: dict[str, str]) -> list[str]:
    done = CliRunner().invoke(
        app, ["--nppes", str(write(Path("npidata.csv"), *rows))], obj=SimpleNamespace(database=db)
    )
    assert done.exit_code == 0, done.output
    return [line for line in done.output.splitlines() if "npidata.csv" not in line]


def find(store: PostgresTransactions[UnitOfWork], npi: str) -> Provider | None:
    with store() as work:
        return work.providers.find_provider(npi)


def open_ones(store: PostgresTransactions[UnitOfWork]) -> list[str]:
    found = SearchProviders(store, CLOCK, CITIES)(NETWORK, "60601", ProviderFilter(accepting_only=True), 10)
    return [one.provider.pcp_id for one in found.providers]


def test_a_deactivated_provider_is_shown_with_the_day_and_cannot_be_chosen_or_assigned(
    db: Database, store: PostgresTransactions[UnitOfWork]
) -> None:
    lines = check(db, row(ANN, **DEACTIVATED), row(BEN, FAMILY), row(CAL, FAMILY))
    assert lines == [
        "3 rows: 2 of 2 NPIs of the directory are among them",
        "1 x: the NPI is deactivated",
        f"  NPI {ANN} on 2/1/2026",
    ]
    ann = find(store, ANN)
    assert ann and ann.deactivated_on == date(2026, 2, 1) and not ann.accepting
    everybody = SearchProviders(store, CLOCK, CITIES)(NETWORK, "60601", ProviderFilter(), 10).providers
    assert {one.provider.pcp_id for one in everybody} == {ANN, BEN}
    assert open_ones(store) == [BEN]
    members = (PcpSelection(0, 40, ANN), PcpSelection(1, 40))
    answer = CheckProviders(store, AssignmentDistances({}, 60))(ProviderCheck("12345XX9876543", 2026, "60601", members))
    assert [one.message for one in answer.refusals] == [
        "The NPI of this provider was deactivated on 2/1/2026. Choose another provider in Provider Finder."
    ]
    assert [one.pcp_id for one in answer.assignments if isinstance(one, Assignment)] == [BEN]


def test_nobody_becomes_a_member_and_a_specialty_is_only_reported(
    db: Database, store: PostgresTransactions[UnitOfWork]
) -> None:
    lines = check(db, row(ANN, CARDIOLOGY), row(BEN, PEDIATRICS), row(CAL, FAMILY))
    assert f"  NPI {ANN}, listed as Family Medicine" in lines
    assert f"  NPI {BEN}, listed as Family Medicine, is Pediatrics" in lines
    assert find(store, CAL) is None
    assert open_ones(store) == [BEN, ANN]


def test_a_mark_holds_for_the_next_directory_until_the_npi_is_reactivated(
    db: Database, store: PostgresTransactions[UnitOfWork]
) -> None:
    check(db, row(ANN, **DEACTIVATED))
    load(db, languages=["English"])
    assert open_ones(store) == [BEN]
    check(db, row(BEN, FAMILY))
    assert open_ones(store) == [BEN], "a weekly file says nothing of the others"
    check(db, row(ANN, FAMILY, **DEACTIVATED | {"NPI Reactivation Date": "03/01/2026"}))
    assert open_ones(store) == [BEN, ANN]


def test_a_gender_is_filled_in_where_the_carrier_names_none(
    db: Database, store: PostgresTransactions[UnitOfWork]
) -> None:
    check(db, row(ANN, FAMILY, **{"Provider Sex Code": "F"}))
    ann, ben = find(store, ANN), find(store, BEN)
    assert ann and ben and (ann.gender, ben.gender) == (Gender.FEMALE, None)
    load(db, gender="Male")
    ann = find(store, ANN)
    assert ann and ann.gender is Gender.MALE


def test_a_broken_file_changes_nothing(db: Database, store: PostgresTransactions[UnitOfWork]) -> None:
    path = write(Path("npidata.csv"), row(ANN, **DEACTIVATED))
    path.write_bytes(path.read_bytes() + b'"1"\n')
    done = CliRunner().invoke(app, ["--nppes", str(path)], obj=SimpleNamespace(database=db))
    assert done.exit_code == 1
    assert "npidata.csv, line 3: it has 1 columns and not 38. Nothing was changed." in done.output
    assert open_ones(store) == [BEN, ANN]

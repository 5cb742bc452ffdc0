"""``python -m services.pcp reports``: what an operator sees of reports on PostgreSQL, and what is deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from chassis.db import Database, PostgresTransactions
from chassis.kernel import FixedClock
from services.pcp.commands.list_reports import app
from services.pcp.directory.files import QhpDirectory
from services.pcp.domain.entry_report import EntryFault
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import NearbyProvider
from services.pcp.store.work import UnitOfWork
from services.pcp.usecases.get_provider import GetProvider
from services.pcp.usecases.load_directory import LoadDirectory
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.report_provider import EntryRemark, ReportProvider
from services.pcp.usecases.search_providers import SearchProviders
from tests.integration.services.pcp.directory_files import one_provider, other_directory

ANN, BEN = "ann@example.com", "ben@example.com"
REPORTS = (
    ("2026-01-01", EntryFault.MOVED, "before the entry was updated", ANN),
    ("2026-02-01", EntryFault.PHONE, "312-555-0199", ANN),
    ("2026-03-01", EntryFault.PHONE, "312-555-0142", ANN),
    ("2026-02-15", EntryFault.PHONE, "", BEN),
)


def nearest(search: SearchProviders) -> NearbyProvider:
    """An entry of the shipped directory: all were updated on 1/2/2026."""
    return search(PlanNetwork("36096IL9900001", 2026), "60601", ProviderFilter(), size=1).providers[0]


@pytest.fixture
def reported(transactions: PostgresTransactions[UnitOfWork], search: SearchProviders) -> NearbyProvider:
    found = nearest(search)
    for day, fault, note, who in REPORTS:
        ReportProvider(transactions, FixedClock.at(day))(EntryRemark(found.provider.pcp_id, fault, note), who)
    return found


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    with closing(Database(database)) as opened:
        yield opened


def run(db: Database, *arguments: str) -> list[str]:
    done = CliRunner().invoke(app, list(arguments), obj=SimpleNamespace(database=db))
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_reports_are_listed_by_entry_with_what_is_over(db: Database, reported: NearbyProvider) -> None:
    assert run(db) == [
        f"{reported.provider.pcp_id} {reported.provider.name}",
        f"  3/1/2026 phone: 312-555-0142 (by {ANN})",
        f"  2/15/2026 phone (by {BEN})",
        f"  1/1/2026 moved: before the entry was updated (by {ANN}, before the carrier updated the entry)",
    ]


def test_lines_for_the_carrier_name_nobody_who_reported(db: Database, reported: NearbyProvider) -> None:
    lines = run(db, "--json")
    assert [json.loads(line)["open"] for line in lines] == [True, True, False]
    assert json.loads(lines[0])["npi"] == reported.provider.npi
    assert "example.com" not in "".join(lines)


def test_the_newest_open_report_is_shown_until_it_is_deleted(
    db: Database, transactions: PostgresTransactions[UnitOfWork], search: SearchProviders, reported: NearbyProvider
) -> None:
    def shown() -> tuple[str, str]:
        details = GetProvider(transactions)(reported.provider.pcp_id)
        return str(nearest(search).reported_on), str(details.reported_on)

    assert shown() == ("2026-03-01", "2026-03-01")
    assert run(db, "--delete-until", "2026-02-15") == ["2 deleted"]
    assert shown() == ("2026-03-01", "2026-03-01")
    assert run(db, "--delete-until", "2026-03-01") == ["1 deleted"]
    assert shown() == ("None", "None")
    assert run(db) == []


def test_reports_outlive_the_directory(
    db: Database,
    transactions: PostgresTransactions[UnitOfWork],
    reported: NearbyProvider,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    LoadDirectory(transactions)(other_directory(tmp_path_factory.mktemp("other"), one_provider()), imported=True)
    assert run(db)[0] == f"{reported.provider.pcp_id} (not listed any more)"
    LoadDirectory(transactions)(QhpDirectory(), imported=True)
    assert run(db)[0] == f"{reported.provider.pcp_id} {reported.provider.name}"

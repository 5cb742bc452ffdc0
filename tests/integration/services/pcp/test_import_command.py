"""``python -m services.pcp import``: what an operator sees, and what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import services.pcp.__main__ as pcp
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.settings import load_service
from services.pcp.commands.import_directory import app
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store.directory import DirectoryRepository
from services.pcp.store.work import make_transactions
from tests.unit.services.pcp.directory.test_files import entry

YEARLESS = [{"plan_id_type": "HIOS-PLAN-ID", "plan_id": "12345XX9876543"}]


@pytest.fixture
def db(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    monkeypatch.setenv("PCP_DATABASE_URL", database)
    monkeypatch.chdir(tmp_path)
    opened = Database(database)
    upgrade_schema(opened.engine, pcp.SERVICE.migrations)
    yield opened
    opened.close()


def run(db: Database, *arguments: str) -> Result:
    runtime = SimpleNamespace(name="pcp", database=db, settings=lambda kind: load_service(kind, "pcp"))
    return CliRunner().invoke(app, list(arguments), obj=runtime)


def write(*entries: Any, name: str = "providers.json") -> str:
    Path(name).write_text(json.dumps(entries))
    return name


def stored(db: Database) -> list[str]:
    with make_transactions(db, event_to_proto)() as work:
        found = [work.providers.find_provider(npi) for npi in ("1234567893", "1000000012")]
    return [one.npi for one in found if one]


def test_a_provider_file_is_loaded_and_the_digest_says_what_and_how(db: Database) -> None:
    first = run(db, write(entry()))
    assert first.exit_code == 0, first.output
    assert "1 entries: 1 primary care providers" in first.output
    assert "loaded: digest " in first.output and "plans without years left out" in first.output
    again = run(db, "providers.json")
    assert "unchanged: digest " in again.output
    assert stored(db) == ["1234567893"]


def test_a_rejected_entry_is_kept_whole_with_its_reason(db: Database) -> None:
    bad = entry(npi="1234567890", plans=YEARLESS)
    result = run(db, write(entry(), bad), "--most-rejected", "50", "--rejects", "bad.jsonl")
    assert result.exit_code == 0, result.output
    assert "rejected entries: bad.jsonl" in result.output
    [line] = map(json.loads, Path("bad.jsonl").read_text().splitlines())
    assert line == {"entry": 2, "npi": "1234567890", "reason": "the check digit of the NPI is wrong", "content": bad}


def test_too_many_rejects_change_nothing_and_are_still_written_down(db: Database) -> None:
    run(db, write(entry()))
    result = run(db, write(entry(npi="1000000012"), entry(npi=None), name="next.json"))
    assert result.exit_code == 1
    assert "was not changed" in result.output and "50.0 %" in result.output
    assert stored(db) == ["1234567893"]
    assert len(Path("next.rejects.jsonl").read_text().splitlines()) == 1


def test_a_broken_file_changes_nothing_and_says_where(db: Database) -> None:
    run(db, write(entry()))
    Path("broken.json").write_text(json.dumps([entry(npi="1000000012"), entry()])[:-20])
    result = run(db, "broken.json")
    assert result.exit_code == 1
    assert "broken.json is not a complete JSON file" in result.output and "line 1, column" in result.output
    assert stored(db) == ["1234567893"]
    assert not Path("broken.rejects.jsonl").exists()


def test_a_plan_without_years_is_of_the_year_that_is_named(db: Database) -> None:
    result = run(db, write(entry(plans=YEARLESS)), "--plan-year", "2027")
    assert result.exit_code == 0, result.output
    assert "plan year 2027 where none is named" in result.output
    with make_transactions(db, event_to_proto)() as work:
        assert work.providers.find_newest_year("12345XX9876543") == 2027


def test_a_load_that_fails_at_the_end_leaves_the_stored_directory(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of "as a whole or not at all": everything was written already when it fails."""
    run(db, write(entry()))
    monkeypatch.setattr("services.pcp.store.directory.DirectoryRepository._load_row", lambda *_: 1 / 0)
    assert isinstance(run(db, write(entry(npi="1000000012"), name="next.json")).exception, ZeroDivisionError)
    assert stored(db) == ["1234567893"]


def test_searches_go_on_while_a_directory_is_replaced(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    run(db, write(entry()))
    original = DirectoryRepository.replace_by_staged

    def watched(self: DirectoryRepository, *arguments: Any) -> None:
        original(self, *arguments)
        seen.append(stored(db))

    monkeypatch.setattr(DirectoryRepository, "replace_by_staged", watched)
    run(db, write(entry(npi="1000000012"), name="next.json"))
    assert seen == [["1234567893"]], "another transaction still reads the directory of before"
    assert stored(db) == ["1000000012"]

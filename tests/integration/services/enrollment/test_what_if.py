"""``python -m services.enrollment whatif``: what another rule pack would change, and nothing written."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

import services.enrollment.__main__ as enrollment
from chassis.crypto import KeyRing
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import FixedClock
from services.enrollment.commands.what_if import run
from services.enrollment.domain.application import Application
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.enums import Relationship, Sex, Status, Step
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.people import Person
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, HouseholdStep, LifeEvent, Producer
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import PACKS, Rulebook
from services.enrollment.store.birth_date_encryption import BirthDateEncryption
from services.enrollment.store.drafts import DraftRepository
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.what_if import WhatIf

KEY = base64.b64encode(bytes(32)).decode()
BIRTH_DATES = BirthDateEncryption.with_provider(KeyRing.parse(KEY))
CLOCK = FixedClock.at("2026-05-20")
TODAY = date(2026, 5, 20)
PRODUCER = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
WRITES = (
    "update application set version = version + 1",
    "delete from person",
    "insert into counter (name, last) values ('other', 1)",
)


def draft(number: int, *events: LifeEvent, status: Status = Status.INCOMPLETE, age: int = 38) -> Application:
    general = GeneralStep(life_events=events)
    pack = Rulebook().on(TODAY)
    options = effective_dates(general, "IL", Circumstances(TODAY, pack)).options
    person = Person(
        Relationship.SELF, "Zelda", "", "Secretive", TODAY - timedelta(age * 366), Sex.FEMALE, person_id=f"p-{number}"
    )
    return Application(
        Identifiers(number),
        PRODUCER,
        pack.version,
        CLOCK.now(),
        CLOCK.now(),
        TODAY + timedelta(90),
        status=status,
        general=general,
        household=HouseholdStep(people=(person,)),
        start=CoverageEffectiveDate.by(options[0]) if options else None,
    )


BIRTH, LOSS = LifeEvent("birth", date(2026, 5, 10)), LifeEvent("loss_of_coverage", date(2026, 3, 31))
DRAFTS = [
    draft(1, BIRTH),
    draft(2, LOSS),
    draft(3, LifeEvent("marriage", date(2026, 5, 2), prior_coverage_attested=True)),
    draft(4, BIRTH, LOSS, status=Status.FAILED),
    draft(5, LOSS, status=Status.SUBMITTED),
    draft(6, LOSS, status=Status.EXPIRED),
    draft(7, age=19),
]


@pytest.fixture
def db(database: str) -> Iterator[Database]:
    found = Database(database)
    upgrade_schema(found.engine, enrollment.SERVICE.migrations)
    with make_transactions(found, SsnEncryption.with_keys(KEY, KEY), event_to_proto)() as work:
        for app in DRAFTS:
            work.applications.add(app, Step.GENERAL)
    yield found
    found.close()


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return copytree(PACKS, tmp_path / "rules")


def change(packs: Path, part: str, right: str, wrong: str) -> Path:
    path = packs / "parts" / f"{part}.yaml"
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    return packs / "2026.yaml"


def whatif(db: Database, capsys: pytest.CaptureFixture[str], pack: Path, *options: str, batch: int = 2) -> Any:
    use = WhatIf(DraftRepository(db, BIRTH_DATES, batch), CLOCK, Rulebook())
    with pytest.raises(SystemExit) as ended:
        run(use, ["--pack", str(pack), *options])
    return ended.value.code, capsys.readouterr()


def lines(said: Any) -> tuple[dict[str, Any], dict[str, int]]:
    *found, last = [json.loads(line) for line in said.out.splitlines()]
    return {one["record_number"]: one for one in found}, last["summary"]


def contents(db: Database) -> list[Any]:
    tables = ("application", "person", "counter", "outbox", "audit", "deadline")
    with db.transaction() as session:
        return [session.execute(text(f"select t::text, t.xmin::text from {table} t")).all() for table in tables]


def test_the_pack_in_force_changes_nothing_and_says_so_with_0(db: Database, capsys: Any) -> None:
    code, said = whatif(db, capsys, PACKS / "2026.yaml", "--json")
    assert code == 0
    assert lines(said) == ({}, {"drafts": 5, "unjudged": 0, "changed": 0, "dates": 0, "fields": 0, "eligibility": 0})


def test_the_operators_newer_parts_count_for_the_candidate_too(db: Database, capsys: Any, packs: Path) -> None:
    change(packs, "life_events.1", "days_before: 60\n    days_after: 60", "days_before: 60\n    days_after: 30")
    folder = packs.parent / "laid-over"
    (folder / "parts").mkdir(parents=True)
    (packs / "parts" / "life_events.1.yaml").rename(folder / "parts" / "life_events.2.yaml")
    use = WhatIf(DraftRepository(db, BIRTH_DATES, 2), CLOCK, Rulebook(laid_over=folder))
    with pytest.raises(SystemExit) as ended:
        run(use, ["--pack", str(PACKS / "2026.yaml"), "--json"], folder)
    assert ended.value.code == 0
    assert lines(capsys.readouterr())[0] == {}


def test_a_shorter_window_takes_dates_away_and_a_draft_with_another_event_keeps_its_date(
    db: Database, capsys: Any, packs: Path
) -> None:
    pack = change(packs, "life_events.1", "days_before: 60\n    days_after: 60", "days_before: 60\n    days_after: 30")
    code, said = whatif(db, capsys, pack, "--json")
    found, summary = lines(said)
    assert code == 1
    assert summary == {"drafts": 5, "unjudged": 0, "changed": 2, "dates": 1, "fields": 1, "eligibility": 2}
    assert found["A-0002"]["effective_date"] == {"before": "2026-06-01", "after": None}
    assert "general.life_events[0].date" in found["A-0002"]["newly_asked"]
    assert found["A-0004"]["effective_date"] == {"before": "2026-05-10", "after": "2026-05-10"}
    assert len(found["A-0004"]["offered"]["before"]) == len(found["A-0004"]["offered"]["after"]) + 1


def test_required_fields_that_come_and_go_are_named(db: Database, capsys: Any, packs: Path) -> None:
    pack = change(packs, "application.1", "tobacco_age: 21", "tobacco_age: 18")
    found, summary = lines(whatif(db, capsys, pack, "--json")[1])
    assert (summary["fields"], summary["dates"]) == (1, 0)
    assert found["A-0007"]["newly_asked"] == ["household.people[0].tobacco_use"]


def test_another_first_day_of_coverage_is_shown_as_a_table(
    db: Database, capsys: Any, packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    pack = change(packs, "life_events.1", "starts: [date_of_event, first_after_selection]", "starts: [date_of_event]")
    birth = "starts: [first_after_selection]\n    proofs: [birth_certificate]"
    change(packs, "life_events.1", "starts: [date_of_event]\n    proofs: [birth_certificate]", birth)
    code, said = whatif(db, capsys, pack)
    assert code == 1
    assert "5/10/2026 -> 6/1/2026" in " ".join(said.out.split())
    assert "5 drafts evaluated, 2 would change: 2 in their effective date" in said.out


def test_a_draft_whose_own_pack_is_missing_is_counted_apart(db: Database, capsys: Any) -> None:
    with db.transaction() as session:
        session.execute(text("update application set rule_pack = '2031.9' where record_number = 'A-0002'"))
    code, said = whatif(db, capsys, PACKS / "2026.yaml")
    assert code == 0
    assert "4 drafts evaluated" in said.out
    assert "1 could not be evaluated" in said.out


def test_the_what_if_report_shows_no_personal_data(db: Database, capsys: Any, packs: Path) -> None:
    pack = change(packs, "life_events.1", "days_after: 60", "days_after: 1")
    born = DRAFTS[0].household.people[0].date_of_birth
    assert born
    for options in ((), ("--json",)):
        said = whatif(db, capsys, pack, *options)[1]
        for secret in ("Zelda", "Secretive", born.isoformat()):
            assert secret not in said.out + said.err


def test_a_pack_that_cannot_be_read_ends_with_2_and_the_place(db: Database, capsys: Any, packs: Path) -> None:
    pack = change(packs, "application.1", "tobacco_age: 21", "tobacco_age: old")
    code, said = whatif(db, capsys, pack)
    assert code == 2
    assert "tobacco_age" in said.err
    assert whatif(db, capsys, packs / "nowhere.yaml")[0] == 2


def test_the_what_if_report_writes_nothing(db: Database, capsys: Any, packs: Path) -> None:
    before = contents(db)
    whatif(db, capsys, change(packs, "life_events.1", "days_after: 60", "days_after: 1"))
    assert contents(db) == before


@pytest.mark.parametrize("statement", WRITES)
def test_the_transactions_that_drafts_are_read_in_refuse_to_write(db: Database, statement: str) -> None:
    """The control: the same statement goes through in an ordinary transaction."""
    with (
        pytest.raises(InternalError, match="read-only transaction"),
        DraftRepository(db, BIRTH_DATES).reading() as session,
    ):
        session.execute(text(statement))
    with db.transaction() as session:
        session.execute(text(statement))
        session.rollback()


def test_drafts_are_read_in_batches_each_once(db: Database) -> None:
    numbers = [[app.record_number for app in batch] for batch in DraftRepository(db, BIRTH_DATES, 2).batches()]
    assert numbers == [["A-0001", "A-0002"], ["A-0003", "A-0004"], ["A-0007"]]
    first = next(DraftRepository(db, BIRTH_DATES, 2).batches())[0]
    assert replace(first, household=HouseholdStep()) == replace(DRAFTS[0], household=HouseholdStep())

"""An operator verifies the audit of the running suite, and exports what it says of a record and of a person."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.integration.portal_commands import SERVICES, portal

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")


@pytest.fixture(scope="module")
def journey(suite: LocalSuite) -> Iterator[Journey]:
    with closing(Api(suite.ports.portal_url)) as api:
        done = Journey(api, TODAY)
        done.until_ready()
        api.get(f"/applications/{done.record_number}")
        yield done


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def client_of(suite: LocalSuite, record_number: str) -> str:
    engine = create_engine(suite.databases["enrollment"].replace("postgresql://", "postgresql+psycopg://"))
    query = (
        "select client_id from client join person using (person_index) "
        "where record_number = :record and relationship = 'self'"
    )
    with engine.connect() as connection:
        found = connection.execute(text(query), {"record": record_number}).scalar_one()
    engine.dispose()
    return str(found)


def test_the_whole_suite_verifies_and_its_last_seals_are_kept(
    suite: LocalSuite, journey: Journey, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors.jsonl"
    done = portal(suite, "audit", "verify", "--anchors", str(anchors))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == sorted(SERVICES)
    assert all("whole" in line for line in done.stdout.splitlines())
    assert portal(suite, "audit", "verify", "--anchors", str(anchors)).returncode == 0
    (first, *rest) = anchors.read_text().splitlines()
    forged = json.loads(first) | {"hash": "00" * 32}
    anchors.write_text("\n".join([json.dumps(forged), *rest]))
    done = portal(suite, "audit", "verify", "--anchors", str(anchors))
    assert done.returncode == 1
    assert "is not the one that an earlier check saw" in done.stdout


def test_what_happened_to_a_record_is_told_over_all_services(suite: LocalSuite, journey: Journey) -> None:
    told = lines(portal(suite, "audit", "export", "--record", journey.record_number))
    assert {line["kind"] for line in told} == {"access", "change"}
    assert {"quote", "enrollment"} <= {line["service"] for line in told}
    assert {line["signature"] for line in told} == {"valid"}
    assert [line["at"] for line in told] == sorted(line["at"] for line in told)
    looked = [line for line in told if line["operation"].endswith(".GetApplication")]
    assert {line["actor"] for line in looked} == {"producer@example.com"}


def test_who_saw_the_data_of_a_person_is_found_by_client_id_and_nothing_of_the_person_is_in_it(
    suite: LocalSuite, journey: Journey
) -> None:
    client_id = client_of(suite, journey.record_number)
    done = portal(suite, "audit", "export", "--person", client_id)
    told = lines(done)
    assert any(journey.record_number in line["subjects"] for line in told)
    assert any(line["service"] == "quote" for line in told)
    for typed in ("Sample", "1987-06-14", "Randolph", "312555", "ada@example.com"):
        assert typed not in done.stdout
    as_csv = portal(suite, "audit", "export", "--person", client_id, "--csv").stdout
    assert len(list(csv.DictReader(io.StringIO(as_csv)))) >= len(told)


def test_days_limit_what_is_told(suite: LocalSuite, journey: Journey) -> None:
    done = portal(suite, "audit", "export", "--record", journey.record_number, "--to", "2001-01-01")
    assert (done.returncode, done.stdout) == (1, "")


def test_who_is_not_known_is_said_and_the_number_is_not(suite: LocalSuite) -> None:
    done = portal(suite, "audit", "export", "--ssn", typed="123-45-6780\n")
    assert done.returncode == 2
    assert "Nobody is known by that" in done.stderr
    assert "6780" not in done.stdout + done.stderr
    assert portal(suite, "audit", "export").returncode == 2

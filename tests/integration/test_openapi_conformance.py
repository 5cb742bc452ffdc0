"""schemathesis over the whole OpenAPI document, with all of its checks, against the real suite, as both roles.

`tests/integration/schemathesis.toml` says which check cannot apply where, and why. `make fuzz` sends more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from deploy.local.suite import LocalSuite
from tests.integration.conftest import signed_in

EXAMPLES = os.environ.get("DOCUMENT_EXAMPLES", "1")
PHASES = os.environ.get("DOCUMENT_PHASES", "fuzzing,stateful")
SECONDS = int(os.environ.get("DOCUMENT_SECONDS", "300"))
# The first test to ask for the suite waits for its start.
pytestmark = [pytest.mark.timeout(SECONDS), pytest.mark.once]
SETTINGS = Path(__file__).with_name("schemathesis.toml")
# Beside what pytest has in its path, the program of the same environment.
PROGRAM = Path(sys.executable).with_name("schemathesis")
# People of these tests alone: whatever is done to their sessions, delegations and records, others have theirs.
PRODUCER, DELEGATE, LEAVING = (f"{name}@document.example" for name in ("producer", "delegate", "leaving"))
ROLES = {PRODUCER: "producer", DELEGATE: "delegate", LEAVING: "producer"}
NUMBER = "770001122"
_ADD = (
    "insert into users values (:id, :id, 'Dora Document', :role,"
    " (select password_hash from users where email = 'producer@example.com'), true)"
)
_NUMBERED = (
    "insert into writing_numbers (number, state, producer_name, company_name, user_id)"
    f" values ('{NUMBER}', 'IL', 'DOCUMENT, DORA', 'DOCUMENT, DORA', '{PRODUCER}')"
)
_DELEGATED = f"insert into delegations (delegate_id, number) values ('{DELEGATE}', '{NUMBER}')"


@pytest.fixture(scope="module")
def people(suite: LocalSuite) -> Iterator[None]:
    engine = create_engine(make_url(suite.databases["gateway"]).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        for email, role in ROLES.items():
            connection.execute(text(_ADD), {"id": email, "role": role})
        connection.exec_driver_sql(_NUMBERED)
        connection.exec_driver_sql(_DELEGATED)
    yield
    with engine.begin() as connection:
        # Wrong passwords were sent, too: whoever signs in after this has made no mistake yet.
        connection.exec_driver_sql("delete from sign_in_attempts")
    engine.dispose()


@pytest.mark.parametrize("email", [PRODUCER, DELEGATE])
@pytest.mark.usefixtures("people")
def test_every_operation_does_what_the_document_says(suite: LocalSuite, tmp_path: Path, email: str) -> None:
    with ExitStack() as opened:
        person, leaving = (opened.enter_context(signed_in(suite, one)).token for one in (email, LEAVING))
        finished = subprocess.run(
            [
                PROGRAM, "--config-file", SETTINGS, "run", f"{suite.ports.portal_url}/api/v1/openapi.json",
                "--phases", PHASES, "--max-examples", EXAMPLES, "--no-color", "--workers", "2",
            ],
            env={**os.environ, "PERSON_TOKEN": person, "LEAVING_TOKEN": leaving},
            cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip  # option and value on one line
    assert finished.returncode == 0, finished.stdout[-20_000:] + finished.stderr[-2000:]

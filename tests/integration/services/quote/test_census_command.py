"""``python -m services.quote census`` as a person runs it, against PostgreSQL."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest

from chassis.db import Database
from services.quote.census.household_file import COLUMNS
from tests.integration.services.quote.samples import HMO

LINES = 300
BAD = 217


@pytest.fixture
def households(tmp_path: Path) -> Path:
    """A person a line, each a household; one of them was born on no day of the calendar."""
    lines = [f"H{n},IL,60601,17031,2026-06-01,self,{1960 + n % 40}-03-02,no" for n in range(LINES)]
    lines[BAD] = lines[BAD].replace("-03-02", "-02-30")
    path = tmp_path / "households.csv"
    path.write_text("\n".join((",".join(COLUMNS), *lines)) + "\n")
    return path


def census(database: str, source: Path, target: Path) -> str:
    """What the command says; it has to end well."""
    env = {**os.environ, "SUITE_ENV": "test", "SUITE_TODAY": "2026-05-20", "QUOTE_DATABASE_URL": database}
    command = [sys.executable, "-m", "services.quote", "census", str(source), str(target)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_census_is_priced_to_csv_and_parquet_and_its_one_bad_line_is_reported(
    database: str, seeded: Database, households: Path, tmp_path: Path
) -> None:
    said = census(database, households, tmp_path / "priced.csv")
    assert f"line {BAD + 2}: members[0].date_of_birth" in said
    assert f"{LINES - 1} households priced, 1 refused." in said

    with (tmp_path / "priced.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    by_status = Counter(row["status"] for row in rows)
    assert by_status["refused"] == 1
    assert {row["household_id"] for row in rows if row["status"] == "priced"} == {
        f"H{n}" for n in range(LINES) if n != BAD
    }
    # 54 on the effective date, the guide's price (R66)
    prices = {(row["household_id"], row["plan_id"]): row["monthly_premium_cents"] for row in rows}
    assert prices["H12", HMO] == "88679"

    census(database, households, tmp_path / "priced.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "priced.parquet").to_pylist()
    assert [{name: "" if value is None else str(value) for name, value in row.items()} for row in table] == rows

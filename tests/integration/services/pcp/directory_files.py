"""Directories of a carrier, written for a test; the people in them are made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chassis.db import PostgresTransactions
from services.pcp.directory.files import QhpDirectory
from services.pcp.store.work import UnitOfWork
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.load_directory import LoadDirectory


def other_directory(folder: Path, entries: str) -> QhpDirectory:
    (folder / "index.json").write_text('{"provider_urls": ["one.json"]}')
    (folder / "one.json").write_text(entries)
    return QhpDirectory(folder / "index.json")


def load(transactions: PostgresTransactions[UnitOfWork], folder: Path, entries: str) -> LoadOutcome:
    return LoadDirectory(transactions)(other_directory(folder, entries))


def one_provider() -> str:
    office = {"address": "1 Main St", "city": "Dallas", "state": "TX", "zip": "752011234", "phone": "2145550100"}
    entry = {
        "npi": "1234567893",
        "type": "INDIVIDUAL",
        "name": {"first": "Martin", "last": "Nostrand"},
        "addresses": [office],
        "specialty": ["FAMILY MEDICINE"],
        "accepting": "accepting",
        "plans": [{"plan_id_type": "HIOS-PLAN-ID", "plan_id": "33602TX9900001", "years": [2026]}],
    }
    return json.dumps([entry, entry])


def entry_of(**changes: Any) -> dict[str, Any]:
    return dict(json.loads(one_provider())[0]) | changes

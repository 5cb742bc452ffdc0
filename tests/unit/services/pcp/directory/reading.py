"""A directory on disk, read as an import reads it, without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from services.pcp.directory.files import ImportOptions, QhpDirectory
from services.pcp.directory.report import ImportReport, RejectedEntry
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import MedicalGroup, Provider
from services.pcp.usecases.directory_port import DirectoryEntry, DuplicateEntries

ALL = Decimal(100)


@dataclass(frozen=True)
class Reading:
    entries: list[DirectoryEntry]
    rejected: list[RejectedEntry]
    groups: Mapping[str, MedicalGroup]
    report: ImportReport

    @property
    def providers(self) -> list[Provider]:
        return [entry.provider for entry in self.entries]

    @property
    def networks(self) -> set[PlanNetwork]:
        return {network for entry in self.entries for network in entry.plans}


def write_files(folder: Path, content: bytes, index: object = None) -> Path:
    (folder / "providers.json").write_bytes(content)
    (folder / "cms-data-index.json").write_text(json.dumps(index or {"provider_urls": ["providers.json"]}))
    return folder / "cms-data-index.json"


def read_directory(path: Path, most: Decimal = ALL, plan_year: int | None = None) -> Reading:
    """Raises DirectoryUnreadable, also when more than ``most`` percent are rejected."""
    rejected: list[RejectedEntry] = []
    files = QhpDirectory(path, options=ImportOptions(most, plan_year), reject=lambda one, _entry: rejected.append(one))
    assert files.digest
    entries = list(files.entries())
    files.accept(len({entry.provider.pcp_id for entry in entries}), DuplicateEntries(0, ()))
    return Reading(entries, rejected, files.groups, files.report)


def read_entries(folder: Path, *entries: object, most: Decimal = ALL, plan_year: int | None = None) -> Reading:
    return read_directory(write_files(folder, json.dumps(entries).encode()), most, plan_year)

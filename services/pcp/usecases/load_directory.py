"""Use case: store the directory that comes as files (the ``seed`` command, and a carrier's own directory)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chassis.kernel import Transactions
from services.pcp.domain.provider import Directory
from services.pcp.usecases.ports import GeoPoint, PcpUnitOfWork


class DirectoryFiles(Protocol):
    """``digest`` changes with anything that the content depends on; reading is put off until it is needed."""

    @property
    def digest(self) -> str: ...
    def directory(self) -> Directory: ...
    def zip_points(self) -> dict[str, GeoPoint]: ...


@dataclass(frozen=True, slots=True)
class LoadDirectory:
    """Replaces the stored directory if the files changed, whole or not at all; True when it did. Safe at any time.

    Assignments stay as they are: they were made with the directory of their day.
    """

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, files: DirectoryFiles) -> bool:
        with self.transactions() as work:
            work.directory.lock()
            if work.directory.find_digest() == files.digest:
                return False
            work.directory.replace(files.digest, files.directory(), files.zip_points())
            return True

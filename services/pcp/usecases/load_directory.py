"""Use case: store the directory that comes as files (the ``seed`` command, and a carrier's own directory)."""

from __future__ import annotations

from typing import Protocol

from services.pcp.domain.provider import Directory
from services.pcp.usecases.ports import Spot, Transactions


class DirectoryFiles(Protocol):
    """``digest`` changes with anything that the content depends on; reading is put off until it is needed."""

    @property
    def digest(self) -> str: ...
    def directory(self) -> Directory: ...
    def spots(self) -> dict[str, Spot]: ...


def load_directory(transactions: Transactions, files: DirectoryFiles) -> bool:
    """Replaces the stored directory if the files changed, whole or not at all; True when it did. Safe at any time.

    Assignments stay as they are: they were made with the directory of their day.
    """
    with transactions() as work:
        work.shelf.lock()
        if work.shelf.digest() == files.digest:
            return False
        work.shelf.put(files.digest, files.directory(), files.spots())
        return True

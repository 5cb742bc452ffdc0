"""Use case: store the directory that comes as files (the commands ``seed`` and ``import``)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.pcp.usecases.directory_port import DirectoryFiles, LoadedDirectory, LoadOutcome
from services.pcp.usecases.ports import PcpUnitOfWork


@dataclass(frozen=True, slots=True)
class LoadDirectory:
    """Replaces the stored directory if the files changed, whole or not at all. Safe at any time.

    Assignments stay as they are: they were made with the directory of their day.
    """

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, files: DirectoryFiles, *, imported: bool = False) -> LoadOutcome:
        with self.transactions() as work:
            work.directory.lock()
            before = work.directory.find_loaded()
            if before and before.imported and not imported:
                return LoadOutcome.KEPT
            fresh = LoadedDirectory(files.digest, imported)
            if before == fresh:
                return LoadOutcome.UNCHANGED
            repeated = work.directory.stage(files.entries())
            files.accept(work.directory.count_staged(), repeated)
            work.directory.replace_by_staged(fresh, files.groups, files.zip_points())
            return LoadOutcome.LOADED

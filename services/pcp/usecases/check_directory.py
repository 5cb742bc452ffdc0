"""Use case: hold the stored directory against NPPES (the command ``check``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from chassis.kernel import Transactions
from services.pcp.domain.registration import NppesCheck, NppesRow, Registration
from services.pcp.usecases.ports import PcpUnitOfWork

# Saved at once: enough that a statement is worth it, and nothing beside what the directory's NPIs take.
_SAVED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class CheckDirectory:
    """Marks who is deactivated, and fills in a gender that the carrier does not name; what else is found is counted
    alone. All or nothing. The marks hold for directories that are loaded later, until a later check says otherwise.
    """

    transactions: Transactions[PcpUnitOfWork]

    def __call__(self, rows: Iterable[NppesRow]) -> NppesCheck:
        with self.transactions() as work:
            work.directory.lock()
            listed = work.registrations.list_specialties()
            check = NppesCheck(listed=len(listed))
            registered = _judge(rows, listed, check)
            while batch := list(islice(registered, _SAVED_AT_ONCE)):
                work.registrations.save_registrations(batch)
            work.registrations.mark_providers()
        return check


def _judge(rows: Iterable[NppesRow], listed: dict[str, str], check: NppesCheck) -> Iterator[Registration]:
    """The registrations of the directory's providers."""
    for row in rows:
        check.rows += 1
        specialty = listed.get(row.registration.npi)
        if specialty is not None:
            check.judge(row, specialty)
            yield row.registration

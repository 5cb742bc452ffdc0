"""The fake of unit tests does what PostgreSQL does: the cases of tests/integration/chassis/test_unit_of_work.py."""

from __future__ import annotations

import pytest

from chassis.kernel import Transactions, UnitOfWork
from tests.contracts.unit_of_work import UnitOfWorkContract
from tests.fakes.unit_of_work import FakeUnitOfWork


class InMemory:
    def __init__(self) -> None:
        self._kept = FakeUnitOfWork()
        self.transactions: Transactions[UnitOfWork] = self._kept

    def note(self, subject: str) -> object:
        return subject

    def subjects(self) -> list[str]:
        return [str(event) for event in self._kept.events]

    def audit(self) -> list[tuple[object, ...]]:
        return [
            (row.at, row.actor, row.subject, row.action, row.summary, row.on_behalf_of, row.changed_fields)
            for row in self._kept.audit
        ]


class TestFakeUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def committed(self) -> InMemory:
        return InMemory()

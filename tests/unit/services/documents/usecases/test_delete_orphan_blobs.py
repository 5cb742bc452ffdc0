"""Blobs that no document has are deleted, unless they look like those of another database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chassis.kernel import FixedClock, Unavailable
from services.documents.usecases.delete_orphan_blobs import AT_ONCE, OLD_ENOUGH, DeleteOrphanBlobs
from services.documents.usecases.ports import AnotherStore, BlobLocked
from tests.unit.services.documents.fakes import FakeWork

NOW = datetime(2026, 3, 12, 17, tzinfo=UTC)


class FakeBlobs:
    """Names and when they were written."""

    def __init__(self, names: dict[str, datetime]) -> None:
        self.names = names
        self.locked: set[str] = set()

    def list_names(self, written_before: datetime) -> Iterator[str]:
        yield from [name for name, written in self.names.items() if written < written_before]

    def delete(self, name: str) -> None:
        if name in self.locked:
            raise BlobLocked
        del self.names[name]


def make(old: int, *, owned: int) -> tuple[FakeBlobs, FakeWork, DeleteOrphanBlobs]:
    """``old`` blobs of two days ago, of which the first ``owned`` have a document, half of each kind."""
    blobs, work = FakeBlobs({f"b-{i}": NOW - timedelta(days=2) for i in range(old)}), FakeWork()
    for i in range(owned):
        (work.application_pdfs if i % 2 else work.proofs).blobs.add(f"b-{i}")
    return blobs, work, DeleteOrphanBlobs(work, blobs, FixedClock(NOW))


def test_orphans_go_and_what_has_a_document_of_either_kind_stays() -> None:
    blobs, _, delete = make(5, owned=4)
    assert delete() == 1
    assert sorted(blobs.names) == ["b-0", "b-1", "b-2", "b-3"]
    assert delete() == 0


def test_a_blob_of_today_may_still_get_its_row() -> None:
    blobs, _, delete = make(4, owned=4)
    blobs.names["young"] = NOW - OLD_ENOUGH
    blobs.names["old"] = NOW - OLD_ENOUGH - timedelta(seconds=1)
    assert delete() == 1
    assert "young" in blobs.names and "old" not in blobs.names


def test_the_store_of_another_database_is_left_alone() -> None:
    blobs, _, delete = make(5, owned=2)
    with pytest.raises(AnotherStore):
        delete()
    assert len(blobs.names) == 5


def test_more_than_one_query_holds_are_looked_through() -> None:
    blobs, _, delete = make(2 * AT_ONCE + 1, owned=2 * AT_ONCE)
    assert delete() == 1
    assert len(blobs.names) == 2 * AT_ONCE


def test_one_that_is_locked_waits_and_stops_no_other() -> None:
    blobs, _, delete = make(6, owned=4)
    blobs.locked = {"b-4"}
    assert delete() == 1
    assert sorted(set(blobs.names) - {"b-0", "b-1", "b-2", "b-3"}) == ["b-4"]


def test_a_locked_blob_is_unavailable_to_everybody_else() -> None:
    assert issubclass(BlobLocked, Unavailable)

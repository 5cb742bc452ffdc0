"""Store: where sealed documents lie when it is not in the database: in a folder, or in an S3 bucket.

A blob has a random name that says nothing, is written once and never changed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from chassis.kernel import Unavailable

T = TypeVar("T")
_NAME = re.compile(r"[0-9a-f-]{32,36}")


class BlobExists(Exception):
    """Another blob has the name already; nothing was written."""


class BlobMissing(Exception):
    """There is no such blob."""


class Blobs(Protocol):
    """All methods raise Unavailable when the store does not answer or does not let us in."""

    def put(self, name: str, content: bytes, keep_until: date) -> None:
        """Write a blob whole or not at all; raises BlobExists."""
        ...

    def get(self, name: str) -> bytes:
        """Raises BlobMissing."""
        ...

    def delete(self, name: str) -> None:
        """Also when it is gone already. A store that locks what it keeps raises BlobLocked before ``keep_until``."""
        ...

    def list_names(self, written_before: datetime) -> Iterator[str]: ...


class FolderBlobs:
    """Blobs as files, in subfolders by the first two letters of their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes, keep_until: date) -> None:
        def write() -> None:
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                try:
                    os.link(half, path)  # fails where there is one, unlike a rename
                except FileExistsError:
                    raise BlobExists(name) from None
            finally:
                Path(half).unlink()
            _sync(path.parent)

        _or_unavailable(write)

    def get(self, name: str) -> bytes:
        try:
            return _or_unavailable(self._path(name).read_bytes)
        except FileNotFoundError:
            raise BlobMissing(name) from None

    def delete(self, name: str) -> None:
        _or_unavailable(lambda: self._path(name).unlink(missing_ok=True))

    def list_names(self, written_before: datetime) -> Iterator[str]:
        files = _or_unavailable(lambda: sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")))
        for path in files:
            try:
                written = path.stat().st_mtime
            except FileNotFoundError:
                continue  # deleted since
            if _NAME.fullmatch(path.name) and written < written_before.timestamp():
                yield path.name

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a blob's name is a random id")
        return self._folder / name[:2] / name


def _sync(folder: Path) -> None:
    """The name, too, outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _or_unavailable(work: Callable[[], T]) -> T:
    try:
        return work()
    except FileNotFoundError:
        raise
    except OSError:
        raise Unavailable("The store of documents cannot be used now. Try again in a minute.") from None

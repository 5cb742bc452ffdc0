"""The files of a directory: ``cms-data-index.json``, the provider files it names, and the coordinates of ZIPs."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from services.pcp.directory.entries import Unreadable, read_entries
from services.pcp.domain.provider import Directory
from services.pcp.usecases.ports import Spot

DATA = Path(__file__).parents[1] / "data"
ILLUSTRATIVE = DATA / "illustrative" / "cms-data-index.json"
ZIPS = DATA / "zips" / "zips.csv"
# Part of the digest: raise it when the same files would be stored differently.
READER_VERSION = "1"


class QhpDirectory:
    """A directory on disk. Raises Unreadable, which names the file and the entry, when it is not what it should be."""

    def __init__(self, index: Path = ILLUSTRATIVE, zips: Path = ZIPS) -> None:
        self._index_path = index
        self._zips = zips

    @cached_property
    def digest(self) -> str:
        total = hashlib.sha256(READER_VERSION.encode())
        for path in (self._index_path, *self._provider_paths, self._zips):
            total.update(hashlib.sha256(_bytes(path)).digest())
        return total.hexdigest()

    def directory(self) -> Directory:
        illustrative = bool(self._index.get("illustrative", False))
        return read_entries(self._entries(), self.spots(), illustrative)

    def spots(self) -> dict[str, Spot]:
        with self._zips.open(newline="") as file:
            return {r["zip"]: Spot(float(r["latitude"]), float(r["longitude"])) for r in csv.DictReader(file)}

    def _entries(self) -> Iterator[Mapping[str, Any]]:
        for path in self._provider_paths:
            yield from json.loads(_bytes(path))

    @cached_property
    def _index(self) -> Mapping[str, Any]:
        index: Mapping[str, Any] = json.loads(_bytes(self._index_path))
        return index

    @property
    def _provider_paths(self) -> list[Path]:
        """Files beside the index only: a seed downloads nothing."""
        names = [str(url) for url in self._index.get("provider_urls", [])]
        for name in names:
            if Path(name).name != name:
                raise Unreadable(f"{self._index_path.name}: put {name} beside the index and name it without a folder.")
        return [self._index_path.parent / name for name in names]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as missing:
        raise Unreadable(f"{path.name} cannot be read: {missing.strerror}.") from None

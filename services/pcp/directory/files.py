"""The files of a directory: ``cms-data-index.json``, the provider files it names, and the coordinates of ZIPs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from chassis.kernel import get_markets
from services.pcp.directory import specialties
from services.pcp.directory.entries import read_entries
from services.pcp.directory.fields import Fields, is_fields
from services.pcp.directory.report import DirectoryReport
from services.pcp.domain.provider import Directory
from services.pcp.usecases.ports import GeoPoint

DATA = Path(__file__).parents[1] / "data"
ILLUSTRATIVE = DATA / "illustrative" / "cms-data-index.json"
ZIPS = DATA / "zips" / "zips.csv"
# Without brackets, which only addresses of machines have and which urlsplit refuses when they are not whole.
_URL = re.compile(r"https?://[^\[\]]*$")
# Part of the digest: raise it when the same files would be stored differently.
READER_VERSION = "4"
# One or two in a hundred providers of any list are out of date (of 2,000 rows of CMS's NPPES, 1.5 % are deactivated).
# More faults than that are a file of another layout, and half a directory would be worse than that of yesterday.
MOST_REJECTED_PERCENT = Decimal(2)


class DirectoryUnreadable(SystemExit):
    """Ends the load with a sentence that names the file or the entry; what was stored stays."""


class QhpDirectory:
    """A directory on disk. Raises DirectoryUnreadable, which names the file, when it is not what it should be.

    Single entries that cannot be used are rejected and told by ``report``, up to ``most_rejected_percent`` of them.
    """

    def __init__(
        self,
        index: Path = ILLUSTRATIVE,
        zips: Sequence[Path] | None = None,
        most_rejected_percent: Decimal = MOST_REJECTED_PERCENT,
    ) -> None:
        self._index_path = index
        self._zips = zip_files() if zips is None else zips
        self._most_rejected_percent = most_rejected_percent

    @cached_property
    def digest(self) -> str:
        total = hashlib.sha256(READER_VERSION.encode())
        for path in (self._index_path, *self._provider_paths, *self._zips, specialties.TABLE):
            total.update(hashlib.sha256(_bytes(path)).digest())
        return total.hexdigest()

    def directory(self) -> Directory:
        return self.report.directory

    @cached_property
    def report(self) -> DirectoryReport:
        illustrative = self._index.get("illustrative") is True
        report = read_entries(self._entries(), self.zip_points(), illustrative)
        told = "".join(f"\n  {line}" for line in report.lines())
        if report.rejected_percent > self._most_rejected_percent:
            raise DirectoryUnreadable(
                "The directory was not changed: too many entries cannot be used, "
                f"{report.rejected_percent:.1f} % of the providers and groups. Correct the files, or allow more than "
                f"{self._most_rejected_percent} % by PCP_DIRECTORY_MOST_REJECTED_PERCENT.{told}"
            )
        if not report.directory.providers:
            raise DirectoryUnreadable(
                f"The directory was not changed: among {report.tally.entries:,} entries is no primary care "
                f"provider. Check that {self._index_path.name} names the right files.{told}"
            )
        return report

    def zip_points(self) -> dict[str, GeoPoint]:
        return {zip_code: point for path in self._zips for zip_code, point in _read_points(path)}

    def _entries(self) -> Iterator[object]:
        for path in self._provider_paths:
            entries = _json(path)
            if not isinstance(entries, list):
                raise DirectoryUnreadable(
                    f"{path.name} has to be a list of entries, [{{...}}, {{...}}]. Nothing was changed."
                )
            yield from entries

    @cached_property
    def _index(self) -> Fields:
        index = _json(self._index_path)
        if not is_fields(index):
            raise DirectoryUnreadable(
                f"{self._index_path.name} has to be an object with provider_urls. Nothing was changed."
            )
        return index

    @cached_property
    def _provider_paths(self) -> list[Path]:
        """Files beside the index only, also of an index that names them by URL: a seed downloads nothing."""
        urls = self._index.get("provider_urls")
        if not isinstance(urls, list) or not urls:
            raise DirectoryUnreadable(f"{self._index_path.name} names no file in provider_urls. Nothing was changed.")
        names = [self._local_name(url) for url in urls]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise DirectoryUnreadable(f"{self._index_path.name} names {', '.join(twice)} twice. Nothing was changed.")
        return [self._index_path.parent / name for name in names]

    def _local_name(self, url: object) -> str:
        written = url if isinstance(url, str) else ""
        name = PurePosixPath(urlsplit(written).path).name if _URL.match(written) else written
        if not name or name == ".." or Path(name).name != name:
            raise DirectoryUnreadable(
                f"{self._index_path.name}: each of provider_urls has to be an https URL or the name of a file beside "
                "the index, without a folder. Nothing was changed."
            )
        return name


def zip_files() -> list[Path]:
    """What the service ships, and what the folders of the markets add (docs/how-to/add-a-state.md)."""
    return [ZIPS, *(folder / "zips.csv" for folder in get_markets().data_folders)]


def _read_points(path: Path) -> Iterator[tuple[str, GeoPoint]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zip"], GeoPoint(float(row["latitude"]), float(row["longitude"]))


def _json(path: Path) -> object:
    try:
        content: object = json.loads(_bytes(path))
    except json.JSONDecodeError as fault:
        raise DirectoryUnreadable(
            f"{path.name} is not a complete JSON file: {fault.msg} at line {fault.lineno}, column {fault.colno}. "
            "Nothing was changed."
        ) from None
    except (ValueError, RecursionError):  # no UTF-8, a number of thousands of digits, lists within lists without end
        raise DirectoryUnreadable(f"{path.name} is not valid JSON. Nothing was changed.") from None
    return content


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as missing:
        why = missing.strerror if isinstance(missing, OSError) else "its name is not valid"
        raise DirectoryUnreadable(f"{path.name} cannot be read: {why}. Nothing was changed.") from None

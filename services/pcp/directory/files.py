"""The files of a directory: the provider files, one alone or those that ``cms-data-index.json`` names, and the
coordinates of ZIPs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from chassis.kernel import get_markets
from services.pcp.directory import specialties
from services.pcp.directory.entries import EntryReader, RejectSink
from services.pcp.directory.fields import Fields, is_fields
from services.pcp.directory.json_list import UnreadableFile, Watch, read_json_list
from services.pcp.directory.plans import PlanReader
from services.pcp.directory.report import ImportReport, RejectedEntry
from services.pcp.domain.network import GeoPoint
from services.pcp.domain.provider import MedicalGroup
from services.pcp.usecases.directory_port import DirectoryEntry, DuplicateEntries

DATA = Path(__file__).parents[1] / "data"
ILLUSTRATIVE = DATA / "illustrative" / "cms-data-index.json"
ZIPS, NEIGHBOR_ZIPS = DATA / "zips" / "zips.csv", DATA / "zips" / "neighbors.csv"
# Without brackets, which only addresses of machines have and which urlsplit refuses when they are not whole.
_URL = re.compile(r"https?://[^\[\]]*$")
# Part of the digest: raise it when the same files would be stored differently.
READER_VERSION = "5"
# One or two in a hundred providers of any list are out of date (of 2,000 rows of CMS's NPPES, 1.5 % are deactivated).
# More faults than that are a file of another layout, and half a directory would be worse than that of yesterday.
MOST_REJECTED_PERCENT = Decimal(2)
# It names files, a few hundred at most; a provider file given in its place is far longer.
MOST_INDEX_BYTES = 1 << 20
# A million offices are 1.1 GB. Memory is not the limit, but what is loaded passes through the database's disk twice.
MOST_GIGABYTES = 20


class DirectoryUnreadable(SystemExit):
    """Ends the load with a sentence that names the file or the entry; what was stored stays."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """``most_rejected_percent``: of providers and groups; above it nothing is changed. ``plan_year``: of plans without
    ``years``."""

    most_rejected_percent: Decimal = MOST_REJECTED_PERCENT
    plan_year: int | None = None


DEFAULT_OPTIONS = ImportOptions()


def _keep_none(_rejected: RejectedEntry, _entry: object) -> None:
    """Rejects are counted in any case."""


def _watch_none(_file: str, _read: int, _size: int) -> None:
    """Nobody looks on."""


class QhpDirectory:
    """A directory on disk; ``path`` is an index, or a provider file alone. Raises DirectoryUnreadable, which names the
    file, when it is not what it should be.

    Single entries that cannot be used are rejected, told by ``report`` and given to ``reject``.
    """

    def __init__(
        self,
        path: Path = ILLUSTRATIVE,
        zips: Sequence[Path] | None = None,
        options: ImportOptions = DEFAULT_OPTIONS,
        *,
        reject: RejectSink = _keep_none,
        watch: Watch = _watch_none,
    ) -> None:
        self._path, self._options, self._watch, self._reject = path, options, watch, reject
        self._zips = zip_files() if zips is None else zips
        self.report = ImportReport()

    @cached_property
    def digest(self) -> str:
        """Of everything that decides what is stored; the bound on rejects only decides whether."""
        total = hashlib.sha256(f"{READER_VERSION}, plan year {self._options.plan_year}".encode())
        for path in (self._path, *self._provider_paths, *self._zips, specialties.TABLE):
            total.update(_digest(path))
        return total.hexdigest()

    def entries(self) -> Iterator[DirectoryEntry]:
        positions = count(1)
        for path in self._provider_paths:
            try:
                for entry in read_json_list(path, self._watch):
                    if found := self._reader.read(next(positions), entry):
                        yield found
            except UnreadableFile as fault:
                raise DirectoryUnreadable(f"{path.name} {fault}. Nothing was changed.") from None
            except OSError as missing:
                raise _cannot_be_read(path, missing) from None

    def accept(self, stored: int, repeated: DuplicateEntries) -> None:
        report = self.report
        report.providers, report.groups = stored, len(self.groups)
        if unknown := self._reader.count_unknown_groups():
            report.notes["the medical group is not in the directory"] += unknown
        if repeated.merged:
            report.notes["several entries of one provider were merged"] += repeated.merged
        for position, npi in repeated.refused:
            rejected = RejectedEntry(position, npi, "another NPI has the same pcp_id")
            report.reject(rejected)
            self._reject(rejected, None)
        told = "".join(f"\n  {line}" for line in report.lines())
        if report.rejected_percent > self._options.most_rejected_percent:
            raise DirectoryUnreadable(
                "The directory was not changed: too many entries cannot be used, "
                f"{report.rejected_percent:.1f} % of the providers and groups. Correct the files, or allow more than "
                f"{self._options.most_rejected_percent} % by PCP_DIRECTORY_MOST_REJECTED_PERCENT.{told}"
            )
        if not stored:
            raise DirectoryUnreadable(
                f"The directory was not changed: among {report.entries:,} entries is no primary care "
                f"provider. Check that {self._path.name} names the right files.{told}"
            )

    @property
    def groups(self) -> Mapping[str, MedicalGroup]:
        return self._reader.groups

    def zip_points(self) -> Mapping[str, GeoPoint]:
        return self._zip_points

    @cached_property
    def _zip_points(self) -> dict[str, GeoPoint]:
        return {zip_code: point for path in self._zips for zip_code, point in _read_points(path)}

    @cached_property
    def _reader(self) -> EntryReader:
        return EntryReader(
            self.report,
            self._zip_points,
            PlanReader(self._options.plan_year),
            self._reject,
            illustrative=self._index.get("illustrative") is True,
        )

    @cached_property
    def _index(self) -> Fields:
        """Of a provider file alone, an empty one."""
        if _begins_as_list(self._path):
            return {}
        index = _json(self._path)
        if not is_fields(index):
            raise DirectoryUnreadable(f"{self._path.name} has to be an object with provider_urls. Nothing was changed.")
        return index

    @cached_property
    def _provider_paths(self) -> list[Path]:
        """Files beside the index only, also of an index that names them by URL: a load downloads nothing."""
        paths = [self._path] if _begins_as_list(self._path) else self._indexed_paths()
        if sum(map(_size, paths)) > MOST_GIGABYTES * 10**9:
            raise DirectoryUnreadable(
                f"{self._path.name}: the files are longer than {MOST_GIGABYTES} GB together. Nothing was changed."
            )
        return paths

    def _indexed_paths(self) -> list[Path]:
        urls = self._index.get("provider_urls")
        if not isinstance(urls, list) or not urls:
            raise DirectoryUnreadable(f"{self._path.name} names no file in provider_urls. Nothing was changed.")
        names = [self._local_name(url) for url in urls]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise DirectoryUnreadable(f"{self._path.name} names {', '.join(twice)} twice. Nothing was changed.")
        return [self._path.parent / name for name in names]

    def _local_name(self, url: object) -> str:
        written = url if isinstance(url, str) else ""
        name = PurePosixPath(urlsplit(written).path).name if _URL.match(written) else written
        if not name or name == ".." or Path(name).name != name:
            raise DirectoryUnreadable(
                f"{self._path.name}: each of provider_urls has to be an https URL or the name of a file beside "
                "the index, without a folder. Nothing was changed."
            )
        return name


def zip_files() -> list[Path]:
    """What the service ships, and what the folders of the markets add (docs/how-to/add-a-state.md)."""
    return [ZIPS, NEIGHBOR_ZIPS, *(folder / "zips.csv" for folder in get_markets().data_folders)]


def _read_points(path: Path) -> Iterator[tuple[str, GeoPoint]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zip"], GeoPoint(float(row["latitude"]), float(row["longitude"]))


def _begins_as_list(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
    except (OSError, ValueError) as missing:
        raise _cannot_be_read(path, missing) from None


def _json(path: Path) -> object:
    if path.stat().st_size > MOST_INDEX_BYTES:
        raise DirectoryUnreadable(f"{path.name} is too long for an index of provider files. Nothing was changed.")
    try:
        content: object = json.loads(path.read_bytes())
    except json.JSONDecodeError as fault:
        raise DirectoryUnreadable(
            f"{path.name} is not a complete JSON file: {fault.msg} at line {fault.lineno}, column {fault.colno}. "
            "Nothing was changed."
        ) from None
    except (ValueError, RecursionError):  # no UTF-8, a number of thousands of digits, lists within lists without end
        raise DirectoryUnreadable(f"{path.name} is not valid JSON. Nothing was changed.") from None
    return content


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError) as missing:
        raise _cannot_be_read(path, missing) from None


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except (OSError, ValueError) as missing:
        raise _cannot_be_read(path, missing) from None


def _cannot_be_read(path: Path, missing: OSError | ValueError) -> DirectoryUnreadable:
    why = missing.strerror if isinstance(missing, OSError) else "its name is not valid"
    return DirectoryUnreadable(f"{path.name} cannot be read: {why}. Nothing was changed.")

"""The NPPES dissemination file, a CSV of CMS with one row for each NPI: read row by row, however long it is.

The monthly file has all NPIs, the weekly one those that changed. Names of columns as CMS writes them, in both editions.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from services.pcp.directory.files import DirectoryUnreadable
from services.pcp.directory.json_list import CHUNK_BYTES, Watch
from services.pcp.directory.specialties import fold_specialty, read_table
from services.pcp.domain.provider import PRIMARY_CARE, Gender
from services.pcp.domain.registration import NppesRow, Registration

_NPI, _ENTITY = "NPI", "Entity Type Code"
_DEACTIVATED, _REACTIVATED = "NPI Deactivation Date", "NPI Reactivation Date"
# It was called gender until the notice of 2025.
_SEX = ("Provider Sex Code", "Provider Gender Code")
# "..._1" to "..._15".
_TAXONOMY = "Healthcare Provider Taxonomy Code_"
_GENDERS = {"F": Gender.FEMALE, "M": Gender.MALE}
_PERSON, _ORGANIZATION = "1", "2"
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


class NppesFile:
    """Raises DirectoryUnreadable, which names the line, for a file that is no dissemination file."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self._path, self._watch = path, watch
        self._specialties = {text: specialty for text, specialty in read_table().items() if specialty in PRIMARY_CARE}

    def rows(self) -> Iterator[NppesRow]:
        reader = csv.reader(self._lines(), strict=True)
        try:
            header = next(reader, [])
            columns = _Columns(header, self._path.name)
            for row in reader:
                if len(row) != len(header):
                    raise self._fault(reader.line_num, f"it has {len(row)} columns and not {len(header)}")
                yield self._read(columns, row)
        except UnicodeDecodeError:
            raise self._fault(reader.line_num + 1, "it is not written in UTF-8") from None
        except csv.Error as fault:
            raise self._fault(reader.line_num, str(fault)) from None

    def _lines(self) -> Iterator[str]:
        """``watch`` hears of characters, which in these files are bytes but for a few."""
        size, read, told = self._path.stat().st_size, 0, 0
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            for line in file:
                read += len(line)
                if read - told >= CHUNK_BYTES:
                    told = read
                    self._watch(self._path.name, told, size)
                yield line
        self._watch(self._path.name, size, size)

    def _read(self, columns: _Columns, row: Sequence[str]) -> NppesRow:
        deactivated, reactivated = _day(row[columns.deactivated]), _day(row[columns.reactivated])
        in_force = deactivated is None or (reactivated is not None and reactivated >= deactivated)
        codes = (fold_specialty(row[place]) for place in columns.taxonomies if row[place])
        return NppesRow(
            Registration(
                row[columns.npi].strip(),
                None if in_force else deactivated,
                _GENDERS.get(row[columns.sex].strip()),
            ),
            {_PERSON: True, _ORGANIZATION: False}.get(row[columns.entity].strip()),
            frozenset(self._specialties[code] for code in codes if code in self._specialties),
        )

    def _fault(self, line: int, why: str) -> DirectoryUnreadable:
        return DirectoryUnreadable(f"{self._path.name}, line {line}: {why}. Nothing was changed.")


class _Columns:
    """Where the columns stand that are read, of some 330."""

    def __init__(self, header: Sequence[str], name: str) -> None:
        places: Mapping[str, int] = {column.strip(): place for place, column in enumerate(header)}
        self.taxonomies = [place for column, place in places.items() if column.startswith(_TAXONOMY)]
        sex = next((column for column in _SEX if column in places), _SEX[0])
        wanted = (_NPI, _ENTITY, _DEACTIVATED, _REACTIVATED, sex)
        lacking = [column for column in wanted if column not in places]
        if not self.taxonomies:
            lacking.append(f"{_TAXONOMY}1")
        if lacking:
            raise DirectoryUnreadable(
                f"{name} is no NPPES dissemination file: its first line lacks {', '.join(lacking)}. "
                "Nothing was changed."
            )
        self.npi, self.entity, self.deactivated, self.reactivated, self.sex = (places[column] for column in wanted)


def _day(written: str) -> date | None:
    """Of MM/DD/YYYY; None for anything else."""
    match = _DAY.fullmatch(written.strip())
    try:
        return date(int(match[3]), int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None

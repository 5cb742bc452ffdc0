"""Entries of ``providers.json`` -> providers with their offices and plans, and medical groups.

An entry that cannot be used is rejected with its reason, and the others are read. Which fields carriers leave empty or
write otherwise is told in tests/unit/services/pcp/directory/test_field_files.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from services.pcp.directory.fields import Fields, is_fields, is_npi, read_day, read_items, read_text
from services.pcp.directory.offices import read_offices
from services.pcp.directory.plans import PlanReader
from services.pcp.directory.report import EntryOutOfArea, EntryRejected, ImportReport, RejectedEntry
from services.pcp.directory.specialties import fold_specialty, read_table
from services.pcp.domain.network import GeoPoint
from services.pcp.domain.provider import (
    PRIMARY_CARE,
    Gender,
    MedicalGroup,
    NewPatients,
    Panel,
    Provider,
    name_language,
    panel_of,
)
from services.pcp.usecases.directory_port import DirectoryEntry

T = TypeVar("T")
RejectSink = Callable[[RejectedEntry, object], None]

# The three words of the format, and what carriers write for them. A panel that nobody calls open stays closed.
_SOME = "accepting in some locations"
_NEW_PATIENTS = {
    _SOME: NewPatients.SOME_LOCATIONS,
    **dict.fromkeys(("accepting", "yes", "y", "true"), NewPatients.ACCEPTING),
    **dict.fromkeys(("not accepting", "no", "n", "false"), NewPatients.NOT_ACCEPTING),
}
_GENDERS = {word: gender for gender in Gender for word in (gender.value, gender.value[0])}
# "English, Spanish" in one text, where a list of two is meant.
_BETWEEN_LANGUAGES = re.compile(r"[,;/|]")


class EntryReader:
    """Reads doctors whose specialty is primary care; specialists and facilities that are no group are left out.

    ``groups``: the medical groups among the entries read so far.
    """

    def __init__(
        self,
        report: ImportReport,
        zip_points: Mapping[str, GeoPoint],
        plans: PlanReader,
        reject: RejectSink,
        *,
        illustrative: bool,
    ) -> None:
        self._report, self._zip_points, self._reject_to = report, zip_points, reject
        self._plans, self._illustrative, self._table = plans, illustrative, read_table()
        self.groups: dict[str, MedicalGroup] = {}
        self._members: Counter[str] = Counter()

    def count_unknown_groups(self) -> int:
        """Providers whose medical group is not among the entries; groups may stand behind their doctors."""
        return sum(count for group_id, count in self._members.items() if group_id not in self.groups)

    def read(self, position: int, entry: object) -> DirectoryEntry | None:
        """None for what is no provider of primary care, and for what is rejected."""
        self._report.entries += 1
        try:
            return self._read(position, entry)
        except EntryRejected as fault:
            self._reject(position, entry, fault)
            return None

    def _read(self, position: int, entry: object) -> DirectoryEntry | None:
        if not is_fields(entry):
            raise EntryRejected("it is not an object")
        kind = read_text(entry.get("type")).lower()
        if kind == "facility":
            self._read_facility(entry)
            return None
        if kind != "individual":
            raise EntryRejected("type is neither INDIVIDUAL nor FACILITY")
        named = self._specialties(entry)
        panel = panel_of(named)
        return self._read_individual(position, entry, ", ".join(named), panel) if panel else None

    def _read_facility(self, entry: Fields) -> None:
        if group_id := read_text(entry.get("medical_group_id")):
            name = _must(read_text(entry.get("facility_name")), "facility_name")
            self.groups[group_id] = MedicalGroup(group_id, name)

    def _read_individual(self, position: int, entry: Fields, specialty: str, panel: Panel) -> DirectoryEntry:
        notes: Counter[str] = Counter()
        npi, pcp_id = _read_ids(entry, notes)
        name = _read_name(entry.get("name"))
        offices = read_offices(entry, self._zip_points, notes)
        provider = Provider(
            pcp_id=pcp_id,
            npi=npi,
            name=name,
            specialty=specialty,
            office=offices[0],
            new_patients=_new_patients(entry, len(offices), notes),
            panel=panel,
            group=None,
            languages=tuple(_languages(entry)),
            gender=_gender(entry, notes),
            last_updated_on=read_day(entry.get("last_updated_on")),
            illustrative=self._illustrative,
        )
        plans = self._plans.read(entry.get("plans"), notes)
        if not plans:
            raise EntryRejected("it names no plan with a HIOS id and years")
        self._report.notes.update(notes)
        group_id = read_text(entry.get("medical_group_id"))
        if group_id:
            self._members[group_id] += 1
        return DirectoryEntry(position, provider, offices, group_id, plans)

    def _specialties(self, entry: Fields) -> list[str]:
        """As the table names them, others as written. CMS writes ``specialty``, and in its README ``speciality``."""
        written = [
            word for word in map(read_text, read_items(entry.get("specialty") or entry.get("speciality"))) if word
        ]
        _must(written, "specialty")
        named = [self._table.get(fold_specialty(word), word) for word in written]
        for word in named:
            if word not in PRIMARY_CARE:
                self._report.count_specialty(word)
        return list(dict.fromkeys(named))

    def _reject(self, position: int, entry: object, fault: EntryRejected) -> None:
        npi = read_text(entry.get("npi")) if is_fields(entry) else ""
        rejected = RejectedEntry(position, npi, str(fault))
        self._report.reject(rejected, out_of_area=isinstance(fault, EntryOutOfArea))
        self._reject_to(rejected, entry)


def _read_ids(entry: Fields, notes: Counter[str]) -> tuple[str, str]:
    """NPI and PCP id. The format lets the NPI be null: then the carrier's own id has to tell who is meant."""
    npi, pcp_id = read_text(entry.get("npi")), read_text(entry.get("pcp_id"))
    if not npi:
        _must(pcp_id, "NPI")
        notes["there is no NPI: known by pcp_id alone"] += 1
    elif not is_npi(npi):
        raise EntryRejected("the check digit of the NPI is wrong")
    return npi, pcp_id or npi


def _read_name(name: object) -> str:
    parts = (
        {part: read_text(name.get(part)) for part in ("first", "middle", "last", "suffix")} if is_fields(name) else {}
    )
    _must(parts.get("first", ""), "first name")
    _must(parts.get("last", ""), "last name")
    return " ".join(filter(None, parts.values()))


def _new_patients(entry: Fields, offices: int, notes: Counter[str]) -> NewPatients:
    value = entry.get("accepting")
    word = str(value).lower() if isinstance(value, bool) else read_text(value).lower()
    if word not in _NEW_PATIENTS:
        notes["it does not say whether new patients are taken: closed"] = 1
    found = _NEW_PATIENTS.get(word, NewPatients.NOT_ACCEPTING)
    if found is not NewPatients.SOME_LOCATIONS:
        return found
    notes["new patients are taken in some locations"] = 1
    return found if offices > 1 else NewPatients.ACCEPTING


def _languages(entry: Fields) -> Iterator[str]:
    """Each once, in the order of the entry."""
    texts = map(read_text, read_items(entry.get("languages")))
    words = (word.strip() for text in texts for word in _BETWEEN_LANGUAGES.split(text))
    yield from dict.fromkeys(name_language(word) for word in words if word)


def _gender(entry: Fields, notes: Counter[str]) -> Gender | None:
    word = read_text(entry.get("gender")).lower()
    if word and word not in _GENDERS:
        notes["the gender is none of Male, Female and Other: left out"] = 1
    return _GENDERS.get(word)


def _must(value: T, name: str) -> T:
    if not value:
        raise EntryRejected(f"there is no {name}")
    return value

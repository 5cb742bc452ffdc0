"""Entries of ``providers.json`` -> providers, medical groups and network memberships.

An entry that cannot be used is rejected with its reason, and the others are read. Which fields carriers leave empty or
write otherwise is told in tests/unit/services/pcp/directory/test_field_files.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from services.pcp.directory.fields import (
    Fields,
    is_fields,
    is_npi,
    plan_component,
    plan_years,
    read_day,
    read_items,
    read_text,
)
from services.pcp.directory.offices import choose_office
from services.pcp.directory.report import DirectoryReport, EntryOutOfArea, EntryRejected, ImportCounts, RejectedEntry
from services.pcp.directory.specialties import fold_specialty, read_table
from services.pcp.domain.provider import (
    PRIMARY_CARE,
    Directory,
    Gender,
    MedicalGroup,
    Membership,
    Panel,
    Provider,
    name_language,
    panel_of,
)
from services.pcp.usecases.ports import GeoPoint

T = TypeVar("T")

# The three words of the format, and what carriers write for them. A panel that nobody calls open stays closed. One that
# is open in some locations is open: a member chooses the provider, and the carrier the office.
_OPEN = {
    "accepting": True,
    "accepting in some locations": True,
    "not accepting": False,
    **dict.fromkeys(("yes", "y", "true"), True),
    **dict.fromkeys(("no", "n", "false"), False),
}
_GENDERS = {word: gender for gender in Gender for word in (gender.value, gender.value[0])}
# "English, Spanish" in one text, where a list of two is meant.
_BETWEEN_LANGUAGES = re.compile(r"[,;/|]")
_FROM_SEVERAL_ENTRIES = "several entries of one provider were merged"


def read_entries(entries: Iterable[object], zip_points: Mapping[str, GeoPoint], illustrative: bool) -> DirectoryReport:
    """Doctors whose specialty is primary care, with their groups. Specialists and other facilities are left out."""
    reader = _Reader(zip_points, illustrative, read_table())
    individuals: list[tuple[int, Fields]] = []
    for position, entry in enumerate(entries, 1):
        reader.tally.entries += 1
        kind = reader.classify(position, entry)
        if kind == "individual" and is_fields(entry):
            individuals.append((position, entry))  # groups may stand behind their doctors
    for position, entry in individuals:
        reader.individual(position, entry)
    return reader.result()


@dataclass(slots=True)
class _Reader:
    zip_points: Mapping[str, GeoPoint]
    illustrative: bool
    specialties: Mapping[str, str]
    tally: ImportCounts = field(default_factory=ImportCounts)
    groups: dict[str, MedicalGroup] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    memberships: set[Membership] = field(default_factory=set)

    def result(self) -> DirectoryReport:
        members = tuple(sorted(self.memberships, key=_order))
        return DirectoryReport(
            Directory(tuple(self.groups.values()), tuple(self.providers.values()), members), self.tally
        )

    def classify(self, position: int, entry: object) -> str:
        """The entry's kind in lower case; a medical group is taken at once, and what has no kind is rejected."""
        try:
            if not is_fields(entry):
                raise EntryRejected("it is not an object")
            kind = read_text(entry.get("type")).lower()
            if kind not in ("individual", "facility"):
                raise EntryRejected("type is neither INDIVIDUAL nor FACILITY")
            group_id = read_text(entry.get("medical_group_id"))
            if kind == "facility" and group_id:
                self.groups[group_id] = MedicalGroup(
                    group_id, _must(read_text(entry.get("facility_name")), "facility_name")
                )
        except EntryRejected as fault:
            self._reject(position, entry, fault)
            return ""
        return kind

    def individual(self, position: int, entry: Fields) -> None:
        try:
            named = self._specialties(entry)
            panel = panel_of(named)
            if panel:
                self._add(entry, ", ".join(named), panel)
        except EntryRejected as fault:
            self._reject(position, entry, fault)

    def _specialties(self, entry: Fields) -> list[str]:
        """As the table names them, others as written. CMS writes ``specialty``, and in its README ``speciality``."""
        written = [
            word for word in map(read_text, read_items(entry.get("specialty") or entry.get("speciality"))) if word
        ]
        _must(written, "specialty")
        named = [self.specialties.get(fold_specialty(word), word) for word in written]
        self.tally.other_specialties.update(word for word in named if word not in PRIMARY_CARE)
        return list(dict.fromkeys(named))

    def _add(self, entry: Fields, specialty: str, panel: Panel) -> None:
        notes: Counter[str] = Counter()
        npi = read_text(entry.get("npi"))
        if not is_npi(_must(npi, "NPI")):
            raise EntryRejected("the check digit of the NPI is wrong")
        provider = Provider(
            pcp_id=read_text(entry.get("pcp_id")) or npi,
            npi=npi,
            name=_name(entry.get("name")),
            specialty=specialty,
            office=choose_office(entry, self.zip_points, notes),
            accepting=_accepting(entry, notes),
            panel=panel,
            group=self._group(entry, notes),
            languages=tuple(_languages(entry)),
            gender=_gender(entry, notes),
            last_updated_on=read_day(entry.get("last_updated_on")),
            illustrative=self.illustrative,
        )
        members = set(_memberships(entry, provider.pcp_id, notes))
        if not members:
            raise EntryRejected("it names no plan with a HIOS id and years")
        before = self.providers.get(provider.pcp_id)
        if before:
            provider = _together(before, provider)
            notes[_FROM_SEVERAL_ENTRIES] += 1
        self.providers[provider.pcp_id] = provider
        self.memberships |= members
        self.tally.notes.update(notes)

    def _group(self, entry: Fields, notes: Counter[str]) -> MedicalGroup | None:
        group_id = read_text(entry.get("medical_group_id"))
        if group_id and group_id not in self.groups:
            notes["the medical group is not in the directory"] = 1
        return self.groups.get(group_id)

    def _reject(self, position: int, entry: object, fault: EntryRejected) -> None:
        npi = read_text(entry.get("npi")) if is_fields(entry) else ""
        self.tally.rejected.append(RejectedEntry(position, npi, str(fault), isinstance(fault, EntryOutOfArea)))


def _together(first: Provider, second: Provider) -> Provider:
    """The earlier entry holds, unless only the later one takes patients; panel and languages are those of both."""
    if first.npi != second.npi:
        raise EntryRejected("another NPI has the same pcp_id")
    kept = first if first.accepting or not second.accepting else second
    names = dict.fromkeys([*first.specialty.split(", "), *second.specialty.split(", ")])
    panel = first.panel if first.panel is second.panel else Panel.ANY
    return replace(
        kept,
        specialty=", ".join(names),
        panel=panel,
        group=first.group or second.group,
        languages=tuple(dict.fromkeys([*first.languages, *second.languages])),
        gender=first.gender or second.gender,
        last_updated_on=max(filter(None, (first.last_updated_on, second.last_updated_on)), default=None),
    )


def _name(name: object) -> str:
    parts = (
        {part: read_text(name.get(part)) for part in ("first", "middle", "last", "suffix")} if is_fields(name) else {}
    )
    _must(parts.get("first", ""), "first name")
    _must(parts.get("last", ""), "last name")
    return " ".join(filter(None, parts.values()))


def _accepting(entry: Fields, notes: Counter[str]) -> bool:
    value = entry.get("accepting")
    word = str(value).lower() if isinstance(value, bool) else read_text(value).lower()
    if word not in _OPEN:
        notes["it does not say whether new patients are taken: closed"] = 1
    if word == "accepting in some locations":
        notes["new patients are taken in some locations: open"] = 1
    return _OPEN.get(word, False)


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


def _memberships(entry: Fields, pcp_id: str, notes: Counter[str]) -> Iterator[Membership]:
    """A plan may be named twice, in two tiers: tiers are not kept, so it is one membership a year."""
    for plan in read_items(entry.get("plans")):
        fields: Fields = plan if is_fields(plan) else {}
        plan_id, years = plan_component(fields.get("plan_id")), plan_years(fields.get("years"))
        if not (plan_id and years):
            notes["a plan was skipped: no HIOS id or no year"] += 1
        yield from (Membership(pcp_id, plan_id, year) for year in years if plan_id)


def _must(value: T, name: str) -> T:
    if not value:
        raise EntryRejected(f"there is no {name}")
    return value


def _order(membership: Membership) -> tuple[str, int, str]:
    return membership.plan_id, membership.plan_year, membership.pcp_id

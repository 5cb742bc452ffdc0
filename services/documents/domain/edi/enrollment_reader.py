"""Domain: one transaction of an 834, read: ours back again, and what a carrier answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.documents.domain.edi.segment_reader import Segment, TransactionSet, get
from services.documents.domain.edi.segments import INSURED, NAME, PRIMARY_CARE


@dataclass(slots=True)
class ReadCategory:
    """N1 of loop 2750 with what follows it."""

    name: str
    value: str = ""
    date: str = ""


@dataclass(slots=True)
class ReadMember:
    """One member; references and dates by qualifier, in the file's order. ``loops``: LS and LE as they come."""

    level: Segment
    name: Segment = field(default_factory=list)
    demographics: Segment = field(default_factory=list)
    provider: Segment = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    dates: list[tuple[str, str]] = field(default_factory=list)
    coverage: Segment = field(default_factory=list)
    coverage_references: list[tuple[str, str]] = field(default_factory=list)
    coverage_dates: list[tuple[str, str]] = field(default_factory=list)
    categories: list[ReadCategory] = field(default_factory=list)
    loops: list[Segment] = field(default_factory=list)

    @property
    def is_subscriber(self) -> bool:
        return get(self.level, 1) == "Y"

    @property
    def relationship(self) -> str:
        return get(self.level, 2)

    @property
    def maintenance_type(self) -> str:
        return get(self.level, 3)

    @property
    def maintenance_reason(self) -> str:
        return get(self.level, 4)

    def values(self, category: str) -> list[str]:
        return [one.value for one in self.categories if one.name == category]

    def find_value(self, category: str) -> str:
        return next(iter(self.values(category)), "")

    def find_reference(self, qualifier: str) -> str:
        """Of the member or else of its coverage."""
        return find(self.references, qualifier) or find(self.coverage_references, qualifier)


@dataclass(slots=True)
class ReadEnrollment:
    """``reference``: BGN02. ``totals``: QTY by qualifier."""

    control_number: str
    reference: str = ""
    totals: list[tuple[str, str]] = field(default_factory=list)
    members: list[ReadMember] = field(default_factory=list)

    @property
    def subscriber(self) -> ReadMember | None:
        return next((member for member in self.members if member.is_subscriber), None)


def find(pairs: list[tuple[str, str]], qualifier: str) -> str:
    return next((value for one, value in pairs if one == qualifier), "")


def read_enrollment(transaction: TransactionSet) -> ReadEnrollment:
    """Whatever can be read of it; ``checks`` says what is wrong."""
    read = ReadEnrollment(transaction.control_number)
    body = iter(transaction.segments)
    for segment in body:
        if segment[0] == "BGN":
            read.reference = get(segment, 2)
        elif segment[0] == "QTY":
            read.totals.append((get(segment, 1), get(segment, 2)))
        elif segment[0] == "INS":
            read.members.append(ReadMember(segment))
            break
    for segment in body:
        if segment[0] == "INS":
            read.members.append(ReadMember(segment))
        else:
            _take(read.members[-1], segment)
    return read


def _take(member: ReadMember, segment: Segment) -> None:
    name = segment[0]
    if name in ("LS", "LE"):
        member.loops.append(segment)
    elif member.loops and member.loops[-1][0] == "LS":
        _take_category(member, segment)
    elif name == "HD":
        member.coverage = segment
    elif name == "REF":
        references = member.coverage_references if member.coverage else member.references
        references.append((get(segment, 1), get(segment, 2)))
    elif name == "DTP":
        dates = member.coverage_dates if member.coverage else member.dates
        dates.append((get(segment, 1), get(segment, 3)))
    elif name == NAME and get(segment, 1) in (INSURED, "74"):
        member.name = segment
    elif name == NAME and get(segment, 1) == PRIMARY_CARE:
        member.provider = segment
    elif name == "DMG" and not member.demographics:
        member.demographics = segment


def _take_category(member: ReadMember, segment: Segment) -> None:
    if segment[0] == "N1":
        member.categories.append(ReadCategory(get(segment, 2)))
    elif member.categories and segment[0] == "REF":
        member.categories[-1].value = get(segment, 2)
    elif member.categories and segment[0] == "DTP":
        member.categories[-1].date = get(segment, 3)


def all_dates(segments: list[Segment]) -> Iterator[tuple[int, int, str]]:
    """Every date of format D8, with the index of its segment and the number of its element."""
    for place, segment in enumerate(segments):
        if segment[0] == "DTP" and get(segment, 2) == "D8":
            yield place, 3, get(segment, 3)
        elif segment[0] == "DMG" and get(segment, 1) == "D8":
            yield place, 2, get(segment, 2)

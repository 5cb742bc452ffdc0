"""What was read of a directory: its providers, what was rejected and why, and what somebody should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.pcp.domain.provider import Directory

# As many examples and words as help to find a fault; a rejects file will have them all.
SHOWN = 20


class EntryRejected(Exception):
    """The entry is not taken; the message is a reason that many entries may share."""


class EntryOutOfArea(EntryRejected):
    """Nothing is wrong with the entry: distances cannot be told where the provider is."""


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """``position`` counts from 1 through all files of the directory, in the order of the index."""

    position: int
    npi: str
    reason: str
    out_of_area: bool


@dataclass(slots=True)
class ImportCounts:
    """Counts of one reading."""

    entries: int = 0
    rejected: list[RejectedEntry] = field(default_factory=list)
    # Taken, but not as sent: "an address without a city was skipped".
    notes: Counter[str] = field(default_factory=Counter)
    # Specialties that are in no line of the table; most are no primary care, and one that is has to be added.
    other_specialties: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class DirectoryReport:
    directory: Directory
    tally: ImportCounts

    @property
    def rejected_percent(self) -> Decimal:
        """Faulty ones of the entries that could have been providers of primary care or medical groups.

        Providers out of the area are no fault of the file: near a border they may be many.
        """
        rejected = sum(not one.out_of_area for one in self.tally.rejected)
        wanted = rejected + len(self.directory.providers) + len(self.directory.groups)
        return Decimal(100 * rejected) / wanted if wanted else Decimal(0)

    def lines(self) -> Iterator[str]:
        """Sentences for anyone who loads the directory, the weightiest first."""
        providers, groups = len(self.directory.providers), len(self.directory.groups)
        yield (
            f"{self.tally.entries:,} entries: {providers:,} primary care providers, {groups:,} medical groups, "
            f"{len(self.tally.rejected):,} rejected"
        )
        reasons = Counter(one.reason for one in self.tally.rejected)
        for reason, count in reasons.most_common(SHOWN):
            first = next(one for one in self.tally.rejected if one.reason == reason)
            whose = f", NPI {first.npi}" if first.npi else ""
            yield f"rejected, {count:,} x: {reason} (first: entry {first.position}{whose})"
        for note, count in self.tally.notes.most_common(SHOWN):
            yield f"taken, {count:,} x: {note}"
        for word, count in self.tally.other_specialties.most_common(SHOWN):
            yield f"not read as primary care, {count:,} x: {word}"

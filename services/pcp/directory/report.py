"""What was read of a directory: how much, what was rejected and why, and what somebody should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

# As many examples and words as help to find a fault; a rejects file has them all.
SHOWN = 20
# Words are free text: a file that has another one in each entry must not fill the memory.
MOST_WORDS = 10_000
OTHER_WORDS = "(further words)"


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


@dataclass(slots=True)
class ImportReport:
    """Counts of one reading; of the entries themselves it keeps only the first with each fault."""

    entries: int = 0
    providers: int = 0
    groups: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    first_rejected: dict[str, RejectedEntry] = field(default_factory=dict)
    out_of_area: int = 0
    # Taken, but not as sent: "an address was skipped".
    notes: Counter[str] = field(default_factory=Counter)
    # Specialties that are in no line of the table; most are no primary care, and one that is has to be added.
    other_specialties: Counter[str] = field(default_factory=Counter)

    def reject(self, one: RejectedEntry, *, out_of_area: bool = False) -> None:
        self.rejected[one.reason] += 1
        self.first_rejected.setdefault(one.reason, one)
        self.out_of_area += out_of_area

    def count_specialty(self, word: str) -> None:
        known = word in self.other_specialties or len(self.other_specialties) < MOST_WORDS
        self.other_specialties[word if known else OTHER_WORDS] += 1

    @property
    def rejected_percent(self) -> Decimal:
        """Faulty ones of the entries that could have been providers of primary care or medical groups.

        Providers out of the area are no fault of the file: near a border they may be many.
        """
        faults = self.rejected.total() - self.out_of_area
        wanted = faults + self.providers + self.groups
        return Decimal(100 * faults) / wanted if wanted else Decimal(0)

    def lines(self) -> Iterator[str]:
        """Sentences for anyone who loads the directory, the weightiest first."""
        yield (
            f"{self.entries:,} entries: {self.providers:,} primary care providers, {self.groups:,} medical groups, "
            f"{self.rejected.total():,} rejected"
        )
        for reason, count in self.rejected.most_common(SHOWN):
            first = self.first_rejected[reason]
            whose = f", NPI {first.npi}" if first.npi else ""
            yield f"rejected, {count:,} x: {reason} (first: entry {first.position}{whose})"
        for note, count in self.notes.most_common(SHOWN):
            yield f"taken, {count:,} x: {note}"
        for word, count in self.other_specialties.most_common(SHOWN):
            yield f"not read as primary care, {count:,} x: {word}"

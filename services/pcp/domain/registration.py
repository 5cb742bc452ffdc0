"""What NPPES, the national registry of NPIs, says of the providers of a directory.

It knows no networks and no panels: it checks a directory and makes nobody a member of a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chassis.kernel import format_date
from services.pcp.domain.provider import Gender

# As many examples of each kind as help to see what is wrong.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Registration:
    """An NPI. ``deactivated_on``: None for one in force, also for one that was reactivated."""

    npi: str
    deactivated_on: date | None
    gender: Gender | None


@dataclass(frozen=True, slots=True)
class NppesRow:
    """A registration with what is checked and not kept. ``specialties``: those of primary care that its taxonomy codes
    name; a deactivated NPI has no codes. ``is_person``: None where the row does not say."""

    registration: Registration
    is_person: bool | None
    specialties: frozenset[str]


@dataclass(slots=True)
class NppesCheck:
    """Counts of one check, and the first findings of each kind."""

    rows: int = 0
    listed: int = 0
    found: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def judge(self, row: NppesRow, listed_specialty: str) -> None:
        """Counts what speaks against the directory's entry of this NPI."""
        self.found += 1
        registration = row.registration
        if registration.deactivated_on:
            self._find("the NPI is deactivated", f"{registration.npi} on {format_date(registration.deactivated_on)}")
        elif row.is_person is False:
            self._find("the NPI is that of an organization", registration.npi)
        elif not row.specialties:
            self._find("no taxonomy is primary care", f"{registration.npi}, listed as {listed_specialty}")
        elif row.specialties.isdisjoint(listed_specialty.split(", ")):
            told = f"{registration.npi}, listed as {listed_specialty}, is {', '.join(sorted(row.specialties))}"
            self._find("the specialty is another one", told)

    def _find(self, kind: str, example: str) -> None:
        self.findings[kind] += 1
        if len(shown := self.examples.setdefault(kind, [])) < SHOWN:
            shown.append(example)

    def lines(self) -> Iterator[str]:
        """Sentences for the operator, the most frequent finding first."""
        yield f"{self.rows:,} rows: {self.found:,} of {self.listed:,} NPIs of the directory are among them"
        for kind, count in self.findings.most_common():
            yield f"{count:,} x: {kind}"
            yield from (f"  NPI {one}" for one in self.examples[kind])

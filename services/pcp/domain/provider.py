"""Primary care providers as the carrier's directory lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel import format_date

# A pediatric panel keeps its patients until the 19th birthday; an adult panel takes them from the 18th (pcp.proto).
PEDIATRIC_UNDER = 19
ADULT_FROM = 18


class Panel(StrEnum):
    """Whom a provider sees."""

    ANY = "any"
    PEDIATRIC = "pediatric"
    ADULT = "adult"

    def takes(self, age: int) -> bool:
        """Whether a patient of so many completed years is seen."""
        if self is Panel.PEDIATRIC:
            return age < PEDIATRIC_UNDER
        return self is Panel.ANY or age >= ADULT_FROM


class Gender(StrEnum):
    """Of a provider, as directories name it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class NewPatients(StrEnum):
    """Whether an office takes new patients, in the three words of the format.

    ``SOME_LOCATIONS``: the provider takes them at some of several offices, and the directory does not say at which.
    """

    ACCEPTING = "accepting"
    SOME_LOCATIONS = "some_locations"
    NOT_ACCEPTING = "not_accepting"


# Specialties that count as primary care, and whom each of them sees; others are not in Provider Finder.
PRIMARY_CARE = {
    "Family Medicine": Panel.ANY,
    "Family Practice": Panel.ANY,
    "General Practice": Panel.ANY,
    "Internal Medicine": Panel.ADULT,
    "Geriatric Medicine": Panel.ADULT,
    "Pediatrics": Panel.PEDIATRIC,
    "Internal Medicine and Pediatrics": Panel.ANY,
    "Family Nurse Practitioner": Panel.ANY,
    "Primary Care Nurse Practitioner": Panel.ANY,
    "Adult Health Nurse Practitioner": Panel.ADULT,
    "Gerontology Nurse Practitioner": Panel.ADULT,
    "Pediatric Nurse Practitioner": Panel.PEDIATRIC,
}


@dataclass(frozen=True, slots=True)
class Office:
    """A provider's office."""

    address: str
    city: str
    state: str
    zip: str
    phone: str


@dataclass(frozen=True, slots=True)
class MedicalGroup:
    """``group_id`` has 3 digits in Illinois (R69)."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One doctor at one of his or her offices. ``pcp_id`` is what is typed into the application (R69).

    ``npi`` is empty where the directory lists the provider by the carrier's own id alone.
    """

    pcp_id: str
    npi: str
    name: str
    specialty: str
    office: Office
    new_patients: NewPatients
    panel: Panel
    group: MedicalGroup | None
    languages: tuple[str, ...]
    gender: Gender | None
    last_updated_on: date | None
    illustrative: bool
    # Of the NPI, as NPPES has it: the provider practices no more, whatever the carrier's directory says.
    deactivated_on: date | None = None

    @property
    def accepting(self) -> bool:
        """Somewhere at least."""
        return self.new_patients is not NewPatients.NOT_ACCEPTING and self.deactivated_on is None

    def refusal(self, age: int) -> str:
        """Why this provider cannot be the one of somebody of that age; empty when nothing speaks against it."""
        if self.deactivated_on:
            return (
                f"The NPI of this provider was deactivated on {format_date(self.deactivated_on)}. Choose another "
                "provider in Provider Finder."
            )
        if not self.accepting:
            return "This provider is not accepting new patients. Choose another one in Provider Finder."
        if not self.panel.takes(age):
            whom = f"under age {PEDIATRIC_UNDER}" if self.panel is Panel.PEDIATRIC else f"age {ADULT_FROM} and older"
            return f"This provider sees only patients {whom}. Choose another one in Provider Finder."
        return ""


@dataclass(frozen=True, slots=True)
class NearbyProvider:
    """A provider with the straight-line distance from where somebody asked.

    ``reported_on``: of the newest report of an error in the entry that is open (``domain.entry_report``).
    """

    provider: Provider
    tenth_miles: int
    reported_on: date | None = None


# With their apostrophes: "o'odham" is one word.
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SPECIALTIES = {specialty.casefold(): specialty for specialty in PRIMARY_CARE}


def name_language(written: str) -> str:
    """In one spelling, whichever case it is written in: "SPANISH" and "spanish" are "Spanish"."""
    return _WORD.sub(lambda word: word[0].capitalize(), written)


def find_specialty(written: str) -> str | None:
    """The specialty of primary care of this name, whichever case it is written in."""
    return _SPECIALTIES.get(written.casefold())


def panel_of(specialties: Iterable[str]) -> Panel | None:
    """The panel that the specialties give; None when none of them is primary care."""
    panels = {PRIMARY_CARE[specialty] for specialty in specialties if specialty in PRIMARY_CARE}
    if not panels:
        return None
    return panels.pop() if len(panels) == 1 else Panel.ANY

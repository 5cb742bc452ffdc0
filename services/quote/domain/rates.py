"""Domain: the rates of one plan in one rating area, by age or for a family as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from services.quote.domain.household import Household, Relationship
from services.quote.domain.plan import Rate, RateSource

# Rates end with "64 and over", in early filings with "65 and over": one slot a year up to here holds both.
LAST_RATED_AGE = 65
# "Three or more dependents" is the largest family that CMS's Rate PUF knows.
MOST_DEPENDENTS = 3


class FamilyTier(IntEnum):
    """The eight prices of a "Family Option" in CMS's Rate PUF; who is a dependent does not depend on age."""

    INDIVIDUAL = 0
    PRIMARY_AND_ONE = 1
    PRIMARY_AND_TWO = 2
    PRIMARY_AND_THREE = 3
    COUPLE = 4
    COUPLE_AND_ONE = 5
    COUPLE_AND_TWO = 6
    COUPLE_AND_THREE = 7

    @classmethod
    def from_household(cls, household: Household) -> FamilyTier:
        kinds = [member.relationship for member in household.members]
        couple = Relationship.SPOUSE in kinds
        dependents = min(len(kinds) - (2 if couple else 1), MOST_DEPENDENTS)
        return cls((cls.COUPLE if couple else cls.INDIVIDUAL) + dependents)

    @property
    def words(self) -> str:
        return _TIER_WORDS[self]


_TIER_WORDS = (
    "one person",
    "a primary applicant with one dependent",
    "a primary applicant with two dependents",
    "a primary applicant with three or more dependents",
    "a couple",
    "a couple with one dependent",
    "a couple with two dependents",
    "a couple with three or more dependents",
)


@dataclass(frozen=True, slots=True)
class FamilyRates:
    """Cents a month for a whole family by ``FamilyTier``; a tier that is missing was not filed."""

    cents: Mapping[FamilyTier, int]
    source: RateSource


@dataclass(frozen=True, slots=True)
class RateTable:
    """A slot for each age up to ``LAST_RATED_AGE``, None where unfiled; or family rates, and then no ages."""

    by_age: tuple[Rate | None, ...]
    rating_area: int
    family: FamilyRates | None = None

    @classmethod
    def from_bands(cls, bands: Sequence[tuple[int, int, Rate]], *, rating_area: int) -> RateTable:
        """From (first age, last age, rate) bands, ages inclusive."""
        slots: list[Rate | None] = [None] * (LAST_RATED_AGE + 1)
        for first, last, rate in bands:
            slots[first : last + 1] = [rate] * (min(last, LAST_RATED_AGE) - first + 1)
        return cls(tuple(slots), rating_area)

    @classmethod
    def from_family_rates(cls, family: FamilyRates, *, rating_area: int) -> RateTable:
        return cls((None,) * (LAST_RATED_AGE + 1), rating_area, family)

    def at(self, age: int) -> Rate | None:
        return self.by_age[min(age, LAST_RATED_AGE)]

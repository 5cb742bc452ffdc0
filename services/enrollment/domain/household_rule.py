"""Domain: what a rule pack says of ages within a household, and of whom a life event brings to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class JoiningPerson(StrEnum):
    """Whom a life event brings into the household."""

    NEWBORN = "newborn"
    MINOR = "minor"
    SPOUSE = "spouse"


@dataclass(frozen=True, slots=True)
class HouseholdRule:
    """Ages are completed years on the effective date."""

    # A child is covered until this birthday, or as long as disabled and dependent on the subscriber.
    child_until: int
    # By state: until when an unmarried veteran may stay, which the carrier's own desk enters.
    veteran_until: Mapping[str, int]
    # Nobody younger can be a spouse; who is younger than ``spouse_of_age`` married with a consent.
    spouse_from: int
    spouse_of_age: int
    # A child that is born less than so many years after the applicant is looked at again.
    parent_years: int
    # Who enters what the law allows and the form does not, within a sentence.
    exceptions_desk: str
    # A minor who joins by adoption or placement is younger on that day.
    minor_until: int
    # By kind of life event.
    joining: Mapping[str, JoiningPerson]

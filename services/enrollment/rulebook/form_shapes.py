"""Rulebook: how a pack writes down the form: texts, formats of numbers, categories, caps."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chassis.kernel import Money
from services.enrollment.domain.form_rules import Disclosure, IdentifierFormat, QsehraCap
from services.enrollment.domain.household_rule import HouseholdRule, JoiningPerson
from services.enrollment.rulebook.strict import Age, State, Strict, Words


class DisclosureShape(Strict):
    title: Words
    rule: Annotated[str, Field(pattern=r"^R\d+[ab]?$")]
    versions: tuple[Words, ...] = Field(min_length=1)
    states: tuple[State, ...] = ()

    def to_domain(self, kind: str) -> Disclosure:
        return Disclosure(kind=kind, **dict(self))


class IdentifierShape(Strict):
    name: Words
    label: Words
    digits: int | None = Field(None, gt=0)
    states: tuple[State, ...] = ()

    def to_domain(self) -> IdentifierFormat:
        return IdentifierFormat(**dict(self))


class CapShape(Strict):
    """Whole dollars a year."""

    self_only: int = Field(gt=0)
    family: int = Field(gt=0)

    def to_domain(self) -> QsehraCap:
        return QsehraCap(Money(self.self_only * 100), Money(self.family * 100))


class HouseholdShape(Strict):
    """Ages in completed years on the effective date."""

    child_until: Age
    veteran_until: dict[State, Age]
    spouse_from: Age
    spouse_of_age: Age
    parent_years: Age
    exceptions_desk: Words
    minor_until: Age
    joining: dict[str, JoiningPerson]

    def to_domain(self) -> HouseholdRule:
        return HouseholdRule(**dict(self))


class SchemeShape(Strict):
    scheme: Words
    languages: dict[str, Words] = Field(min_length=1)
    ethnicities: dict[str, Words]
    identities: dict[str, Words] = Field(min_length=1)

"""Rulebook: reads the rule packs beside the domain and validates them, so that a wrong pack stops the process."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.kernel import Money
from services.enrollment.domain.rule_pack import (
    LifeEventRule,
    OpenEnrollment,
    OpenEnrollmentStart,
    QsehraCap,
    RulePack,
    StartKind,
)
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.domain.texts import TextKind

PACKS = Path(__file__).parent / "domain" / "rules"
SCHEMES = PACKS / "identity"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Start(_Strict):
    selected_until: date
    effective_date: date


class _Window(_Strict):
    plan_year: int
    states: tuple[str, ...] = Field(min_length=1)
    first_day: date
    last_day: date
    starts: tuple[_Start, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _covers_its_days(self) -> _Window:
        until = [start.selected_until for start in self.starts]
        if self.first_day > self.last_day or until != sorted(until) or until[-1] != self.last_day:
            raise ValueError("starts have to be in order and to end with the window's last day")
        return self


class _LifeEvent(_Strict):
    label: str = Field(min_length=1)
    days_before: int = Field(ge=0)
    days_after: int = Field(ge=0)
    starts: tuple[StartKind, ...] = Field(min_length=1)


class _Cap(_Strict):
    """Whole dollars a year."""

    self_only: int = Field(gt=0)
    family: int = Field(gt=0)

    def to_domain(self) -> QsehraCap:
        return QsehraCap(Money(self.self_only * 100), Money(self.family * 100))


class _Scheme(_Strict):
    scheme: str = Field(min_length=1)
    languages: dict[str, str] = Field(min_length=1)
    ethnicities: dict[str, str]
    identities: dict[str, str] = Field(min_length=1)


class _Pack(_Strict):
    version: str = Field(min_length=1)
    valid_from: date
    expiry_days: int = Field(gt=0)
    first_payment_days: int = Field(gt=0)
    tobacco_age: int = Field(gt=0)
    medical_group_digits: dict[str, int]
    texts: dict[TextKind, Annotated[tuple[str, ...], Field(min_length=1)]]
    identity_schemes: tuple[str, ...] = Field(min_length=1)
    qsehra_caps: dict[int, _Cap] = Field(min_length=1)
    open_enrollment: tuple[_Window, ...] = Field(min_length=1)
    life_events: dict[str, _LifeEvent] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_every_text(self) -> _Pack:
        if missing := set(TextKind) - set(self.texts):
            raise ValueError(f"texts has no version of {', '.join(sorted(missing))}")
        return self

    def to_domain(self) -> RulePack:
        events = {kind: LifeEventRule(kind=kind, **dict(event)) for kind, event in self.life_events.items()}
        windows = tuple(
            OpenEnrollment(
                **(dict(window) | {"starts": tuple(OpenEnrollmentStart(**dict(start)) for start in window.starts)})
            )
            for window in self.open_enrollment
        )
        converted = {
            "life_events": events,
            "open_enrollment": windows,
            "identity_schemes": tuple(read_scheme(name) for name in self.identity_schemes),
            "qsehra_caps": {year: cap.to_domain() for year, cap in self.qsehra_caps.items()},
        }
        return RulePack(**(dict(self) | converted))


class Rulebook:
    """All rule packs; the older ones are kept for the applications that they judged."""

    def __init__(self, folder: Path = PACKS) -> None:
        self._folder = folder

    @cached_property
    def _packs(self) -> list[RulePack]:
        packs = sorted((read(path) for path in self._folder.glob("*.yaml")), key=lambda pack: pack.valid_from)
        if not packs or len({pack.version for pack in packs}) < len(packs):
            raise ValueError(f"{self._folder} has to hold rule packs, each with a version of its own")
        return packs

    def loaded(self) -> Rulebook:
        """Reads the packs now, so that a wrong one stops the process at its start."""
        assert self._packs
        return self

    def on(self, day: date) -> RulePack:
        """The pack for an application that is started on a day; before the first pack, the first."""
        return [pack for pack in self._packs if pack.valid_from <= day or pack is self._packs[0]][-1]

    def version(self, version: str) -> RulePack:
        return next(pack for pack in self._packs if pack.version == version)


def read(path: Path) -> RulePack:
    """Raises pydantic's ValidationError that names the wrong place of the file."""
    return _Pack.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).to_domain()


def read_scheme(name: str) -> IdentityScheme:
    """One set of categories of language, ethnicity and identity; a file has the name of its scheme."""
    text = (SCHEMES / f"{name}.yaml").read_text(encoding="utf-8")
    return IdentityScheme(**dict(_Scheme.model_validate(yaml.safe_load(text))))

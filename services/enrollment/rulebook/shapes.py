"""Rulebook: how a whole pack is written down, and what has to hold among its parts."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date

from pydantic import Field, model_validator

from chassis.kernel import get_markets
from services.enrollment.domain.enums import FormType, Relationship
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.domain.texts import TextKind
from services.enrollment.rulebook.form_shapes import CapShape, DisclosureShape, HouseholdShape, IdentifierShape
from services.enrollment.rulebook.period_shapes import (
    CarrierOptionShape,
    ExchangeShape,
    LifeEventShape,
    WindowShape,
    refuse_other_exchanges,
    refuse_overlaps,
    registered_exchanges,
)
from services.enrollment.rulebook.strict import DayCount, State, Strict, Words


class PackShape(Strict):
    version: str = Field(pattern=r"^\d{4}\.\d+(-[a-z0-9]+)?$")
    plan_year: int
    valid_from: date
    life_event_help: Words
    expiry_days: DayCount = Field(gt=0)
    first_payment_days: DayCount = Field(gt=0)
    proof_days: DayCount = Field(gt=0)
    tobacco_age: int = Field(gt=0)
    open_enrollment: tuple[WindowShape, ...] = Field(min_length=1)
    # Of the states that it names; the others' are in the market registry alone.
    exchanges: tuple[ExchangeShape, ...] = ()
    proofs: dict[str, Words]
    life_events: dict[str, LifeEventShape] = Field(min_length=1)
    carrier_options: dict[str, CarrierOptionShape] = Field(default_factory=dict)
    disclosures: dict[TextKind, DisclosureShape]
    coverage_replacement_hidden: dict[FormType, tuple[State, ...]]
    identifiers: tuple[IdentifierShape, ...]
    relationships: dict[Relationship, Words]
    household: HouseholdShape
    identity_schemes: tuple[str, ...] = Field(min_length=1)
    qsehra_caps: dict[int, CapShape] = Field(min_length=1)
    laid_over: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> PackShape:
        if not self.version.startswith(f"{self.plan_year}."):
            raise ValueError("the version begins with the plan year")
        refuse_overlaps(self.open_enrollment)
        _refuse_missing("disclosures", set(TextKind) - set(self.disclosures))
        _refuse_missing("relationships", set(Relationship) - {Relationship.SELF} - set(self.relationships))
        _refuse_missing("proofs", {p for event in self.life_events.values() for p in event.proofs} - set(self.proofs))
        _refuse_missing("life_events that household.joining names", set(self.household.joining) - set(self.life_events))
        every = get_markets().served_in(self.plan_year)
        windows = {state for w in self.open_enrollment if w.plan_year == self.plan_year for state in w.states}
        _refuse_missing("open_enrollment of the plan year", every - windows)
        refuse_other_exchanges(self.exchanges, self.plan_year)
        for name in ("writing_number", "pcp_id", "medical_group_id"):
            if not any(one.name == name and not one.states for one in self.identifiers):
                raise ValueError(f"identifiers has no {name} for all states")
        return self

    def to_domain(self, scheme: Callable[[str], IdentityScheme]) -> RulePack:
        """``scheme`` reads the set of categories of a name; what the carrier takes is in the life events by now."""
        converted = {
            "open_enrollment": tuple(one.to_domain() for one in self.open_enrollment),
            "exchanges": (*(one.to_domain() for one in self.exchanges), *registered_exchanges(self.exchanges)),
            "carrier_options": {name: one.to_domain(name) for name, one in self.carrier_options.items()},
            "life_events": {kind: one.to_domain(kind) for kind, one in self.life_events.items()},
            "disclosures": {kind: one.to_domain(kind) for kind, one in self.disclosures.items()},
            "identifiers": tuple(one.to_domain() for one in self.identifiers),
            "household": self.household.to_domain(),
            "identity_schemes": tuple(scheme(name) for name in self.identity_schemes),
            "qsehra_caps": {year: cap.to_domain() for year, cap in self.qsehra_caps.items()},
        }
        return RulePack(**(dict(self) | converted))


def _refuse_missing(where: str, missing: Set[str]) -> None:
    if missing:
        raise ValueError(f"{where}: nothing on {', '.join(sorted(missing))}")

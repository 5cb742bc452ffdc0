"""Rulebook: how a pack writes down open enrollment, exchanges and life events (rules.md 1 to 3)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from chassis.kernel import get_markets
from services.enrollment.domain.life_event_rule import CarrierOption, LifeEventRule, StartKind
from services.enrollment.domain.open_enrollment import OpenEnrollment, OpenEnrollmentStart, StateExchange
from services.enrollment.rulebook.strict import DayCount, State, Strict, Words


class _Start(Strict):
    selected_until: date
    effective_date: date


Sources = Annotated[tuple[Words, ...], Field(min_length=1)]


class WindowShape(Strict):
    plan_year: int
    states: tuple[State, ...] = Field(min_length=1)
    first_day: date
    last_day: date
    starts: tuple[_Start, ...] = Field(min_length=1)
    sources: Sources
    last_checked: date
    announced: bool = True

    @model_validator(mode="after")
    def _covers_its_days(self) -> WindowShape:
        until = [start.selected_until for start in self.starts]
        if self.first_day > self.last_day or until != sorted(until) or until[-1] != self.last_day:
            raise ValueError("starts have to be in order and to end with the window's last day")
        for start in self.starts:
            if start.effective_date.year != self.plan_year or start.effective_date <= start.selected_until:
                raise ValueError("coverage has to begin in the plan year, after plans are selected")
        return self

    def to_domain(self) -> OpenEnrollment:
        starts = tuple(OpenEnrollmentStart(**dict(start)) for start in self.starts)
        return OpenEnrollment(**(dict(self) | {"starts": starts}))


def refuse_overlaps(windows: tuple[WindowShape, ...]) -> None:
    """Raises ValueError when two windows of one state share a day."""
    for state in sorted({state for window in windows for state in window.states}):
        own = sorted((w for w in windows if state in w.states), key=lambda window: window.first_day)
        for before, after in pairwise(own):
            if after.first_day <= before.last_day:
                raise ValueError(f"open enrollment of {state} for {after.plan_year} overlaps the one before")


class ExchangeShape(Strict):
    state: State
    from_plan_year: int
    target: Literal["ISP", "SBE"]
    name: Words

    def to_domain(self) -> StateExchange:
        return StateExchange(**dict(self))


def refuse_other_exchanges(exchanges: tuple[ExchangeShape, ...], plan_year: int) -> None:
    """Raises ValueError where the market registry knows another exchange of the plan year than the pack."""
    for state in sorted(get_markets().served_in(plan_year)):
        own = [one for one in exchanges if one.state == state and one.from_plan_year <= plan_year]
        registered = get_markets()[state].find_exchange(plan_year)
        if not own and any(one.state == state for one in exchanges):
            raise ValueError(f"exchanges: nothing on {state} in {plan_year}")
        if not own or registered is None:
            continue
        last = max(own, key=lambda one: one.from_plan_year)
        if (last.target, last.name) != (registered.target, registered.name):
            raise ValueError(
                f"exchanges: {state} has {last.name} ({last.target}) in {plan_year}, but the market registry has "
                f"{registered.name} ({registered.target})"
            )


def registered_exchanges(exchanges: tuple[ExchangeShape, ...]) -> tuple[StateExchange, ...]:
    """The exchanges of the states that a pack does not name, from the market registry."""
    named = {one.state for one in exchanges}
    return tuple(
        StateExchange(state, one.from_plan_year, one.target.value, one.name)
        for state, market in get_markets().by_state.items()
        if state not in named
        for one in market.exchanges
    )


class LifeEventShape(Strict):
    label: Words
    date_hint: Words
    days_before: DayCount = 0
    days_after: DayCount = 0
    starts: tuple[StartKind, ...] = ()
    off_exchange: bool = True
    hint: str = ""
    prior_coverage: str = ""
    proofs: tuple[str, ...] = ()
    reason_code: str = Field("", pattern=r"^(\d{2})?$")
    sources: Sources

    @model_validator(mode="after")
    def _gives_a_date_or_a_hint(self) -> LifeEventShape:
        windowed = {"days_before", "days_after"} <= self.model_fields_set
        if self.off_exchange and not (windowed and self.starts and self.proofs):
            raise ValueError("an event that holds off-exchange says days_before, days_after, starts and proofs")
        if not self.off_exchange and (not self.hint or self.starts):
            raise ValueError("an event of the exchange alone gives a hint and no starts")
        return self

    def to_domain(self, kind: str) -> LifeEventRule:
        return LifeEventRule(kind=kind, **dict(self))


class CarrierOptionShape(Strict):
    taken: bool
    reason: Words
    events: tuple[Words, ...] = Field(min_length=1)
    # What the events say instead, where the option is taken; judged as a part of them.
    change: dict[str, Any] = Field(min_length=1)
    sources: Sources

    def to_domain(self, name: str) -> CarrierOption:
        return CarrierOption(name, self.taken, self.reason, self.events, self.sources)

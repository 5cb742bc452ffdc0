"""Domain: on which dates coverage may begin, and why not on others (R27-R34, rules.md 2 and 3)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.kernel import format_date, get_markets
from services.enrollment.domain.dates import months_due
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.life_event_rule import OVERLAPPING, LifeEventRule, start_of
from services.enrollment.domain.open_enrollment import OpenEnrollment
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent

OPEN_ENROLLMENT = "open_enrollment"


@dataclass(frozen=True, slots=True)
class DateOption:
    """A date on which coverage may begin. The window holds the days on which plans may be selected.

    ``overlaps``: it begins while somebody is still covered elsewhere, and has to be asked for.
    """

    effective_date: date
    rule: str
    explanation: str
    window_first_day: date
    window_last_day: date
    months_due: int
    life_event: str = ""
    life_event_date: date | None = None
    overlaps: bool = False
    # Those months with their amounts; empty while no plan is priced for this date.
    first_payment_months: tuple[MonthDue, ...] = ()


class DateRefusalReason(StrEnum):
    OUTSIDE_WINDOW = "outside_window"
    EXCHANGE_ONLY = "exchange_only"
    NOT_OFFERED = "not_offered"
    OPEN_ENROLLMENT_CLOSED = "open_enrollment_closed"


@dataclass(frozen=True, slots=True)
class DateRefusal:
    """Why a life event, or open enrollment, gives no date. ``place``: of the event in the step, None for the window."""

    reason: DateRefusalReason
    rule: str
    explanation: str
    window_first_day: date | None
    window_last_day: date | None
    life_event: str = ""
    life_event_date: date | None = None
    place: int | None = None

    @property
    def field(self) -> str:
        """Where in step 1 it is to be fixed."""
        if self.place is None:
            return "special_enrollment"
        part = "date" if self.reason is DateRefusalReason.OUTSIDE_WINDOW else "kind"
        return f"life_events[{self.place}].{part}"


@dataclass(frozen=True, slots=True)
class DateChoice:
    """What is wanted of the options, named as they name it; what is empty leaves it open."""

    date: datetime.date | None = None
    life_event: str = ""
    life_event_date: datetime.date | None = None

    @property
    def names_event(self) -> bool:
        return bool(self.life_event or self.life_event_date)

    def is_of(self, kind: str, happened: datetime.date | None) -> bool:
        """Whether a life event is the one that was named."""
        return self.life_event in ("", kind) and self.life_event_date in (None, happened)

    def takes(self, option: DateOption) -> bool:
        same_date = self.date in (None, option.effective_date)
        return same_date and self.is_of(option.life_event, option.life_event_date)


@dataclass(frozen=True, slots=True)
class EffectiveDates:
    """Earliest option first; those that overlap other coverage stand behind all others."""

    options: tuple[DateOption, ...]
    refused: tuple[DateRefusal, ...]

    @property
    def default(self) -> DateOption | None:
        return self.chosen(DateChoice())

    def chosen(self, choice: DateChoice) -> DateOption | None:
        """The first that fits."""
        return next((option for option in self.options if choice.takes(option)), None)


def effective_dates(general: GeneralStep, state: str, circumstances: Circumstances) -> EffectiveDates:
    """Every date that the answers of step 1 allow when plans are selected today."""
    offered = (_by_events if general.special_enrollment else _by_window)(general, state, circumstances)
    found = [_refuse_before_first_plan_year(one, general, state) for one in offered]
    options = sorted(
        (f for f in found if isinstance(f, DateOption)), key=lambda one: (one.overlaps, one.effective_date)
    )
    return EffectiveDates(tuple(options), tuple(f for f in found if isinstance(f, DateRefusal)))


def _refuse_before_first_plan_year(
    found: DateOption | DateRefusal, general: GeneralStep, state: str
) -> DateOption | DateRefusal:
    """A state that is new has no plans of the years before (docs/adr/0024)."""
    market = get_markets().find(state)
    if market is None or isinstance(found, DateRefusal) or found.effective_date.year >= market.first_plan_year:
        return found
    dated = [(event.kind, event.date) for event in general.life_events]
    key = (found.life_event, found.life_event_date)
    sentence = f"Coverage would begin on {format_date(found.effective_date)}. {market.served_from}"
    return DateRefusal(
        DateRefusalReason.NOT_OFFERED,
        found.rule,
        sentence,
        found.window_first_day,
        found.window_last_day,
        found.life_event,
        found.life_event_date,
        dated.index(key) if key in dated else None,
    )


def _by_window(_general: GeneralStep, state: str, c: Circumstances) -> Iterator[DateOption | DateRefusal]:
    today, pack = c.today, c.pack
    rule = pack.name_rule(OPEN_ENROLLMENT)
    if window := pack.window_on(state, today):
        day = window.effective_date(today)
        sentence = f"Open enrollment for {window.plan_year}: plans selected today begin on {format_date(day)}."
        sentence += _caution(window, state, c)
        yield DateOption(day, rule, sentence, window.first_day, window.last_day, months_due(day, today))
        return
    nearest = pack.nearest_window(state, today)
    first, last = (nearest.first_day, nearest.last_day) if nearest else (None, None)
    when = f"; it runs from {format_date(nearest.first_day)} to {format_date(nearest.last_day)}" if nearest else ""
    sentence = f"Open enrollment is not open today{when}. Add a life event."
    sentence += _caution(nearest, state, c) if nearest else ""
    yield DateRefusal(DateRefusalReason.OPEN_ENROLLMENT_CLOSED, rule, sentence, first, last)


def _caution(window: OpenEnrollment, state: str, c: Circumstances) -> str:
    """What a producer has to know before relying on days that nobody has announced."""
    if window.announced:
        return ""
    return (
        f" These days are the federal limits: {c.pack.exchange(state).name} had not announced its own when we last "
        f"checked, on {format_date(window.last_checked)}. Confirm the last day with the exchange."
    )


def _by_events(general: GeneralStep, state: str, c: Circumstances) -> Iterator[DateOption | DateRefusal]:
    for place, event in enumerate(general.life_events):
        rule = c.pack.life_events.get(event.kind)
        if rule is None:
            sentence = "This life event is not offered; choose another."
            yield _refusal(DateRefusalReason.NOT_OFFERED, place, event, c, sentence)
        elif not rule.off_exchange:
            hint = rule.hint.format(exchange=c.pack.exchange(state).name)
            yield _refusal(DateRefusalReason.EXCHANGE_ONLY, place, event, c, f"{rule.label}. {hint}")
        else:
            yield from _by_event(place, event, rule, state, c)


def _by_event(
    place: int, event: LifeEvent, rule: LifeEventRule, state: str, c: Circumstances
) -> Iterator[DateOption | DateRefusal]:
    name = c.pack.name_rule(rule.kind)
    first, last = event.date - timedelta(rule.days_before), event.date + timedelta(rule.days_after)
    if not first <= c.today <= last:
        sentence, reason = _outside(rule, state, c), DateRefusalReason.OUTSIDE_WINDOW
        yield DateRefusal(reason, name, sentence, first, last, event.kind, event.date, place)
        return
    # two kinds may give one day; the pack names the better reason first
    starts: dict[date, tuple[str, bool]] = {}
    for kind in rule.starts:
        if start := start_of(kind, event.date, c.today):
            day, why = start
            starts.setdefault(day, (why, kind in OVERLAPPING))
    for day, (why, overlaps) in starts.items():
        sentence = f"{rule.label}: coverage begins on {format_date(day)}, {why}."
        yield DateOption(day, name, sentence, first, last, months_due(day, c.today), event.kind, event.date, overlaps)


def _refusal(reason: DateRefusalReason, place: int, event: LifeEvent, c: Circumstances, sentence: str) -> DateRefusal:
    """Of an event that gives no date here on any day."""
    rule = c.pack.name_rule(event.kind)
    return DateRefusal(reason, rule, sentence, None, None, event.kind, event.date, place)


def _outside(rule: LifeEventRule, state: str, c: Circumstances) -> str:
    """Names the days that an event may have, since a person can compare those with the papers."""
    earliest, latest = c.today - timedelta(rule.days_after), c.today + timedelta(rule.days_before)
    window = c.pack.window_on(state, c.today)
    event = "add another life event"
    ways = f"{event}, or, up to {format_date(window.last_day)}, enroll in open enrollment" if window else f"or {event}"
    return (
        f"{rule.label}: for an application of {format_date(c.today)} the date of the event must be between "
        f"{format_date(earliest)} and {format_date(latest)}. Correct the date, {ways}."
    )

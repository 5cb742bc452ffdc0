"""What holds for every life event, every day and every pack."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import get_markets
from services.enrollment.domain.dates import first_of_next_month, months_due
from services.enrollment.domain.effective_dates import DateOption, DateRefusal, EffectiveDates, effective_dates
from services.enrollment.domain.life_event_rule import StartKind
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.rulebook import Rulebook

BOOK = Rulebook()
KINDS = sorted(BOOK.version("2026.1").life_events)
STATES = sorted(get_markets().states)
# Month ends, leap days and the turn of a year come up too seldom by themselves.
EDGES = [
    date(2024, 2, 29),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2026, 4, 30),
    date(2025, 3, 1),
]
DAYS = st.sampled_from(EDGES) | st.dates(date(2021, 11, 1), date(2028, 12, 31))
SHIFTS = st.sampled_from([-61, -60, -1, 0, 1, 60, 61, 90, 91]) | st.integers(-95, 95)


def judged(selected: date, *events: LifeEvent, state: str = "NM") -> EffectiveDates:
    return effective_dates(GeneralStep(life_events=events), state, Circumstances(selected, BOOK.on(selected)))


@given(kind=st.sampled_from(KINDS), event=DAYS, shift=SHIFTS, state=st.sampled_from(STATES))
def test_one_event_is_offered_or_refused_by_its_window_and_never_both(
    kind: str, event: date, shift: int, state: str
) -> None:
    selected = event + timedelta(shift)
    rule = BOOK.on(selected).life_events[kind]
    found = judged(selected, LifeEvent(kind, event), state=state)
    assert bool(found.options) == (rule.off_exchange and -rule.days_before <= shift <= rule.days_after)
    assert bool(found.options) != bool(found.refused)
    first, last = event - timedelta(rule.days_before), event + timedelta(rule.days_after)
    window = (first, last) if rule.off_exchange else (None, None)
    both: list[DateOption | DateRefusal] = [*found.options, *found.refused]
    for one in both:
        assert (one.window_first_day, one.window_last_day) == window
        assert one.rule == f"{kind}@{BOOK.on(selected).version}"


@given(kind=st.sampled_from(KINDS), event=DAYS, shift=SHIFTS)
def test_every_date_offered_is_one_that_the_life_event_rule_gives(kind: str, event: date, shift: int) -> None:
    selected = event + timedelta(shift)
    starts = BOOK.on(selected).life_events[kind].starts
    retroactive, overlapping = StartKind.DATE_OF_EVENT in starts, StartKind.FIRST_OF_EVENT_MONTH in starts
    for option in judged(selected, LifeEvent(kind, event)).options:
        day = option.effective_date
        assert day.day == 1 or (retroactive and day == event)
        assert day > selected or (retroactive and day == event)
        assert day >= event or (overlapping and day == event.replace(day=1) and selected < day)
        assert day <= first_of_next_month(max(selected, event))
        assert option.months_due == months_due(day, selected) >= 1
        assert option.months_due == 1 or day < selected


@given(
    events=st.lists(st.tuples(st.sampled_from(KINDS), SHIFTS), min_size=1, max_size=5, unique=True),
    selected=DAYS,
    order=st.randoms(use_true_random=False),
)
def test_several_events_give_what_each_gives_and_the_earliest_without_overlap_is_the_default(
    events: list[tuple[str, int]], selected: date, order: Random
) -> None:
    happened = [LifeEvent(kind, selected - timedelta(shift)) for kind, shift in events]
    found = judged(selected, *happened)
    alone = [judged(selected, event) for event in happened]
    assert _plain(found.options) == _plain(option for one in alone for option in one.options)
    assert len(found.refused) == sum(len(one.refused) for one in alone)
    assert list(found.options) == sorted(found.options, key=lambda option: (option.overlaps, option.effective_date))
    unforced = [option.effective_date for option in found.options if not option.overlaps]
    assert bool(found.default) == bool(found.options) == bool(unforced)
    assert not found.default or (found.default.effective_date, found.default.overlaps) == (min(unforced), False)
    assert found == judged(selected, *happened), "equal circumstances, equal answer"
    order.shuffle(happened)
    assert _plain(judged(selected, *happened).options) == _plain(found.options)
    attested = [replace(event, prior_coverage_attested=True) for event in happened]
    assert _plain(judged(selected, *attested).options) == _plain(found.options)


@given(day=DAYS, state=st.sampled_from(STATES))
def test_inside_open_enrollment_the_date_follows_the_window_and_outside_there_is_none(day: date, state: str) -> None:
    pack = BOOK.on(day)
    found = effective_dates(GeneralStep(special_enrollment=False), state, Circumstances(day, pack))
    window = pack.window_on(state, day)
    assert bool(found.options) == (window is not None) != bool(found.refused)
    for option in found.options:
        assert window and option.effective_date.year == window.plan_year
        assert option.effective_date.day == 1 and option.effective_date > day
        assert option.months_due == 1


@given(kind=st.sampled_from(KINDS), year=st.integers(2021, 2028))
def test_what_is_selected_in_december_begins_in_the_next_plan_year_or_on_the_day_of_the_event(
    kind: str, year: int
) -> None:
    eve = date(year, 12, 31)
    for option in judged(eve, LifeEvent(kind, eve)).options:
        assert option.effective_date in (eve, date(year + 1, 1, 1))


def _plain(options: Iterable[DateOption]) -> list[tuple[object, ...]]:
    """Without the order, which goes by the place of the event where dates are equal."""
    return sorted((o.effective_date, o.life_event, o.life_event_date, o.explanation) for o in options)

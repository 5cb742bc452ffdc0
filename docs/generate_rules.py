"""Writes the tables of docs/reference/rules.md from the rule packs: ``.venv/bin/python docs/generate_rules.py``.

A table stands between two comments that name it; the text around them is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from chassis.settings import load_markets
from services.enrollment.domain.life_event_rule import LifeEventRule, StartKind
from services.enrollment.domain.open_enrollment import OpenEnrollment
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.rulebook import Rulebook

TARGET = Path(__file__).parent / "reference" / "rules.md"
STARTS = {
    StartKind.DATE_OF_EVENT: "the day of the event",
    StartKind.FIRST_AFTER_SELECTION: "next first",
    StartKind.FIRST_AFTER_EVENT_OR_SELECTION: "chosen up to the loss: first of the month after it; later: next first",
    StartKind.FIRST_ON_OR_AFTER_EVENT_OR_SELECTION: "chosen before the start: first on or after it; later: next first",
    StartKind.FIRST_OF_EVENT_MONTH: "asked for before the month of a mid-month loss: the first of that month",
}


def packs_table(packs: list[RulePack]) -> Iterator[str]:
    yield "| pack | applications started from |"
    yield "|---|---|"
    for pack in packs:
        yield f"| {pack.version} | {pack.valid_from:%-d %b %Y} |"


def open_enrollment_table(packs: list[RulePack]) -> Iterator[str]:
    yield "| plan year | states | open | selected until: effective | announced | last checked | sources |"
    yield "|---|---|---|---|---|---|---|"
    for window in packs[-1].open_enrollment:
        days = f"{window.first_day:%-d %b %Y} - {window.last_day:%-d %b %Y}"
        announced = "yes" if window.announced else "no: federal limits"
        checked, sources = f"{window.last_checked:%-d %b %Y}", ", ".join(window.sources)
        states = ", ".join(window.states)
        yield f"| {window.plan_year} | {states} | {days} | {_starts(window)} | {announced} | {checked} | {sources} |"


def carrier_options_table(packs: list[RulePack]) -> Iterator[str]:
    yield "| option | events | taken | reason | sources |"
    yield "|---|---|---|---|---|"
    for name, option in packs[-1].carrier_options.items():
        events = ", ".join(f"`{kind}`" for kind in option.events)
        taken = "; ".join(_spans([(pack.plan_year, pack.carrier_options[name].taken) for pack in packs]))
        yield f"| `{name}` | {events} | {taken} | {option.reason} | {', '.join(option.sources)} |"


def _spans(years: list[tuple[int, bool]]) -> Iterator[str]:
    for taken, run in groupby(years, key=lambda pair: pair[1]):
        span = [year for year, _ in run]
        yield f"{'yes' if taken else 'no'} ({span[0]}-{span[-1]})"


def life_events_table(packs: list[RulePack]) -> Iterator[str]:
    """As the newest pack says; where older ones differ, a row for each."""
    yield "| event | kind | days before / after | effective | asks | 834 | sources |"
    yield "|---|---|---|---|---|---|---|"
    for kind in packs[-1].life_events:
        versions = [(pack.plan_year, pack.life_events[kind]) for pack in packs if kind in pack.life_events]
        runs = [(rule, [year for year, _ in run]) for rule, run in groupby(versions, key=lambda pair: pair[1])]
        for rule, years in runs:
            span = "" if len(runs) == 1 else f" ({years[0]}-{years[-1]})" if len(years) > 1 else f" ({years[0]})"
            yield _life_event(rule, span)


def _starts(window: OpenEnrollment) -> str:
    return "; ".join(f"{one.selected_until:%-d %b}: {one.effective_date:%-d %b}" for one in window.starts)


def _life_event(rule: LifeEventRule, span: str) -> str:
    window = f"{rule.days_before} / {rule.days_after}" if rule.off_exchange else "exchange only"
    effective = "; or ".join(STARTS[start] for start in rule.starts) or "a hint in place of a date"
    asks = "coverage in the 60 days before" if rule.prior_coverage else ""
    sources = ", ".join(rule.sources)
    return f"| {rule.label}{span} | `{rule.kind}` | {window} | {effective} | {asks} | {rule.reason_code} | {sources} |"


TABLES: dict[str, Callable[[list[RulePack]], Iterator[str]]] = {
    "rule packs": packs_table,
    "open enrollment": open_enrollment_table,
    "carrier options": carrier_options_table,
    "life events": life_events_table,
}


def render(page: str) -> str:
    """The page with its tables as the packs are now. Raises ValueError when the place of one is missing."""
    packs = Rulebook().packs
    for name, table in TABLES.items():
        place = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- end -->)", re.DOTALL)
        rows = "\n".join(table(packs))
        page, found = place.subn(rf"\1\n{rows}\n\n\2", page)
        if found != 1:
            raise ValueError(f"{TARGET.name} has no place, or two, for the table of {name}")
    return page


def main(target: Path = TARGET) -> None:
    load_markets()  # the packs are checked against the states that are served
    target.write_text(render(target.read_text()))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

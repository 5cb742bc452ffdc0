"""Rulebook: what a carrier may do or leave, worked into the life events before they are judged (rules.md 1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.enrollment.rulebook.files import BadRulePack

Written = dict[str, Any]


def apply_carrier_options(whole: Written) -> Written:
    """The pack as it is written, with each option as ``takes`` says, or else the part, and its change in the events.

    Raises BadRulePack for a switch or an event that there is not. What is no mapping is left to the validation.
    """
    takes = whole.pop("takes", {})
    options, events = whole.get("carrier_options", {}), whole.get("life_events", {})
    if not all(isinstance(one, dict) for one in (takes, options, events, *_entries(options), *_entries(events))):
        return whole
    _refuse_unknown("takes", takes, options)
    settled = {name: {**option, "taken": takes.get(name, option.get("taken"))} for name, option in options.items()}
    changed = dict(events)
    for name, option in settled.items():
        kinds, change = option.get("events"), option.get("change")
        if isinstance(kinds, list) and isinstance(change, dict):
            _refuse_unknown(f"carrier_options.{name}.events", kinds, events)
            changed |= {kind: {**changed[kind], **change} for kind in kinds if option["taken"] is True}
    return {**whole, "carrier_options": settled, "life_events": changed}


def _entries(mapping: Any) -> list[Any]:
    return list(mapping.values()) if isinstance(mapping, dict) else []


def _refuse_unknown(where: str, named: Iterable[Any], known: Written) -> None:
    if unknown := sorted(str(name) for name in named if name not in known):
        raise BadRulePack(f"{where}: there is no {', '.join(unknown)}; there are {', '.join(known)}")

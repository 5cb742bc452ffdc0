"""What becomes of a form whose application was saved elsewhere meanwhile: in another tab, or by another person.

Three readings of each field decide it: what the page showed (base), what was typed, and what is stored now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

# A page with the fields of a household of twenty has about 10 kB of them.
_BASE_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class EditConflict:
    """A field that both changed, to different values; nothing decides between them but a person."""

    field: str
    typed: str
    saved: str


@dataclass(frozen=True, slots=True)
class MergeResult:
    """``values`` has what only one of the two changed; of a conflict, what was typed.

    ``taken``: the page's fields that only the other side changed. Whoever looked at the page has to be told of them.
    """

    values: dict[str, str]
    conflicts: tuple[EditConflict, ...]
    taken: tuple[str, ...]


def merge_values(base: Mapping[str, str], typed: Mapping[str, str], saved: Mapping[str, str]) -> MergeResult:
    """Bring together what was typed on a page and what was saved since the page was made.

    Only the page's own fields count, those of ``typed``; whatever else was saved stays as it is.
    """
    values: dict[str, str] = {}
    conflicts, taken = [], []
    for field, mine in typed.items():
        theirs, shown = saved.get(field, ""), base.get(field, "")
        values[field] = theirs if mine == shown else mine
        if mine not in (shown, theirs) and theirs != shown:
            conflicts.append(EditConflict(field, mine, theirs))
        if mine == shown != theirs and field in saved:
            taken.append(field)
    return MergeResult(values, tuple(conflicts), tuple(taken))


def write_base(values: Mapping[str, str]) -> str:
    """For the hidden field with which a page remembers what it showed."""
    return json.dumps(dict(values), separators=(",", ":"))


def read_base(text: str) -> dict[str, str]:
    """Empty for what no page of ours made: everything then counts as typed."""
    try:
        found = json.loads(text[:_BASE_LIMIT])
    except (ValueError, RecursionError):  # the second: nested deeper than anything of ours
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}

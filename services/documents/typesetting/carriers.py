"""Whose letterhead an application carries: configuration by state (R112). A name and a colour, no logo (R6)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CARRIERS = Path(__file__).parent / "carriers.json"
# R2.
STATES = ("IL", "MT", "NM", "OK", "TX")


@dataclass(frozen=True, slots=True)
class Carrier:
    """``color``: "#rrggbb", dark enough to be read on white."""

    name: str
    color: str


def read_carriers(path: Path = CARRIERS) -> Mapping[str, Carrier]:
    """Carriers by state; ends the process with a sentence when the file is not what it should be."""
    try:
        carriers = {state: Carrier(**fields) for state, fields in json.loads(path.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise SystemExit(
            f'{path.name} has to be JSON of the form {{"IL": {{"name": "...", "color": "#1d4f76"}}}}.'
        ) from None
    if missing := [state for state in STATES if state not in carriers]:
        raise SystemExit(f"{path.name} lacks the carrier of {', '.join(missing)}.")
    for state, carrier in carriers.items():
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", carrier.color):
            raise SystemExit(f"{path.name}: the color of {state} has to be of the form #1d4f76.")
    return carriers

"""Whose letterhead an application carries: configuration by state (R112). A name and a colour, no logo (R6)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chassis.kernel import get_markets


@dataclass(frozen=True, slots=True)
class CarrierBranding:
    """``color``: "#rrggbb", dark enough to be read on white."""

    name: str
    color: str


def read_carriers(path: Path | None = None) -> Mapping[str, CarrierBranding]:
    """Carriers by state: those of the markets, or of a file in their place.

    Ends the process with a sentence when the file is not what it should be.
    """
    if path is None:
        own = {state: market.carrier for state, market in get_markets().by_state.items()}
        return {state: CarrierBranding(carrier.name, carrier.color) for state, carrier in own.items()}
    try:
        carriers = {state: CarrierBranding(**fields) for state, fields in json.loads(path.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        example = f'{{"{get_markets().home.state}": {{"name": "...", "color": "#1d4f76"}}}}'
        raise SystemExit(f"{path.name} has to be JSON of the form {example}.") from None
    if missing := [state for state in get_markets().states if state not in carriers]:
        raise SystemExit(f"{path.name} lacks the carrier of {', '.join(missing)}.")
    for state, carrier in carriers.items():
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", carrier.color):
            raise SystemExit(f"{path.name}: the color of {state} has to be of the form #1d4f76.")
    return carriers

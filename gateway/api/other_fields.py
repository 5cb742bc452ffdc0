"""Fields that an address does not take, where no proto describes its JSON body."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from chassis.kernel import Problem


def refuse_other_fields(data: Mapping[str, Any], known: Collection[str]) -> list[Problem]:
    """A refusal for each. None names its field: whatever stands there may be somebody's data in the wrong place."""
    return [
        Problem("", "This field is not recognized. Check the spelling or leave it out.")
        for _ in data.keys() - set(known)
    ]

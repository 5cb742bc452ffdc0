"""Domain: the record that somebody agreed to a text (R40, R41, R50, R51, R65, R74, R77, R82)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.enrollment.domain.texts import TextKind


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``recorded_by``: sign-in name of the person who saved the answer, ``on_behalf_of`` for which writing number.

    ``recorded_by_name`` is that person's name as it was then.
    """

    kind: TextKind
    version: str
    accepted_at: datetime
    recorded_by: str
    on_behalf_of: str
    person_id: str = ""
    recorded_by_name: str = ""

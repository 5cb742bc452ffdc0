"""Domain: a thing to look at again, which stops nothing."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.enums import Step


@dataclass(frozen=True, slots=True)
class Notice:
    """``field`` is a dotted path within the step; ``rule`` the requirement or rule behind it."""

    step: Step
    field: str
    message: str
    rule: str

"""Why a form was refused, for the error summary of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.kernel import Problem


@dataclass(frozen=True, slots=True)
class FormRefusal:
    """Sentences by field, and one that is about none."""

    message: str
    problems: Sequence[Problem] = field(default=())

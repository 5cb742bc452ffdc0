"""Domain: something that submission would refuse, or did refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.kernel import Problem
from services.enrollment.domain.enums import FailureClass, Step


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """``field`` is a dotted path within the step."""

    step: Step
    field: str
    message: str
    rule: str = ""
    failure_class: FailureClass = FailureClass.FIXABLE

    @classmethod
    def of(cls, step: Step, problems: Iterable[Problem]) -> list[ValidationIssue]:
        return [cls(step, problem.field, problem.message, problem.rule) for problem in problems]

    @property
    def problem(self) -> Problem:
        """As an error names it: the step stands before the field."""
        return Problem(f"{self.step}.{self.field}" if self.field else str(self.step), self.message, self.rule)

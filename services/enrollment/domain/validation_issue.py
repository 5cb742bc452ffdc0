"""Domain: something that submission would refuse, or did refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.kernel import Problem
from services.enrollment.domain.enums import FailureClass, Step


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """``field`` is a dotted path within the step.

    Without a step it is a part of the application that no step asks for, such as the client's review.
    """

    step: Step | None
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
        path = ".".join(filter(None, (self.step, self.field)))
        return Problem(path, self.message, self.rule)

    @property
    def place(self) -> int:
        """Of its step among the others; what belongs to no step comes last."""
        return list(Step).index(self.step) if self.step else len(Step)

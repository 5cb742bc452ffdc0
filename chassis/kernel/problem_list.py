"""Collects what is wrong with a request, so that a person is told all of it in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from chassis.kernel.errors import InvalidInput, Problem


class ProblemList:
    """A field is named once, by the check that found something wrong with it first; ``close`` raises all.

    ``summary``: the refusal in one sentence; who saves something says that nothing was.
    """

    SUMMARY = "Some fields need to be corrected."

    def __init__(self, found: Iterable[Problem] = (), summary: str = SUMMARY) -> None:
        self.summary = summary
        self._by_field: dict[str, Problem] = {}
        self._refusal: InvalidInput | None = None
        self.add(found)

    @property
    def found(self) -> tuple[Problem, ...]:
        return tuple(self._by_field.values())

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._by_field.setdefault(problem.field, problem)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Keep what is refused inside, and go on after it."""
        try:
            yield
        except InvalidInput as refusal:
            self._refusal = None if self._by_field else refusal
            self.add(refusal.problems or (Problem("", refusal.message),))

    def refusal(self) -> InvalidInput:
        """With everything that was found; what one check alone refused, as that check did."""
        if self._refusal and self._refusal.problems == self.found:
            return self._refusal
        return InvalidInput(self.summary, problems=self.found)

    def close(self) -> None:
        if self._by_field:
            raise self.refusal()

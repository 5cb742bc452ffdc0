"""The function of a mapper, written out as source once, when the mapper is built: it then costs what one costs that is
written by hand. A traceback shows its lines.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class FunctionSource:
    """Collects what a function is made of. ``title`` is in tracebacks in place of its file."""

    def __init__(self, title: str) -> None:
        self._file = f"<{title}>"
        self._values: dict[str, object] = {}

    def name(self, value: object) -> str:
        """The name by which the source can use the value."""
        name = f"_{len(self._values)}"
        self._values[name] = value
        return name

    def compile(
        self, parameters: Sequence[str], keywords: Sequence[str], result: object, fields: Mapping[str, str]
    ) -> Callable[..., Any]:
        """A function that calls ``result`` with keywords of its own, ``fields``: each with the expression of its value.
        ``keywords``: those that every call of the function has to give.
        """
        head = ", ".join([*parameters, *(["*", *keywords] if keywords else [])])
        arguments = "".join(f"        {name}={expression},\n" for name, expression in fields.items())
        source = f"def convert({head}):\n    return {self.name(result)}(\n{arguments}    )\n"
        exec(compile(source, self._file, "exec"), self._values)  # noqa: S102  # names of fields, and our own expressions
        linecache.cache[self._file] = (len(source), None, source.splitlines(keepends=True), self._file)
        function: Callable[..., Any] = self._values["convert"]  # type: ignore[assignment]  # what was just executed
        return function

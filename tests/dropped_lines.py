"""Takes one line out of a module's functions, for controls: a test that would not notice that proves nothing."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest


def drop_line(module: ModuleType, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the module's source without the line, and put its functions in place of the whole ones."""
    source = inspect.getsource(module)
    assert source.count(f"{line}\n") == 1, "the line does not stand there, or more than once"
    thinner: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source.replace(f"{line}\n", ""), str(module.__file__), "exec"), thinner)  # noqa: S102  # our own source
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            monkeypatch.setattr(module, name, thinner[name])

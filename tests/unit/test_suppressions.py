"""Whatever silences a tool says why, on the same line: `# noqa: S105  # the name of a key`."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "chassis", "deploy", "docs", "gateway", "portal", "services", "tests")
# Of mypy, ruff and coverage: a word of the tool, its codes, and nothing else on the line.
SUPPRESSION = re.compile(r"#\s*(type:\s*ignore|noqa|fmt:|pragma:)")
REASON = re.compile(r"#\s*(type:\s*ignore|noqa|fmt:|pragma:)[^#]*#\s*\w+")


def find_unexplained(code: str) -> Iterator[int]:
    """Lines that silence a tool and give no reason."""
    for token in tokenize.generate_tokens(StringIO(code).readline):
        if token.type == tokenize.COMMENT and SUPPRESSION.match(token.string) and not REASON.match(token.string):
            yield token.start[0]


def test_whatever_silences_a_tool_says_why() -> None:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {str(path): lines for path in paths if (lines := list(find_unexplained(path.read_text())))}
    assert found == {}


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("a = 1  # noqa: S105", False),
        ("a = b  # type: ignore[arg-type]", False),
        (")  # fmt: skip", False),
        ("a = 1  # noqa: S105  # the name of a key", True),
        ("a = '# noqa'", True),
    ],
)
def test_one_without_a_reason_is_found(line: str, explained: bool) -> None:
    """The control."""
    code = f"a = (\n{line}\n" if line.startswith(")") else f"{line}\n"
    assert bool(list(find_unexplained(code))) is not explained

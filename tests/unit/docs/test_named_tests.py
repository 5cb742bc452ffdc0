"""Every test that a document names by ``path::name`` exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GUARANTEES = ROOT / "docs/explanation/guarantees.md"
PAGES = [GUARANTEES, ROOT / "docs/asvs.md"]
NAMED = re.compile(r"`(tests/[\w./-]+)::(\w+)`")


@cache
def list_tests(path: Path) -> frozenset[str]:
    """The test functions of a file, those of classes included; none for a file that does not exist."""
    if not path.is_file():
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = (node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, functions))
    return frozenset(name for name in found if name.startswith("test_"))


def find_missing_tests(page: str) -> Iterator[str]:
    for path, name in NAMED.findall(page):
        if name not in list_tests(ROOT / path):
            yield f"{path}::{name}"


def find_rows_without_tests(page: str) -> Iterator[str]:
    """Of the tables of promises: rows whose third cell names no test."""
    for row in re.findall(r"^\| (.*)\|$", page.partition("## Not yet")[0], re.MULTILINE):
        promise, _not_promised, tests, _figure = (cell.strip() for cell in row.split("|"))
        if promise != "promise" and not NAMED.search(tests):
            yield promise


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    assert NAMED.search(text), "the page names no test: the pattern is wrong"
    assert "::" not in NAMED.sub("", text), "a test is named in a way that nobody checks"
    assert list(find_missing_tests(text)) == []


def test_every_promise_names_a_test() -> None:
    assert list(find_rows_without_tests(GUARANTEES.read_text())) == []


def test_an_invented_name_and_a_promise_without_a_test_are_found() -> None:
    """The control: a name of another file, a file that does not exist, and one that is no test."""
    here = "tests/unit/docs/test_named_tests.py"
    page = f"""
| promise | what is not promised | test | last figure |
| Kept | | `{here}::test_every_promise_names_a_test` | |
| Empty | | | |
| Invented | `{here}::find_missing_tests` | `{here}::test_gone` | `tests/gone.py::test_gone` |
"""
    assert list(find_rows_without_tests(page)) == ["Empty"]
    assert list(find_missing_tests(page)) == [
        f"{here}::find_missing_tests",
        f"{here}::test_gone",
        "tests/gone.py::test_gone",
    ]

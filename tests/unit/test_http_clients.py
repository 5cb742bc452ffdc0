"""HTTP clients of the suite follow no redirect: an answer of another system never decides who is asked next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("chassis", "services", "gateway", "portal")


def find_followers(tree: ast.AST) -> Iterator[int]:
    """Lines of calls that would follow one. Nothing but httpx is used, and it follows none by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "follow_redirects" and ast.unparse(node.value) != "False":
            yield node.value.lineno
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(one.name for one in node.names)]
            if any(name.partition(".")[0] in ("requests", "aiohttp") or name == "urllib.request" for name in names):
                yield node.lineno


def test_no_client_follows_a_redirect() -> None:
    paths = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]
    found = {str(path): lines for path in paths if (lines := list(find_followers(ast.parse(path.read_text()))))}
    assert found == {}


@pytest.mark.parametrize("code", ["httpx.Client(follow_redirects=True)", "import requests", "import urllib.request"])
def test_a_client_that_does_is_found(code: str) -> None:
    """The control."""
    assert list(find_followers(ast.parse(code)))

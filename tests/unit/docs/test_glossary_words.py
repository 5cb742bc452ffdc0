"""The names of modules and classes are made of ordinary words and of words that the glossary explains.

``ordinary_words.txt`` holds English and Python vocabulary. A word of the trade belongs into the glossary, with its
meaning, its place and its synonyms; a word of one's own is renamed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("chassis", "services", "gateway", "portal", "deploy", "benchmarks")
ORDINARY = Path(__file__).with_name("ordinary_words.txt").read_text().split()
_TERMS = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/reference/glossary.md").read_text(), re.MULTILINE)
GLOSSARY = {word for term in _TERMS for word in re.findall(r"[a-z0-9]+", term.lower())}
# Ending and what may stand in its place: "assigned" is covered by "assign", "priced" by "price".
_INFLECTIONS = (("s", ""), ("es", ""), ("ies", "y"), ("d", ""), ("ed", ""), ("ied", "y"), ("ing", ""), ("ing", "e"))


def split_name(name: str) -> list[str]:
    """``PcpOffice`` and ``pcp_office``: pcp, office."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return [word.lower() for word in re.split(r"[_\d]+", spaced) if word]


def base_forms(word: str) -> set[str]:
    return {word} | {word.removesuffix(end) + base for end, base in _INFLECTIONS if word.endswith(end)}


def unknown_words(name: str) -> list[str]:
    known = GLOSSARY.union(ORDINARY)
    return [word for word in split_name(name) if not base_forms(word) & known]


def public_names() -> Iterator[str]:
    for path in (path for folder in FOLDERS for path in ROOT.glob(f"{folder}/**/*.py")):
        if "migrations" not in path.parts:
            yield from (part for part in path.relative_to(ROOT).with_suffix("").parts if not part.startswith("_"))
            tree = ast.parse(path.read_text())
            yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name[0] != "_")


NAMES = sorted(set(public_names()))


def test_every_word_of_a_public_name_is_ordinary_or_in_the_glossary() -> None:
    found = {name: unknown for name in NAMES if (unknown := unknown_words(name))}
    assert found == {}, "explain a word of the trade in docs/reference/glossary.md; rename a word of your own"


@pytest.mark.parametrize("name", ["Ladder", "ApplicationDesk", "shelf", "find_in_drawer"])
def test_a_private_metaphor_is_refused(name: str) -> None:
    assert unknown_words(name) == split_name(name)[-1:]


def test_the_list_of_ordinary_words_is_sorted_and_has_no_stale_entry() -> None:
    assert sorted(set(ORDINARY)) == ORDINARY
    used = {form for name in NAMES for word in split_name(name) for form in base_forms(word)}
    assert [word for word in ORDINARY if word not in used] == []
    assert [word for word in ORDINARY if word in GLOSSARY] == []

"""The folder that an operator lays over the shipped legal texts: checked whole before anything is printed from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from chassis.kernel import get_markets
from services.documents.domain.legal_text import SPANISH
from services.documents.typesetting.legal_texts import ALL_STATES, TEXTS, LegalTexts, parse_text

_NAME = re.compile(rf"(?P<version>\d+(?:\.\d+)*)\.(?P<scope>[A-Za-z]+)(?P<spanish>\.{SPANISH})?\.md")


def read_texts(laid_over: Path | None = None) -> LegalTexts:
    """The shipped texts under those of the folder.

    Ends the process with a sentence for each file that would not be read, or not as it is meant.
    """
    if laid_over is None:
        return LegalTexts()
    if not laid_over.is_dir():
        raise SystemExit(f"DOCUMENTS_TEXTS: there is no folder {laid_over}.")
    if wrong := [*_find_mistakes(laid_over)]:
        raise SystemExit("\n".join(f"DOCUMENTS_TEXTS, {mistake}" for mistake in wrong))
    return LegalTexts(laid_over=laid_over)


def _find_mistakes(folder: Path) -> Iterator[str]:
    kinds = sorted(path.name for path in TEXTS.iterdir() if path.is_dir())
    # what Kubernetes keeps of a mounted ConfigMap begins with a dot
    for path in sorted(one for one in folder.rglob("*") if not any(p.startswith(".") for p in one.parts[-2:])):
        if path.is_dir():
            continue
        place = path.relative_to(folder)
        if len(place.parts) == 1 and path.name == "README.md":
            continue
        if len(place.parts) != 2 or place.parts[0] not in kinds:
            yield f"{place}: put it into a folder with the name of a text: {', '.join(kinds)}."
        elif mistake := _find_mistake(path):
            yield f"{place}: {mistake}"


def _find_mistake(path: Path) -> str:
    """What is wrong with one file of the right folder; empty when nothing is."""
    states = get_markets().states
    named = _NAME.fullmatch(path.name)
    if named is None or named["scope"] not in (ALL_STATES, *states):
        scopes = ", ".join((ALL_STATES, *states))
        return f"name it VERSION.STATE.md or VERSION.STATE.es.md, as in 2026.1.all.md; STATE is one of {scopes}."
    other = f"{named['version']}.{named['scope']}{'' if named['spanish'] else f'.{SPANISH}'}.md"
    if not path.with_name(other).is_file():
        return f"there is no {other} beside it; a text is kept in English and in Spanish."
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "it cannot be read as UTF-8."
    if not text.lstrip().startswith("# ") or not parse_text(text)[1]:
        return "begin it with a line '# Title', and put the text below it."
    return ""

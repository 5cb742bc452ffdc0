"""The versioned legal texts of ``services/documents/texts`` (its README says how they are written).

An operator may lay a folder over them; it is read once at start, and a mistake in it stops the process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from services.documents.domain.legal_text import ENGLISH, LegalText, TextBlock
from services.documents.typesetting.carriers import CarrierBranding

TEXTS = Path(__file__).parents[1] / "texts"
ALL_STATES = "all"


class LegalTexts:
    """``laid_over``: the carrier's own wording, which goes before the shipped one of the same version and language."""

    def __init__(self, folder: Path = TEXTS, laid_over: Path | None = None) -> None:
        self._folder = folder
        self._laid_over = laid_over

    def find_text(self, name: str, state: str, version: str, carrier: str, language: str = ENGLISH) -> LegalText | None:
        """The text in that version, or in the newest one if the version is empty; None when it is not kept here."""
        found = self._files(name, state, language)
        chosen = version or max(found, key=_order, default="")
        if chosen not in found:
            return None
        path = found[chosen]
        title, blocks = parse_text(path.read_text(encoding="utf-8").replace("{carrier}", carrier))
        return LegalText(title, chosen, blocks, language, sample=self._folder in path.parents)

    def list_versions(self, name: str, state: str) -> list[str]:
        """Newest last."""
        return sorted(self._files(name, state, ENGLISH), key=_order)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(folder.name for folder in self._folder.iterdir() if folder.is_dir())

    def _files(self, name: str, state: str, language: str) -> dict[str, Path]:
        """Version -> file; the state's own file goes before the one for all. English stands in names without a word."""
        found: dict[str, Path] = {}
        for folder in filter(None, (self._folder, self._laid_over)):
            for scope in (ALL_STATES, state):
                ending = f".{scope}.md" if language == ENGLISH else f".{scope}.{language}.md"
                for path in (folder / name).glob(f"*{ending}"):
                    found[path.name.removesuffix(ending)] = path
        return found


class CarrierTexts:
    """The port ``usecases.get_text.Texts``: the texts in the name of each state's carrier."""

    def __init__(self, texts: LegalTexts, carriers: Mapping[str, CarrierBranding]) -> None:
        self._texts = texts
        self._carriers = carriers

    def find_text(self, kind: str, state: str, version: str, language: str = ENGLISH) -> LegalText | None:
        # the kind becomes part of a path: only names that are there go on
        if kind not in self._texts.names or state not in self._carriers:
            return None
        return self._texts.find_text(kind, state, version, self._carriers[state].name, language)

    def list_versions(self, kind: str, state: str) -> list[str]:
        return self._texts.list_versions(kind, state)


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def parse_text(text: str) -> tuple[str, tuple[TextBlock, ...]]:
    """Title and blocks."""
    title, *lines = [line.strip() for line in text.splitlines() if line.strip()]
    return title.removeprefix("# "), tuple(_block(line) for line in lines)


def _block(line: str) -> TextBlock:
    if line.startswith("## "):
        return TextBlock("heading", line.removeprefix("## "))
    if line.startswith("- "):
        return TextBlock("item", line.removeprefix("- "))
    return TextBlock("paragraph", line)

"""The versioned legal texts of ``services/documents/texts`` (its README says how they are written)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "texts"
ALL_STATES = "all"


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: "heading", "paragraph" or "item"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LegalText:
    title: str
    version: str
    blocks: tuple[Block, ...]


class LegalTexts:
    def __init__(self, folder: Path = TEXTS) -> None:
        self._folder = folder

    def find(self, name: str, state: str, version: str, carrier: str) -> LegalText | None:
        """The text in that version, or in the newest one if the version is empty; None when it is not kept here."""
        found = self._files(name, state)
        chosen = version or max(found, key=_order, default="")
        if chosen not in found:
            return None
        return _parse(found[chosen].read_text().replace("{carrier}", carrier), chosen)

    def _files(self, name: str, state: str) -> dict[str, Path]:
        """Version -> file; the state's own file goes before the one for all."""
        found: dict[str, Path] = {}
        for scope in (ALL_STATES, state):
            for path in (self._folder / name).glob(f"*.{scope}.md"):
                found[path.name.removesuffix(f".{scope}.md")] = path
        return found


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _parse(text: str, version: str) -> LegalText:
    title, *lines = [line.strip() for line in text.splitlines() if line.strip()]
    return LegalText(title.removeprefix("# "), version, tuple(_block(line) for line in lines))


def _block(line: str) -> Block:
    if line.startswith("## "):
        return Block("heading", line.removeprefix("## "))
    if line.startswith("- "):
        return Block("item", line.removeprefix("- "))
    return Block("paragraph", line)

"""A versioned text that is shown, agreed to and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ENGLISH, SPANISH = LANGUAGES = ("en", "es")
# The shipped texts are ours; a carrier lays its own over them.
SAMPLE_NOTICE = {ENGLISH: "Sample wording, not legal text", SPANISH: "Texto de muestra, no es un texto legal"}


@dataclass(frozen=True, slots=True)
class TextBlock:
    """``kind``: "heading", "paragraph" or "item"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LegalText:
    title: str
    version: str
    blocks: tuple[TextBlock, ...]
    language: str = ENGLISH
    sample: bool = True

    @property
    def sample_notice(self) -> str:
        """Has to be shown with the text; empty for a carrier's own."""
        return SAMPLE_NOTICE[self.language] if self.sample else ""

    def sections(self) -> Iterator[tuple[str, list[TextBlock]]]:
        """A heading, empty before the first one, and what is under it."""
        heading, held = "", list[TextBlock]()
        for block in self.blocks:
            if block.kind != "heading":
                held.append(block)
                continue
            if heading or held:
                yield heading, held
            heading, held = block.text, []
        if heading or held:
            yield heading, held

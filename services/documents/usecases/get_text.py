"""Use case: show a text before it is agreed to (R40, R51, R65, R74, R77, R82)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chassis.kernel import NotFound
from services.documents.domain.legal_text import ENGLISH, LegalText


class Texts(Protocol):
    def find_text(self, kind: str, state: str, version: str, language: str) -> LegalText | None:
        """In that version, or in the newest one for an empty version."""
        ...


@dataclass(frozen=True, slots=True)
class GetText:
    """Raises NotFound for a kind, state, version or language that is not kept; another one is never given instead."""

    texts: Texts

    def __call__(self, kind: str, state: str, version: str, language: str = ENGLISH) -> LegalText:
        found = self.texts.find_text(kind, state, version, language)
        if found is None:
            raise NotFound("No text of this kind and version is available for the state.")
        return found

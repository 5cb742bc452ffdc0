"""Use case: show a text before it is agreed to (R40, R51, R65, R74, R77, R82)."""

from __future__ import annotations

from typing import Protocol

from chassis.kernel import NotFound
from services.documents.domain.legal_text import LegalText


class Texts(Protocol):
    def find(self, kind: str, state: str, version: str) -> LegalText | None:
        """In that version, or in the newest one for an empty version."""
        ...


class ReadText:
    """Raises NotFound for a kind, state or version that is not kept; another version is never given instead."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(self, kind: str, state: str, version: str) -> LegalText:
        found = self._texts.find(kind, state, version)
        if found is None:
            raise NotFound("There is no text of this kind in this version for the state.")
        return found

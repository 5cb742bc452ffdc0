"""Use case: hold the texts that are kept against the versions that the rule packs name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from services.documents.domain.legal_text import LANGUAGES, LegalText


class KeptTexts(Protocol):
    def find_text(self, kind: str, state: str, version: str, language: str) -> LegalText | None: ...

    def list_versions(self, kind: str, state: str) -> Sequence[str]:
        """Newest last."""
        ...


class TextVersions(Protocol):
    def get_versions(self, state: str) -> Mapping[str, Sequence[str]]:
        """Kind of text -> the versions that may be agreed to in the state now; Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class TextFaults:
    """``missing`` ("terms 2027.1 IL es"): it can neither be shown nor printed. ``unused``: newer than any version that
    is named, so nobody will see it yet.
    """

    missing: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckTexts:
    """Raises Unavailable while the rules cannot be had."""

    texts: KeptTexts
    versions: TextVersions
    states: Sequence[str]

    def __call__(self) -> TextFaults:
        missing: list[str] = []
        unused: list[str] = []
        for state in self.states:
            for kind, versions in self.versions.get_versions(state).items():
                missing += [
                    f"{kind} {version} {state} {language}"
                    for version in versions
                    for language in LANGUAGES
                    if self.texts.find_text(kind, state, version, language) is None
                ]
                unused += [f"{kind} {kept} {state}" for kept in _newer(self.texts.list_versions(kind, state), versions)]
        return TextFaults(tuple(missing), tuple(unused))


def _newer(kept: Sequence[str], named: Sequence[str]) -> Iterator[str]:
    """Those behind the newest one that is named."""
    return takewhile(lambda version: version not in named, reversed(kept))

"""Domain: language, ethnicity and identity (R54-R57). Optional answers that nothing is ever decided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentityScheme:
    """One published set of categories; each mapping goes from code to label, in the order in which it is shown."""

    scheme: str
    languages: Mapping[str, str]
    ethnicities: Mapping[str, str]
    identities: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SelfIdentification:
    """Codes of ``scheme``, so that answers under an older set keep their meaning (rules.md 9)."""

    scheme: str
    spoken_language: str = ""
    written_language: str = ""
    ethnicities: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.spoken_language or self.written_language or self.ethnicities or self.identities)

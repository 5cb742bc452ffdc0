"""Domain: somebody who was quoted and has not applied yet."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from services.enrollment.domain.steps import Address
from services.enrollment.domain.vocabulary import Sex


@dataclass(frozen=True, slots=True)
class Prospect:
    """A person of one producer; ``home_address`` holds what a quote knows of it: state, ZIP and county."""

    writing_number: str
    first_name: str
    last_name: str
    date_of_birth: date
    sex: Sex | None
    home_address: Address
    quote_id: str

    @property
    def identity(self) -> str:
        """The same for the same person, however the name was typed: what equal people are found by."""
        return identity(self.first_name, self.last_name, self.date_of_birth)


def identity(first_name: str, last_name: str, date_of_birth: date | None) -> str:
    names = (" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (last_name, first_name))
    return "\x1f".join((*names, date_of_birth.isoformat() if date_of_birth else ""))

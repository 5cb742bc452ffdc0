"""What the fields and words of an application are called for a client, and how dates are written, in each language.

Review pages, the payment page and printed records say them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from chassis.yaml_file import load_mapping

FOLDER = Path(__file__).parent
# The first one is that of whoever asks for none of them.
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class FormWords:
    """Of one language."""

    language: str
    sections: Mapping[str, str]
    labels: Mapping[str, str]
    words: Mapping[str, str]
    months: tuple[str, ...]
    date_format: str
    month_format: str
    county_format: str

    def section(self, key: str, person: int, name: str) -> str:
        """ "Person 2: Ada Sample", or "Person 2" without a name; only the section of a person has number and name."""
        if key not in self.sections:
            return _readable(key)
        return self.sections[key].format(number=person, name=name.strip()).rstrip(": ")

    def label(self, key: str) -> str:
        return self.labels.get(key) or _readable(key)

    def word(self, code: str) -> str:
        """A word that a newer set of rules brings is shown as it is, rather than not at all."""
        return self.words.get(code) or _readable(code)

    def address(self, address: str, county: str) -> str:
        """ "Chicago, IL 60601, Cook County", "Chicago, IL 60601, condado de Cook" """
        return f"{address}, {self.county_format.format(name=county)}" if county else address

    def day(self, day: date) -> str:
        """ "6/1/2026", "1 de junio de 2026": a month in the first place is read in Spanish as a day."""
        return self.date_format.format(month=self.months[day.month - 1], number=day.month, day=day.day, year=day.year)

    def month(self, day: date) -> str:
        """ "May 2026", "mayo de 2026" """
        return self.month_format.format(month=self.months[day.month - 1], year=day.year)

    def moment(self, local: datetime) -> str:
        """ "6/1/2026, 9:24 AM CDT" of a time as clocks show it at its place."""
        return f"{self.day(local)}, {local.hour % 12 or 12}:{local:%M %p %Z}"


@cache
def get_form_words(language: str) -> FormWords:
    """English for a language that there is not."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    found = load_mapping(FOLDER / f"{language}.yaml")
    return FormWords(language, **{**found, "months": tuple(found["months"])})


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()

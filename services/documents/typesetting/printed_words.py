"""What a printed document says in one language, and how values are written there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from chassis.form_words import FormWords, get_form_words
from chassis.kernel import get_markets
from chassis.yaml_file import load_mapping
from services.documents.domain.legal_text import ENGLISH
from services.documents.typesetting.formatting import NOT_GIVEN, keep_printable

FOLDER = Path(__file__).parent / "printed_texts"
# As the sentences of other services write it.
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """``say``: key -> what stands around the data. ``form``: names of fields and codes, and how dates are written."""

    say: Mapping[str, str]
    form: FormWords

    @property
    def language(self) -> str:
        return self.form.language

    def fill(self, key: str, **values: str) -> str:
        return self.say[key].format(**values)

    def rows(self, values: Mapping[str, str]) -> list[list[str]]:
        """Label and value."""
        return [[self.say[key], value] for key, value in values.items()]

    def day(self, value: date | None) -> str:
        return self.form.day(value) if value else NOT_GIVEN

    def month(self, value: date) -> str:
        """ "December 2026" """
        return self.form.month(value)

    def instant(self, value: datetime, state: str) -> str:
        """To the minute, as clocks show it in the state."""
        return self.form.moment(value.astimezone(get_markets()[state].zone))

    def word(self, code: str) -> str:
        """The name of a code of the form; a dash for none."""
        return keep_printable(self.form.word(code)) if code else NOT_GIVEN

    def spoken(self, code: str) -> str:
        """ "es" is Spanish; none is a dash."""
        return self.word(f"language_{code}") if code else NOT_GIVEN

    def phone_type(self, kind: str) -> str:
        known = self.form.words.get(kind)
        return known.lower() if known else keep_printable(kind)

    def proof(self, kind: str) -> str:
        return self.say.get(f"proof_{kind}") or keep_printable(kind.replace("_", " "))

    def value(self, filed: str) -> str:
        """A word of the catalogue, such as a metal level or a kind of care."""
        return keep_printable(_values(self.language).get(filed, filed))

    def cost_share(self, filed: str) -> str:
        """ "$40 copay and 20% coinsurance": in this language where every part of it is of the filed vocabulary."""
        return keep_printable(filed if self.language == ENGLISH else _translate_cost_share(filed, self.language))

    def yes_or_no(self, answer: bool | None) -> str:
        return NOT_GIVEN if answer is None else self.form.word("yes" if answer else "no")

    def sentence(self, english: str) -> str:
        """A sentence that another service wrote, as far as it is known in this language."""
        if self.language == ENGLISH or (said := _translate(english, self.language)) is None:
            return keep_printable(english)
        return keep_printable(_DATE.sub(self._write_out, said))

    def _write_out(self, found: re.Match[str]) -> str:
        month, day, year = map(int, found.groups())
        return self.day(date(year, month, day))


def get_printed_words(document: str, language: str) -> PrintedWords:
    """``document``: "application" or "proposal". English for a language that there is not."""
    form = get_form_words(language)
    return PrintedWords(_texts(document, form.language), form)


@cache
def _texts(document: str, language: str) -> Mapping[str, str]:
    return load_mapping(FOLDER / f"{document}.{language}.yaml")


@cache
def _sentences(language: str) -> list[tuple[re.Pattern[str], str]]:
    return _patterns(f"sentences.{language}.yaml")


@cache
def _cost_shares(language: str) -> list[tuple[re.Pattern[str], str]]:
    return _patterns(f"cost_shares.{language}.yaml", re.IGNORECASE)


def _patterns(file: str, flags: re.RegexFlag = re.NOFLAG) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern, flags), said) for pattern, said in load_mapping(FOLDER / file).items()]


@cache
def _values(language: str) -> Mapping[str, str]:
    return {} if language == ENGLISH else load_mapping(FOLDER / f"values.{language}.yaml")


def _translate(english: str, language: str) -> str | None:
    """Sentence by sentence; None when one of them is not known."""
    said, rest = [], english
    while rest:
        known = ((found, words) for pattern, words in _sentences(language) if (found := pattern.match(rest)))
        found, words = next(known, (None, ""))
        if found is None:
            return None
        said.append(found.expand(words))
        rest = rest[found.end() :].lstrip()
    return " ".join(said)


def _translate_cost_share(filed: str, language: str) -> str:
    """As it was filed when one of its parts is not known."""
    said = []
    for part in filed.split(" and "):
        known = ((found, words) for pattern, words in _cost_shares(language) if (found := pattern.fullmatch(part)))
        found, words = next(known, (None, ""))
        if found is None:
            return filed
        said.append(found.expand(words))
    whole = " y ".join(said)
    return whole[:1].upper() + whole[1:]

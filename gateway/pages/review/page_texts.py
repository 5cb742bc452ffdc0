"""What the client reads, in each language: sentences, names of fields and words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from suite.enrollment.v1 import client_review_pb2 as pb

FOLDER = Path(__file__).parent
# The first one is that of whoever asks for none of them.
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class PageTexts:
    """Of one language."""

    language: str
    sentences: Mapping[str, str]
    labels: Mapping[str, str]
    words: Mapping[str, str]
    months: tuple[str, ...]
    date_format: str
    month_format: str

    @property
    def other(self) -> str:
        """The language that the page can be turned to."""
        return next(language for language in LANGUAGES if language != self.language)

    def say(self, key: str, **values: object) -> str:
        return self.sentences[key].format(**values)

    def label(self, key: str) -> str:
        return self.labels.get(key) or _readable(key)

    def word(self, code: str) -> str:
        """A word that a newer set of rules brings is shown as it is, rather than not at all."""
        return self.words.get(code) or _readable(code)

    def day(self, iso: str) -> str:
        """ "June 1, 2026", "1 de junio de 2026"; a month by its name, since its place differs between languages."""
        day = date.fromisoformat(iso)
        return self.date_format.format(month=self.months[day.month - 1], day=day.day, year=day.year)

    def month(self, iso: str) -> str:
        """ "May 2026" of "2026-05"."""
        year, _, month = iso.partition("-")
        return self.month_format.format(month=self.months[int(month) - 1], year=year)

    def value(self, line: pb.ReviewLine) -> str:
        if not line.value:
            return self.say("not_given")
        match line.kind:
            case pb.REVIEW_VALUE_DATE:
                return self.day(line.value)
            case pb.REVIEW_VALUE_MONEY:
                return f"${float(line.value):,.2f}"
            case pb.REVIEW_VALUE_WORD:
                return self.word(line.value)
        return line.value


def read_page_texts(language: str) -> PageTexts:
    """From the file of the language."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    labels, words = found.pop("labels"), found.pop("words")
    months, date_format = tuple(found.pop("months")), found.pop("date_format")
    return PageTexts(language, found, labels, words, months, date_format, found.pop("month_format"))


_ALL = {language: read_page_texts(language) for language in LANGUAGES}


def texts_in(*wanted: str) -> PageTexts:
    """Of the first of the wanted languages that there is."""
    return next((_ALL[language] for language in wanted if language in _ALL), _ALL[LANGUAGES[0]])


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()

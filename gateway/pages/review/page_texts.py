"""What the client reads, in each language: the sentences of the review pages, and the words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.form_words import LANGUAGES, FormWords, get_form_words
from chassis.yaml_file import load_mapping

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PageTexts:
    """Of one language."""

    form: FormWords
    sentences: Mapping[str, str]

    @property
    def language(self) -> str:
        return self.form.language

    @property
    def other(self) -> str:
        """The language that the page can be turned to."""
        return next(language for language in LANGUAGES if language != self.language)

    def say(self, key: str, **values: object) -> str:
        return self.sentences[key].format(**values)

    def day(self, iso: str) -> str:
        return self.form.day(date.fromisoformat(iso))

    def month(self, iso: str) -> str:
        """Of "2026-05"."""
        return self.form.month(date.fromisoformat(f"{iso}-01"))

    def value(self, line: pb.ReviewLine) -> str:
        if not line.value:
            return self.say("not_given")
        match line.kind:
            case pb.REVIEW_VALUE_DATE:
                return self.day(line.value)
            case pb.REVIEW_VALUE_MONEY:
                return f"${float(line.value):,.2f}"
            case pb.REVIEW_VALUE_WORD:
                return self.form.word(line.value)
        return self.form.address(line.value, line.county)


def read_page_texts(language: str) -> PageTexts:
    """From the file of the language."""
    return PageTexts(get_form_words(language), load_mapping(FOLDER / f"{language}.yaml"))


_ALL = {language: read_page_texts(language) for language in LANGUAGES}


def texts_in(*wanted: str) -> PageTexts:
    """Of the first of the wanted languages that there is."""
    return next((_ALL[language] for language in wanted if language in _ALL), _ALL[LANGUAGES[0]])

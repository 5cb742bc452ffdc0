"""What the client reads on the review pages is there in each language, for everything that can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.form_words import LANGUAGES
from gateway.pages.render import TEMPLATES
from gateway.pages.review.page_texts import PageTexts, read_page_texts
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import FormType, PaymentChoice, Relationship, Sex
from services.enrollment.domain.reviewed_content import list_review_sections
from services.enrollment.rulebook import PACKS, read_rule_pack
from tests.filled_values import FilledValues

ALL = [read_page_texts(language) for language in LANGUAGES]
PAGES = Path(__file__).parents[3] / "gateway" / "pages" / "review"
# Writes the message to the client.
PRODUCER = PAGES.parent / "application_details" / "client_reviews.py"


def shown_labels() -> set[str]:
    made = {"PlanLine.catalogue": lambda _: "illustrative"}
    apps: list[Application] = [FilledValues(turn, made).of(Application) for turn in range(8)]
    return {line.label for app in apps for one in list_review_sections(app) for line in one.lines}


def shown_sections() -> set[str]:
    apps: list[Application] = [FilledValues(turn, {}).of(Application) for turn in range(8)]
    return {section.key for app in apps for section in list_review_sections(app)}


def shown_words() -> Iterator[str]:
    yield from ("yes", "no", "special_enrollment", "open_enrollment", "same_as_home", "assigned_by_carrier")
    yield from ("mobile", "landline", "illustrative")
    # what carriers file as the level of a plan (CMS plan attributes, "MetalLevel")
    yield from ("Bronze", "Expanded Bronze", "Silver", "Gold", "Platinum", "Catastrophic", "Low", "High")
    for words in (FormType, PaymentChoice, Relationship, Sex):
        yield from words
    for path in PACKS.glob("*.yaml"):
        pack = read_rule_pack(path)
        yield from pack.life_events
        for scheme in pack.identity_schemes:
            yield from (f"language_{code}" for code in scheme.languages)
            yield from (f"ethnicity_{code}" for code in scheme.ethnicities)
            yield from (f"identity_{code}" for code in scheme.identities)


def test_both_languages_have_the_same_keys_and_places_to_fill_in() -> None:
    first, second = ALL
    assert first.sentences.keys() == second.sentences.keys()
    assert first.form.sections.keys() == second.form.sections.keys()
    assert first.form.labels.keys() == second.form.labels.keys()
    assert first.form.words.keys() == second.form.words.keys()
    assert len(first.form.months) == len(second.form.months) == 12
    for key, sentence in first.sentences.items():
        assert sorted(re.findall(r"\{\w+\}", sentence)) == sorted(re.findall(r"\{\w+\}", second.sentences[key])), key


@pytest.mark.parametrize("texts", ALL, ids=LANGUAGES)
def test_every_line_and_word_that_can_be_shown_has_a_name(texts: PageTexts) -> None:
    assert shown_sections() - texts.form.sections.keys() == set()
    assert shown_labels() - texts.form.labels.keys() == set()
    assert set(shown_words()) - texts.form.words.keys() == set()


@pytest.mark.parametrize("texts", ALL, ids=LANGUAGES)
def test_every_sentence_that_a_page_says_is_there_and_every_one_is_said(texts: PageTexts) -> None:
    sources = [*(TEMPLATES / "review").glob("*.html"), *PAGES.glob("*.py"), PRODUCER]
    source = "\n".join(path.read_text() for path in sources)
    said = set(re.findall(r"""\b(?:say|_say_names)\((?:visit, review, )?["'](\w+)["']""", source))
    keys = ("closed", "unavailable", "submitted", "signed", "returned", "outdated", "withdrawn")
    said |= {f"{key}_{part}" for key in keys for part in ("title", "text")}
    said |= set(re.findall(r'"(error_\w+)"', source))
    assert said - texts.sentences.keys() == set()
    assert texts.sentences.keys() - said == set()


def test_no_sentence_is_the_same_in_both_languages() -> None:
    first, second = ALL
    same = {key for key, sentence in first.sentences.items() if sentence == second.sentences[key]}
    assert same == set()

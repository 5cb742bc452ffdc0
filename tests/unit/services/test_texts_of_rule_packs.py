"""Enrollment's rule packs name versions of texts; documents has to keep each of them, for every state that asks."""

import pytest

from chassis.kernel import get_markets
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import TEXTS, CarrierTexts, LegalTexts
from services.documents.typesetting.printed_words import get_printed_words
from services.enrollment.domain.review_signing import CLIENT_REVIEW_TEXT
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.texts import TextKind
from services.enrollment.rulebook import PACKS, read_rule_pack


@pytest.mark.parametrize(
    "pack", [read_rule_pack(path) for path in sorted(PACKS.glob("*.yaml"))], ids=lambda pack: pack.version
)
def test_every_version_that_a_pack_names_is_kept(pack: RulePack) -> None:
    texts = CarrierTexts(LegalTexts(), read_carriers())
    assert set(pack.disclosures) == set(TextKind)
    for kind, disclosure in pack.disclosures.items():
        for version in disclosure.versions:
            for state in filter(disclosure.holds_in, get_markets().states):
                assert texts.find_text(kind, state, version), (kind, state, version)
            assert texts.find_text(kind, "IL", f"{version}.99") is None


def test_every_language_that_is_offered_has_its_name_on_paper() -> None:
    words = get_printed_words("application", "en")
    for path in PACKS.glob("*.yaml"):
        for scheme in read_rule_pack(path).identity_schemes:
            assert dict(scheme.languages) == {code: words.spoken(code) for code in scheme.languages}


def test_every_legal_text_file_has_its_kind() -> None:
    assert LegalTexts().names == {*TextKind, CLIENT_REVIEW_TEXT.kind}


def test_every_text_is_kept_in_both_languages_with_the_same_parts() -> None:
    texts = LegalTexts()
    english = [path for path in sorted(TEXTS.glob("*/*.md")) if not path.name.endswith(".es.md")]
    assert len(english) == len(list(TEXTS.glob("*/*.es.md")))
    for path in english:
        version, _, state = path.stem.rpartition(".")
        found = [texts.find_text(path.parent.name, state, version, "A carrier", language) for language in ("en", "es")]
        first, second = (one and [block.kind for block in one.blocks] for one in found)
        assert first, path
        assert first == second, path


def test_the_explained_attestations_of_a_review_are_kept() -> None:
    texts = CarrierTexts(LegalTexts(), read_carriers())
    for state in get_markets().states:
        for language in ("en", "es"):
            assert texts.find_text(CLIENT_REVIEW_TEXT.kind, state, CLIENT_REVIEW_TEXT.version, language)

import json
from pathlib import Path

import pytest

from services.documents.domain.legal_text import TextBlock
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts, LegalTexts


@pytest.fixture
def texts(tmp_path: Path) -> LegalTexts:
    for name, words in {
        "2026.2.all.md": "# Old\nFor {carrier}.",
        "2026.10.all.md": "# New\n## Part\n- item\nwords",
        "2026.2.TX.md": "# Texan\nY'all.",
    }.items():
        (tmp_path / "terms").mkdir(exist_ok=True)
        (tmp_path / "terms" / name).write_text(words)
    return LegalTexts(tmp_path)


def test_the_newest_version_is_taken_by_number_not_by_letter(texts: LegalTexts) -> None:
    found = texts.find_text("terms", "IL", "", "Carrier")
    assert found is not None
    assert found.version == "2026.10"
    assert found.blocks == (TextBlock("heading", "Part"), TextBlock("item", "item"), TextBlock("paragraph", "words"))


def test_a_state_has_its_own_wording_before_the_one_for_all(texts: LegalTexts) -> None:
    texan, other = (
        texts.find_text("terms", "TX", "2026.2", "Carrier"),
        texts.find_text("terms", "OK", "2026.2", "Carrier"),
    )
    assert texan is not None
    assert other is not None
    assert (texan.title, other.title) == ("Texan", "Old")
    assert other.blocks == (TextBlock("paragraph", "For Carrier."),)


def test_a_version_that_is_not_kept_is_not_replaced_by_another(texts: LegalTexts) -> None:
    assert texts.find_text("terms", "IL", "2025.1", "Carrier") is None


def test_every_state_has_a_carrier_and_every_text_that_it_needs() -> None:
    carriers, texts = read_carriers(), LegalTexts()
    for state in ("IL", "MT", "NM", "OK", "TX"):
        for name in ("terms", "replacement-rights", "proxy", "electronic-delivery"):
            text = texts.find_text(name, state, "", carriers[state].name)
            assert text is not None, (name, state)
            assert "{carrier}" not in repr(text)
    assert texts.find_text("consumer-choice", "TX", "", "Carrier") is not None


@pytest.mark.parametrize(
    ("language", "sections"),
    [
        ("en", ["terms of use", "acknowledgments", "authorization", "false", "third party", "know your rights"]),
        ("es", ["términos de uso", "reconocimientos", "autorización", "declaraciones", "pagos de", "conozca sus"]),
    ],
)
@pytest.mark.parametrize("state", ["IL", "TX"])
def test_the_terms_have_the_sections_of_r41(state: str, language: str, sections: list[str]) -> None:
    text = LegalTexts().find_text("terms", state, "", "Carrier", language)
    assert text is not None
    headings = [one.text.lower() for one in text.blocks if one.kind == "heading"]
    assert len(headings) == len(sections)
    for heading, begins in zip(headings, sections, strict=True):
        assert heading.startswith(begins)


@pytest.mark.parametrize("kind", ["../texts/terms", "..", "", "terms/", "/etc", "*", "TERMS"])
def test_a_text_kind_that_is_a_path_finds_no_text(kind: str) -> None:
    assert CarrierTexts(LegalTexts(), read_carriers()).find_text(kind, "IL", "") is None


def test_a_text_is_read_section_by_section(texts: LegalTexts) -> None:
    found = texts.find_text("terms", "IL", "", "Carrier")
    assert found is not None
    assert [(heading, len(blocks)) for heading, blocks in found.sections()] == [("Part", 2)]
    real = CarrierTexts(LegalTexts(), read_carriers()).find_text("terms", "IL", "2026.1")
    assert real is not None
    assert [heading for heading, _ in real.sections()][:2] == ["Terms of use and privacy", "Acknowledgments"]
    assert all(blocks for _, blocks in real.sections())


def test_a_carrier_file_that_does_not_hold_ends_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "carriers.json"
    carriers = {state: {"name": "X", "color": "#000000"} for state in ("IL", "MT", "NM", "OK", "TX")}
    for wrong, sentence in (
        ("{", "has to be JSON"),
        (json.dumps({**carriers, "IL": {"name": "X"}}), "has to be JSON"),
        (json.dumps({**carriers, "IL": {"name": "X", "color": "blue"}}), "color of IL"),
        (json.dumps({"IL": carriers["IL"]}), "lacks the carrier of MT, NM, OK, TX"),
    ):
        file.write_text(wrong)
        with pytest.raises(SystemExit, match=sentence):
            read_carriers(file)

"""Names in every script give a document, in a bounded number of compiles; what has no font is said on the page."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.documents.remote.proposals import proposal
from services.documents.typesetting import sandbox_process, unprintable
from services.documents.typesetting.formatting import REPLACEMENT
from services.documents.typesetting.unprintable import MOST_COMPILES, compile_printable, name_writings
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import full, offered, small

pytestmark = pytest.mark.slow  # it runs the typesetter in processes of its own

AT = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
# Names as people write them, and emoji of one and of several code points.
NAMES = {
    "tamil": "லட்சுமி குமார்",
    "hindi": "श्रीमती क्ष्मा",
    "bengali": "ঋতুপর্ণা চৌধুরী",
    "telugu": "లక్ష్మి",
    "kannada": "ಲಕ್ಷ್ಮೀ",
    "malayalam": "ലക്ഷ്മി",
    "gujarati": "લક્ષ્મી",
    "punjabi": "ਗੁਰਪ੍ਰੀਤ",
    "odia": "ଲକ୍ଷ୍ମୀ",
    "sinhala": "ලක්ෂ්මී",
    "khmer": "ខ្មែរ សុខា",
    "burmese": "အောင်ဆန်းစုကြည်",
    "tibetan": "བཀྲ་ཤིས་",
    "thai": "สมชาย ใจดี",
    "lao": "ສົມສັກ",
    "chinese": "王小明",
    "japanese": "さくら サクラ",
    "korean": "김민수",
    "korean of single jamo": "\u1100\u1161\u11a8",
    "arabic": "محمد علي",
    "hebrew": "שָׁלוֹם",
    "amharic": "አበበ",
    "georgian": "ნინო",
    "armenian": "Անի",
    "cherokee": "ᏣᎳᎩ",
    "navajo": "Ałtsé Hózhǫ́",
    "vietnamese": "Nguyễn Thị Hường",
    "stacked marks": "q\u0304\u030c\u0323\u20e3",
    "family": "👨‍👩‍👧‍👦",
    "skin": "👍🏽",
    "flag": "🇲🇽",
    "keycap": "1\ufe0f\u20e3",
    "tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "private use": "\ue000",
    "lone joiners": "\u200d\u200c\ufe0f",
}
# What prints nowhere with fonts for all scripts: pictures and what stands for nothing.
NO_SCRIPT = ("stacked marks", "family", "skin", "flag", "keycap", "tags", "private use", "lone joiners")
ANY_SCRIPT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@pytest.fixture(scope="module", autouse=True)
def _without_our_fonts() -> Iterator[None]:
    """As on a machine where set-up could not fetch them: these tests are about letters without a font."""
    with pytest.MonkeyPatch.context() as on:
        on.setattr(sandbox_process, "FONTS", Path("/nowhere"))
        sandbox_process._fonts.cache_clear()
        yield
    sandbox_process._fonts.cache_clear()


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One entry for each compile."""
    yield from count_compiles(monkeypatch)


def count_compiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    made: list[str] = []
    compile_once = sandbox_process._typst

    def counted(template: str, form: dict[str, Any], at: int) -> bytes:
        made.append(template)
        return compile_once(template, form, at)

    monkeypatch.setattr(sandbox_process, "_typst", counted)
    yield made


def words(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def typeset_name(name: str) -> str:
    message = small()
    message.household.people[0].first_name = name
    return words(typesetter_of(message).application(message.record_number, AT).content)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_of_any_script_gives_a_document_in_two_compiles(name: str, compiles: list[str]) -> None:
    text = typeset_name(name)
    assert len(compiles) <= 2
    assert (REPLACEMENT in text) == ("could not be printed" in text)


def test_a_letter_with_its_vowel_sign_is_replaced_as_one_and_the_page_says_which_script() -> None:
    text = typeset_name("\u0b95\u0bc1\u0bae\u0bbe")  # two letters, each with a vowel sign
    assert REPLACEMENT * 2 in text
    assert REPLACEMENT * 3 not in text
    assert "Some Tamil letters could not be printed, and each is shown as" in text


def test_an_emoji_of_seven_code_points_is_one_replacement() -> None:
    assert f"Ada {REPLACEMENT} " in typeset_name("Ada 👨‍👩‍👧‍👦 Bea")


def test_scripts_that_have_a_font_are_printed_beside_one_that_has_none() -> None:
    text = typeset_name("Юлия Ελένη லட்சுமி")
    assert "Юлия Ελένη" in text
    assert REPLACEMENT in text


def test_letters_that_are_written_from_right_to_left_are_printed() -> None:
    assert REPLACEMENT not in typeset_name("محمد שלום")


@pytest.mark.parametrize("field", ["producer", "company", "plan", "street", "county", "employer", "insurer", "kind"])
def test_every_field_that_people_type_may_hold_a_script_without_a_font(field: str, compiles: list[str]) -> None:
    message, foreign = full(), "குமார் 👨‍👩‍👧"
    match field:
        case "producer":
            message.general.producer.name = foreign
        case "company":
            message.general.producer.company_name = foreign
        case "plan":
            message.plan_lines[0].name = foreign
        case "street":
            message.household.home_address.street = foreign
        case "county":
            message.household.home_address.county_name = foreign
        case "employer":
            message.household.hra.employer_name = foreign
        case "insurer":
            message.other_coverage.replaced[0].insurer = foreign
        case "kind":
            message.household.contact.phone_type = foreign
    assert "Tamil letters and symbols" in words(typesetter_of(message).application(message.record_number, AT).content)
    assert len(compiles) == 2


def test_a_proposal_for_a_name_without_a_font_is_made_and_says_so(compiles: list[str]) -> None:
    content = typesetter_of().proposal(proposal(offered(first_name="ខ្មែរ")), AT)
    assert "Some Khmer letters could not be printed" in words(content)
    assert len(compiles) == 2


@settings(max_examples=60, deadline=None)
@example("லட்சுமி" * 5)
@given(ANY_SCRIPT)
def test_any_text_at_all_gives_a_document_within_the_bound(name: str) -> None:
    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        made = next(count_compiles(context))
        assert "Application A-" in typeset_name(name)
        assert len(made) <= MOST_COMPILES


def refused(text: str) -> typst.TypstError:
    error = typst.TypstError("PDF/UA-1 error", "")
    error.diagnostic = f'error: PDF/UA-1 error: the text `"{text}"` could not be displayed with font `"Serif"`'
    return error


def test_a_compiler_that_always_finds_more_is_asked_no_more_often_than_the_bound() -> None:
    asked: list[Any] = []

    def never_content(form: dict[str, Any]) -> bytes:
        asked.append(form)
        letter = chr(0x0B95 + len(asked))
        raise refused(letter)

    with pytest.raises(typst.TypstError):
        compile_printable(never_content, {"name": "குமார்"})
    assert len(asked) == MOST_COMPILES


def test_a_compiler_that_names_the_replacement_itself_is_not_asked_for_ever() -> None:
    """The fault of old: the replacement with a sign that stood alone was refused, and replaced by itself."""
    asked: list[dict[str, Any]] = []

    def wants_latin(form: dict[str, Any]) -> bytes:
        asked.append(form)
        if set(form["name"]) - {REPLACEMENT} - set(map(chr, range(128))):
            raise refused(REPLACEMENT)
        return b"pdf"

    assert compile_printable(wants_latin, {"name": "Ann கு"}) == b"pdf"
    assert asked[-1]["name"] == f"Ann {REPLACEMENT}"
    assert len(asked) <= MOST_COMPILES


def test_a_compiler_error_other_than_a_missing_glyph_is_raised() -> None:
    def broken(_form: dict[str, Any]) -> bytes:
        raise typst.TypstError("unknown variable: nothing", "")

    with pytest.raises(typst.TypstError, match="unknown variable"):
        compile_printable(broken, {})


@pytest.mark.parametrize(
    ("clusters", "named"),
    [
        (["கு", "மா"], "Tamil letters"),
        (["ខ្", "བ", "👍"], "Khmer and Tibetan letters and symbols"),
        (["王", "김"], "Chinese and Korean letters"),
        (["အ"], "Burmese letters"),
        (["👨‍👩‍👧"], "symbols"),
        ([], ""),
    ],
)
def test_scripts_are_named_by_their_common_names(clusters: list[str], named: str) -> None:
    assert name_writings(clusters) == named


def test_with_single_characters_in_place_of_clusters_a_sign_would_stand_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: without clusters, one letter with a vowel sign becomes two replacements."""
    monkeypatch.setattr(unprintable, "_CLUSTER", re.compile(r"."))
    assert REPLACEMENT * 2 in typeset_name("கு")


def test_the_table_of_names_covers_scripts_of_many_kinds() -> None:
    first = {unicodedata.name(name[0], "").split(" ")[0] for name in NAMES.values()}
    assert len(first) > 20

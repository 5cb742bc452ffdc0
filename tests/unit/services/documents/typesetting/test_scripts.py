"""Names in every living script are printed with the fonts that set-up fetched, and with no others."""

from __future__ import annotations

import io
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from services.documents.typesetting import sandbox_process
from services.documents.typesetting.formatting import REPLACEMENT
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import small
from tests.unit.services.documents.typesetting.test_application_pdf import AT
from tests.unit.services.documents.typesetting.test_unprintable import NAMES, NO_SCRIPT, typeset_name

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sandbox_process.FONTS.is_dir(), reason="set-up could not fetch Debian's font packages here"),
]
SCRIPTS = {name: text for name, text in NAMES.items() if name not in NO_SCRIPT}
MORE = {
    "mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "n'ko": "ߒߞߏ",
    "tifinagh": "ⴰⵎⴰⵣⵉⵖ",
    "thaana": "ދިވެހި",
    "inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "hawaiian": "Kamehameha\u02bbokalani Kahanamokū",
    "traditional chinese": "陳鄭龍",
    "rare chinese": "𠮷田㐂代",
    "hmong": "𞄀𞄁",
    "adlam": "𞤀𞤣𞤤𞤢𞤥",
}


@pytest.mark.parametrize("name", [*SCRIPTS.values(), *MORE.values()], ids=[*SCRIPTS, *MORE])
def test_a_name_of_every_script_is_printed_whole(name: str) -> None:
    text = typeset_name(name)
    assert REPLACEMENT not in text and "could not be printed" not in text


def test_names_are_in_our_fonts_and_not_in_those_of_the_machine() -> None:
    message = small()
    message.household.people[0].first_name = "王小明 김민수 محمد"
    reader = PdfReader(io.BytesIO(typesetter_of(message).application(message.record_number, AT).content))
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    used = {str(font["/BaseFont"]) for found in resources for font in found["/Font"].values()}
    names = {name.partition("+")[2].partition("-")[0] for name in used}
    assert {"NotoSansCJKsc", "NotoSansArabic"} <= names
    assert {name for name in names if not name.startswith(("LibertinusSerif", "NotoSans"))} == set()


def test_a_picture_is_still_replaced_and_said() -> None:
    text = typeset_name("Ada 👨‍👩‍👧‍👦")
    assert "Some symbols could not be printed" in text


def test_without_the_fonts_a_chinese_name_could_not_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(sandbox_process, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    assert "Some Chinese letters could not be printed" in typeset_name("王小明")

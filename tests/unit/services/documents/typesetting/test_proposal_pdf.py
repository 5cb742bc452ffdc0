"""The proposal PDF itself, read back with pypdf."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from services.documents.remote.proposals import proposal
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import offered

AT = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)


def typeset(**wanted: Any) -> PdfReader:
    typesetter = typesetter_of()
    return PdfReader(io.BytesIO(typesetter.proposal(proposal(offered(**wanted)), AT)))


def words(reader: PdfReader) -> str:
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


@pytest.fixture(scope="module")
def family() -> PdfReader:
    return typeset()


def test_it_is_a_tagged_document_with_title_and_language(family: PdfReader) -> None:
    root: Any = family.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert family.metadata and family.metadata.title == "Health coverage proposal"


def test_a_proposal_shows_selection_alternatives_and_premium_lines(family: PdfReader) -> None:
    text = words(family)
    for shown in ("Ann Example", "$1,550.01", "$1,458.81", "Bronze HMO", "$980.12", "Gold PPO", "rating area 1"):
        assert shown in text
    assert "made up" in text and "HSA-eligible" in text


def test_the_chart_says_in_words_what_it_shows(family: PdfReader) -> None:
    root: Any = family.trailer["/Root"]
    assert _alt(root["/StructTreeRoot"]) == [
        "Monthly premiums: Blue Precision Silver HMO $1,458.81, Bronze HMO $980.12, Gold PPO $1,760.99."
    ]


@pytest.mark.parametrize("people", [1, 20])
def test_households_of_every_size_fit(people: int) -> None:
    assert words(typeset(people=people)).count("Primary applicant") == 1


def test_typed_text_is_not_read_as_markup() -> None:
    assert "#panic()*_$Ann" in words(typeset(first_name="#panic()*_$Ann"))


def test_a_person_without_a_name_is_printed_by_number() -> None:
    text = words(typeset(first_name=""))
    assert "Person 2" in text


def _alt(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for child in node for alt in _alt(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (_alt(node["/K"]) if "/K" in node else [])

"""The proposal PDF itself, read back with pypdf."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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


def with_kinds_of_care(count: int) -> PdfReader:
    """A family of four whose plans each say what that many kinds of care cost."""
    found = offered()
    for plan in (found.quote.medical, found.quote.dental, *found.alternatives, *found.dental_alternatives):
        for place in range(count):
            plan.plan.detail.benefits.add(benefit=f"Kind of care {place}", in_network="$45 copay")
    return PdfReader(io.BytesIO(typesetter_of().proposal(proposal(found), AT)))


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
        "Monthly premiums: Blue Precision Silver HMO $1,458.81, Bronze HMO $980.12, Gold PPO $1,760.99.",
        "Monthly premiums: BlueCare Dental 1D $91.20, BlueCare Dental 2A $60.80.",
    ]


def test_a_family_reads_its_amounts_copays_and_dental_plans(family: PdfReader) -> None:
    text = words(family)
    for shown in ("Deductible, family", "$5,000", "Generic Drugs", "Silver copay", "Gold copay", "BlueCare Dental 2A"):
        assert shown in text
    assert "Out-of-pocket maximum, one child" in text
    assert "Deductible, family" not in words(typeset(people=1))


def test_the_producer_is_named_as_clients_call_them_with_an_address(family: PdfReader) -> None:
    assert "CALVIN C FRITZ" in words(family) and "FRITZ, CALVIN" not in words(family)
    found = proposal(offered())
    found = replace(found, producer=replace(found.producer, email="calvin@example.com"))
    assert "calvin@example.com" in words(PdfReader(io.BytesIO(typesetter_of().proposal(found, AT))))


def test_a_producer_can_be_called_and_what_nobody_knows_is_left_out(family: PdfReader) -> None:
    text = words(family)
    assert "(312) 555-0118" in text and "National Producer Number 1000000001" in text
    found = offered()
    found.quote.producer.phone = found.quote.producer.npn = ""
    text = words(PdfReader(io.BytesIO(typesetter_of().proposal(proposal(found), AT))))
    assert "National Producer Number" not in text and "555" not in text and "Writing producer number" in text


def test_a_proposal_says_until_when_it_is_valid_and_what_its_rates_are(family: PdfReader) -> None:
    text = words(family)
    assert "Valid until 5/31/2026" in text
    assert "made-up rates" in text and "the rates filed" not in text


def test_a_proposal_for_a_past_date_sends_to_the_producer() -> None:
    late = typesetter_of().proposal(proposal(offered()), AT + timedelta(days=30))
    assert "Valid until Ask your producer" in words(PdfReader(io.BytesIO(late)))


def test_a_family_of_four_reads_three_pages_and_meets_its_producer_on_the_first() -> None:
    reader = with_kinds_of_care(12)
    assert len(reader.pages) == 3
    assert "CALVIN C FRITZ" in reader.pages[0].extract_text()


@pytest.mark.parametrize("kinds", range(17, 26))
def test_no_heading_is_parted_from_what_it_heads(kinds: int) -> None:
    heading = re.compile(r"[1-4] *(How|Who)|What you pay for care")
    for page in with_kinds_of_care(kinds).pages:
        *lines, _footer = filter(None, page.extract_text().splitlines())
        assert not heading.match(lines[-1]) and not lines[-1].startswith("YOUR SELECTION"), lines[-3:]


def test_care_that_goes_on_over_the_page_says_again_what_it_is() -> None:
    assert words(with_kinds_of_care(25)).count("What you pay for care in network") > 2


def test_a_long_run_of_a_plan_name_breaks_after_a_slash() -> None:
    found = offered()
    found.quote.medical.plan.name = "Select/Copays/Generics/Telehealth/Wellness"
    first_page = PdfReader(io.BytesIO(typesetter_of().proposal(proposal(found), AT))).pages[0].extract_text()
    pieces = first_page.replace("\u200b", "").splitlines()
    assert "Telehealth/Wellness" in pieces and "Wellness $1,458.81" in pieces, pieces


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

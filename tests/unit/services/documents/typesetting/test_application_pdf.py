"""The PDF itself, read back with pypdf."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from services.documents.typesetting.formatting import REPLACEMENT
from services.documents.typesetting.printed_words import get_printed_words
from services.documents.usecases.ports import RenderedPdf
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import NASTY, full, small

AT = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


def typeset(message: application_pb2.Application) -> RenderedPdf:
    return typesetter_of(message).application(message.record_number, AT)


def read(done: RenderedPdf) -> PdfReader:
    return PdfReader(io.BytesIO(done.content))


def words(reader: PdfReader) -> str:
    """All text in one line: where a line breaks is the layout's business."""
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def tags(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


@pytest.fixture(scope="module")
def filled() -> PdfReader:
    return read(typeset(full()))


def test_it_is_a_tagged_document_with_title_and_language(filled: PdfReader) -> None:
    root: Any = filled.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert filled.metadata is not None
    assert filled.metadata.title == "Application A-0638"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


def test_headings_and_table_headers_are_tagged_as_such(filled: PdfReader) -> None:
    root: Any = filled.trailer["/Root"]
    found = tags(root["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/L"} <= set(found)


def test_every_section_is_there(filled: PdfReader) -> None:
    text = words(filled)
    for expected in (
        *("Blue Cross and Blue Shield of Texas", "Application A-0638", "1243", "CRAVEN, FAZILA", "107864325"),
        *("Birth, 2/4/2026", "Loss of coverage, 2/28/2026", "Houston, TX 77002", "Harris County", "PO Box 12"),
        *("(713) 555-0142", "•••-••-1120", "Yes, last used 2/11/2026", "ICHRA", "$250.00"),
        *("MyBlue Health Bronze Standard", "Plan ID 33602TX9900005-00", "$2,076.80", "$2,287.60"),
        *("(713) 555-0143 (mobile)", "zoe@example.org", "Spanish", "Mexican, Puerto Rican", "hhs-4302-2011"),
        *("White, Black or African American, Guamanian or Chamorro", "Pediatric Dental Attestation", "Text Messages"),
        *("2026.1 3/11/2026, 3:04 PM CDT, recorded by Dana Delegate", "Was shown Know Your Rights"),
        *("Elena Quillhaven", "Assigned by the carrier", "Some Other Mutual", "Rosa Rowanbrook", "Pay Now"),
        *("Consumer Choice Disclosure", "Sample wording, not legal text", "Version 2026.1", "Proxy Statement"),
    ):
        assert expected in text, expected


def test_proof_that_is_due_is_named_in_the_words_of_the_rules() -> None:
    message = small()
    message.document_due_on = "2026-05-11"
    message.proofs_asked.extend(["divorce_decree", "end_of_coverage_letter"])
    text = words(read(typeset(message)))
    assert "Divorce decree or separation papers; Letter that names the last day of coverage" in text


def test_the_months_of_the_first_payment_and_the_plan_years_end_are_named() -> None:
    message = small()
    for month, cents in (("2026-12", 173_216), ("2027-01", 183_608)):
        message.first_payment_months.add(month=month, amount=common.Money(cents=cents))
    ends = "The plan year ends on 12/31/2026. In 2027 the same plan costs $1,836.08 a month for this household."
    message.notices.add(message=ends)
    text = words(read(typeset(message)))
    for expected in ("December 2026", "$1,732.16", "January 2027", "$1,836.08", "Total first payment", "$3,568.24"):
        assert expected in text, expected
    assert ends in text
    assert "Total first payment" not in words(read(typeset(small())))


def selections(choices: list[pb.PcpChoice], *, same_for_all: bool = False) -> list[str]:
    """What the column says of three people; the first one's provider was chosen, the others' were assigned."""
    message = small()
    for place in range(2):
        message.household.people.add(first_name=f"Child{place}", relationship=common.RELATIONSHIP_CHILD)
    message.plans.CopyFrom(pb.PlansStep(pcp_choices=choices, pcp_same_for_all=same_for_all))
    for place in range(3):
        message.assigned_pcps.add(
            member_index=place, pcp_id=f"TX{place}", provider_name="Elena Quillhaven", auto_assigned=place > 0
        )
    text = words(read(typeset(message)))
    return re.findall(r"Chosen|Assigned by the carrier|Medical group \d+ .*? by the carrier", text)


def test_who_is_left_to_the_carrier_reads_so() -> None:
    message = small()
    message.assigned_pcps.add(member_index=0, auto_assigned=True, none_within_miles=60)
    text = words(read(typeset(message)))
    assert "Left to the carrier: nobody who fits within 60 miles" in text
    assert "Assigned by the carrier" not in text


def test_the_producers_phone_and_npn_are_printed_where_they_are_known(filled: PdfReader) -> None:
    assert "Producer's phone (713) 555-0164" in words(filled) and "(NPN) 1000000002" in words(filled)
    text = words(read(typeset(small())))
    assert "Producer's phone" not in text and "NPN" not in text


def test_who_signs_for_the_applicant_is_said_with_the_applicants_name(filled: PdfReader) -> None:
    signed = (
        "Authorized representative, for Maximiliana-Josephine Alexandra Q Featherstonehaugh-Cholmondeley, accepted in"
    )
    assert signed in words(filled)
    message = small()
    assert "Primary applicant, signed on the paper application" in words(read(typeset(message)))
    guardian = message.signatures.guardian
    guardian.first_name, guardian.last_name = "Ada", "Fernbrook"
    text = words(read(typeset(message)))
    assert "Parent or guardian, for Jessica Tester, on the paper application" in text
    assert "Primary applicant, signed" not in text


def test_a_disabled_dependent_is_named_as_one() -> None:
    message = small()
    message.household.people.add(
        first_name="Cal", relationship=common.RELATIONSHIP_CHILD, date_of_birth="1990-01-01", disabled_dependent=True
    )
    assert "Child, disabled" in words(read(typeset(message)))
    message.household.people[-1].disabled_dependent = False
    assert "disabled" not in words(read(typeset(message)))


def test_a_group_that_was_chosen_alone_is_named() -> None:
    choices = [pb.PcpChoice(pcp_id="TX0"), pb.PcpChoice(member_index=1, medical_group_id="48101")]
    assert selections(choices) == [
        "Chosen",
        "Medical group 48101 chosen; provider of it assigned by the carrier",
        "Assigned by the carrier",
    ]


def test_the_medical_group_of_a_provider_is_named_with_its_number(filled: PdfReader) -> None:
    found = words(filled)
    assert "Cornerstone Oak Medical Group (48101)" in found
    assert found.count("48101") > found.count("Group (48101)"), "the number alone of what was submitted before"


def test_a_group_for_all_is_named_with_everybody_who_has_it() -> None:
    choices = [pb.PcpChoice(medical_group_id="48101"), pb.PcpChoice(member_index=1, pcp_id="TX7")]
    said = selections(choices, same_for_all=True)
    assert said[1:] == ["Medical group 48101 chosen; provider of it assigned by the carrier"] * 2


def test_made_up_plans_are_said_to_be_made_up(filled: PdfReader) -> None:
    notice = "Illustrative catalogue: plans, prices and providers in this document are made up."
    assert notice in words(filled)
    real = small()
    real.plan_lines[0].catalogue = "cms_filed"
    assert "llustrative" not in words(read(typeset(real)))


def test_pages_are_counted_at_the_foot(filled: PdfReader) -> None:
    last = len(filled.pages)
    for number, page in enumerate(filled.pages, start=1):
        assert f"A-0638 · page {number} of {last}" in page.extract_text()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_parts_no_label_from_its_value_and_no_total_from_what_it_sums(language: str) -> None:
    say = get_printed_words("application", language).say
    header_and_total = f"{say['monthly_premium']} {say['premium_of_plan']}"
    # lines of room above, so that a page ends at every place within the plans and within the enrollment
    for lines in (*range(8, 24, 2), *range(44, 58, 2)):
        message = small()
        message.plan_lines[0].members.add().CopyFrom(message.plan_lines[0].members[0])
        message.effective_date_reason = (
            "A made-up reason that takes up as much room as a line of this document does. " * lines
        )
        pages = read(typesetter_of(message).application(message.record_number, AT, language)).pages
        for text in (re.sub(r"\s+", " ", page.extract_text()) for page in pages):
            assert header_and_total not in text, lines
            assert (say["enrollment_period"] in text) == (say["open_enrollment"] in text), lines


@pytest.mark.parametrize("people", [4, 10, 11, 20])
def test_the_total_premium_is_on_a_page_with_the_last_person(people: int) -> None:
    say = get_printed_words("application", "en").say
    for lines in range(6, 60, 5):  # of room above, so that a page ends at every place within the table
        message = small()
        premium = message.plan_lines[0].members[0]
        for _ in range(people - 1):
            message.plan_lines[0].members.add().CopyFrom(premium)
        message.effective_date_reason = "A made-up reason that is about as long as a line of this document is. " * lines
        texts = [" ".join(page.extract_text().split()) for page in read(typeset(message)).pages]
        [page] = [text for text in texts if say["total_premium"] in text]
        above = page[: page.index(say["total_premium"])]
        assert (
            above.count(say["premium_of_plan"]) == 1 and "Jessica Tester" in above.partition(say["calculation"])[2]
        ), lines


def test_typed_text_is_not_read_as_markup(filled: PdfReader) -> None:
    message = small()
    person, address = message.household.people[0], message.household.home_address
    person.first_name, person.last_name = NASTY, '#panic("x") #read("/etc/passwd")'
    address.street = "= Heading\n- item #import"
    text = words(read(typeset(message)))
    assert re.sub(r"\s+", "", NASTY) in re.sub(r"\s+", "", text)
    assert '#panic("x")' in text
    assert "= Heading - item #import" in text


def test_letters_of_other_scripts_are_printed(filled: PdfReader) -> None:
    text = words(filled)
    assert "Zoë Ñandú Müller-Łukasiewicz" in text
    assert "Юлия Ελένη" in text


def test_characters_without_a_glyph_are_replaced_and_the_page_says_so() -> None:
    message = small()
    message.household.people[0].first_name = "Ada \U000e0041\U0001f9ff\U00013000"
    message.household.people[0].last_name = "Fern\x07brook"
    text = words(read(typeset(message)))
    assert REPLACEMENT in text
    assert "could not be printed" in text
    assert "Fern brook" in text
    assert "could not be printed" not in words(read(typeset(small())))


def test_an_empty_application_still_gives_a_document() -> None:
    done = typeset(application_pb2.Application(record_number="A-0640", state="OK"))
    assert "Application A-0640" in words(read(done))


def test_an_accepted_version_that_is_not_kept_is_named_and_not_replaced() -> None:
    message = full()
    message.acceptances[0].version = "2019.4"
    done = typeset(message)
    assert "terms 2019.4" in done.texts
    text = words(read(done))
    assert "The carrier keeps the text of this version." in text
    assert "False statements" not in text


def test_the_same_application_gives_the_same_bytes() -> None:
    assert typeset(small()) == typeset(small())

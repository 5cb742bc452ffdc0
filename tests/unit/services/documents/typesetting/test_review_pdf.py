"""The consent record on paper: as a document of its own, and in the application."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from suite.enrollment.v1 import application_pb2, client_review_pb2, records_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Conflict
from services.documents.typesetting.record_texts import get_record_texts
from tests.unit.services.documents import in_process
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import consent, full, signed_review

AT = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


def reviewed(language: str = "es") -> application_pb2.Application:
    application = full()
    application.household.authorization = pb.AUTHORIZATION_CLIENT_REVIEW
    application.client_review.CopyFrom(consent(language))
    return application


def words(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def record_in(language: str) -> str:
    application = reviewed(language)
    return words(typesetter_of(application).review(application.record_number, "review-1", AT))


def test_the_record_says_who_signed_what_when_in_which_language_and_with_whose_help() -> None:
    text = record_in("en")
    for said in (
        "Ada Sample",
        "3/11/2026, 3:04 PM CDT",
        "Language shown English",
        "FRITZ, CALVIN C",
        "107864325",
        "Producer's phone (713) 555-0164",
        "National Producer Number (NPN) 1000000002",
        "Review, consent and signature 2026.1, Terms and Agreements 2026.1",
        "3/11/2036",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "a" * 64,
        "In force",
    ):
        assert said in text
    assert "6/14/1987" in text and "$1,412.50" in text and "Other dependent" in text
    assert "Houston, TX 77002, Harris County" in text
    assert "#emph[Sample]" in text  # what was typed is never read as markup
    assert "How I withdraw it" in text and "Cómo lo retiro" not in text
    assert "Sample wording, not legal text" in text and "could not be printed" not in text


def test_the_record_of_a_client_who_read_spanish_is_in_spanish_throughout() -> None:
    text = record_in("es")
    for said in (
        "Firmado como Solicitante",
        "11 de marzo de 2026, 3:04 PM CDT",
        "Español",
        "Revisión, consentimiento y firma 2026.1",
        "Persona 1: Ada",
        "Fecha de nacimiento 14 de junio de 1987",
        "Otro dependiente",
        "Houston, TX 77002, condado de Harris",
        "Teléfono del productor (713) 555-0164",
        "Texto de muestra, no es un texto legal",
        "Cómo lo retiro",
        "página 1 de",
    ):
        assert said in text
    english = get_record_texts("en")
    assert [said for said in ("Monthly premium", "Relationship", " page ", *english.values()) if said in text] == []


def test_a_record_says_the_same_things_in_both_languages() -> None:
    english, spanish = get_record_texts("en"), get_record_texts("es")
    assert english.keys() == spanish.keys()
    assert [key for key in english if english[key] == spanish[key]] == []


def test_the_record_is_the_same_for_the_same_instant() -> None:
    application = reviewed()
    made = [typesetter_of(application).review(application.record_number, "review-1", AT) for _ in range(2)]
    assert made[0] == made[1]


def test_a_section_that_a_page_holds_is_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    application = reviewed()
    found, text = signed_review(application), client_review_pb2.REVIEW_VALUE_TEXT
    del found.sections[:]
    for person in range(9):
        lines = [client_review_pb2.ReviewLine(label="email", kind=text, value=f"p{person}l{row}.") for row in range(14)]
        found.sections.add(key="person", person=person, lines=lines)
    monkeypatch.setattr(in_process, "signed_review", lambda _: found)
    made = typesetter_of(application).review(application.record_number, "review-1", AT)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    stands_on = {
        person: {place for place, page in enumerate(pages) for row in range(14) if f"p{person}l{row}." in page}
        for person in range(9)
    }
    assert {len(places) for places in stands_on.values()} == {1}
    assert len(set.union(*stands_on.values())) == 5, "a page holds two of them"


def test_an_unsigned_review_has_no_record() -> None:
    application = full()
    with pytest.raises(Conflict) as refused:
        typesetter_of(application).review(application.record_number, "review-1", AT)
    assert refused.value.code == "review_not_signed"


def test_the_application_prints_the_record_and_who_authorized_it() -> None:
    application = reviewed()
    text = words(typesetter_of(application).application(application.record_number, AT).content)
    assert "Client review and consent" in text and "a" * 64 in text
    assert "Reviewed and signed by the client, by a link" in text
    assert "Applicant, by a review link" in text
    assert "Cómo lo retiro" in text


def test_an_application_without_a_review_prints_no_record() -> None:
    application = full()
    text = words(typesetter_of(application).application(application.record_number, AT).content)
    assert "Client review and consent" not in text


def test_a_consent_that_was_taken_back_or_outdated_says_so() -> None:
    application = reviewed("en")
    application.client_review.current = False
    found = words(typesetter_of(application).review(application.record_number, "review-1", AT))
    assert "The application was changed after it was signed" in found
    application.client_review.withdrawn_at.FromJsonString("2026-03-12T20:00:00Z")
    application.client_review.withdrawn_by = records_pb2.REVIEW_PARTY_CLIENT
    found = words(typesetter_of(application).review(application.record_number, "review-1", AT))
    assert "Consent withdrawn 3/12/2026" in found and "by the client" in found


def test_the_line_about_the_texts_stands_before_them_in_the_language_of_the_document() -> None:
    application = reviewed("es")
    del application.acceptances[:]  # only what the client read in Spanish
    text = words(typesetter_of(application).application(application.record_number, AT).content)
    assert text.count("Accepted or shown as stated above") == 1
    heading, texts = text.split("Accepted or shown as stated above")
    assert heading.endswith("Terms and disclosures ")
    assert "Versión 2026.1" in texts and "Version 2026.1" not in texts

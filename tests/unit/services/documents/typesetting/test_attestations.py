from datetime import UTC, datetime

from suite.enrollment.v1 import application_pb2

from services.documents.typesetting import coverage_form
from services.documents.typesetting.attestations import AcceptedText, list_attestations, texts_of
from services.documents.typesetting.printed_words import get_printed_words
from tests.unit.services.documents.samples import full, small

WORDS = get_printed_words("application", "en")


def names(of: application_pb2.Application) -> list[str]:
    return [text.name for text in texts_of(of)]


def test_a_paper_application_is_attested_by_the_producer_and_carries_no_terms() -> None:
    paper = small()
    assert [attestation.by for attestation in list_attestations(paper, WORDS)] == ["FRITZ, CALVIN C"]
    assert names(paper) == []


def test_terms_are_carried_in_the_version_that_was_accepted() -> None:
    message = full()
    message.acceptances[0].version = "2026.2"
    assert texts_of(message)[0] == AcceptedText("terms", "2026.2")


def test_every_agreed_disclosure_is_carried_once() -> None:
    assert names(full()) == [
        "terms",
        "consumer-choice",
        "pediatric-dental",
        "replacement-rights",
        "proxy",
        "electronic-delivery",
        "text-messages",
    ]


def test_each_acceptance_names_whose_it_is_and_who_recorded_it_when() -> None:
    texts = [one for one in list_attestations(full(), WORDS) if one.statement.startswith("Consents to automated")]
    assert [one.by.split()[0] for one in texts] == ["Maximiliana-Josephine", "Zoë"]
    assert {(one.version, one.recorded_by) for one in texts} == {("2026.1", "Dana Delegate")}
    assert texts[0].at == datetime(2026, 3, 11, 20, 4, tzinfo=UTC)


def test_an_acceptance_that_was_kept_without_a_name_shows_the_sign_in() -> None:
    message = full()
    for one in message.acceptances:
        one.recorded_by_name = ""
    assert {one.recorded_by for one in list_attestations(message, WORDS) if one.at} == {"delegate@example.com"}


def test_a_text_that_was_not_accepted_is_not_printed() -> None:
    message = full()
    del message.acceptances[:]
    assert names(message) == []
    assert not [one for one in list_attestations(message, WORDS) if one.version]


def test_a_guardian_signs_by_name_and_relationship() -> None:
    message = small()
    guardian = message.signatures.guardian
    guardian.first_name, guardian.last_name, guardian.relationship_to_applicant = "Ada", "Fernbrook", "Mother"
    assert [attestation.by for attestation in list_attestations(message, WORDS)][-1] == "Ada Fernbrook (Mother)"


def test_coverage_that_was_denied_again_is_not_printed() -> None:
    message = full()
    assert coverage_form.replaced(message, WORDS)
    assert coverage_form.others(message, WORDS)
    message.other_coverage.replaces_coverage = False
    message.other_coverage.has_other_coverage = False
    assert coverage_form.replaced(message, WORDS) == coverage_form.others(message, WORDS) == []

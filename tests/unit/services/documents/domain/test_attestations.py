from dataclasses import replace

from services.documents.domain.application import Application
from services.documents.domain.attestations import TextWanted, attestations, texts_of
from services.documents.remote.to_domain import application
from tests.unit.services.documents.samples import full, small


def names(of: Application) -> list[str]:
    return [text.name for text in texts_of(of)]


def test_a_paper_application_is_attested_by_the_producer_and_carries_no_terms() -> None:
    paper = application(small())
    assert [attestation.by for attestation in attestations(paper)] == ["FRITZ, CALVIN C"]
    assert names(paper) == []


def test_terms_are_carried_in_the_version_that_was_accepted() -> None:
    assert next(texts_of(application(full()))) == TextWanted("terms", "2026.1", accepted=True)


def test_every_agreed_disclosure_is_carried_once() -> None:
    assert names(application(full())) == [
        "terms",
        "consumer-choice",
        "replacement-rights",
        "proxy",
        "electronic-delivery",
    ]


def test_the_texas_disclosure_follows_the_plan() -> None:
    texan = application(full())
    exempt = replace(texan, plans=tuple(replace(plan, consumer_choice=False) for plan in texan.plans))
    assert "consumer-choice" not in names(exempt)


def test_a_guardian_signs_by_name_and_relationship() -> None:
    message = small()
    guardian = message.signatures.guardian
    guardian.first_name, guardian.last_name, guardian.relationship_to_applicant = "Ada", "Fernbrook", "Mother"
    assert [attestation.by for attestation in attestations(application(message))][-1] == "Ada Fernbrook (Mother)"


def test_coverage_that_was_denied_again_is_not_printed() -> None:
    message = full()
    message.other_coverage.replaces_coverage = False
    message.other_coverage.has_other_coverage = False
    printed = application(message)
    assert printed.replaced == ()
    assert printed.others == ()

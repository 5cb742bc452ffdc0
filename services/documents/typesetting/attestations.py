"""What an application attests to, who signs it, and which texts it therefore carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import records_pb2 as records

from services.documents.domain.legal_text import ENGLISH
from services.documents.typesetting.application_fields import (
    is_client_review,
    is_in_person,
    name_of,
    signer_name,
)
from services.documents.typesetting.printed_words import PrintedWords

# Kinds of texts in the order in which they are printed (R40-R82); each acceptance is a statement of the page.
ACCEPTED_KINDS = (
    *("terms", "consumer-choice", "pediatric-dental", "replacement-rights", "proxy"),
    *("electronic-delivery", "text-messages"),
)


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement of the signature page.

    Without ``at`` it was given by the day of submission; ``version`` is that of the text behind it. ``recorded_by`` is
    a person's name, or the sign-in where no name was kept.
    """

    statement: str
    by: str
    version: str = ""
    at: datetime | None = None
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedText:
    """A legal text in the version that was accepted."""

    name: str
    version: str
    # In which it was read.
    language: str = ENGLISH


def list_attestations(application: application_pb2.Application, words: PrintedWords) -> Iterator[Attestation]:
    yield _authorization(application, words)
    for place, one in _in_order(application):
        at, says = one.accepted_at.ToDatetime(UTC), words.say[f"attests_{one.kind.replace('-', '_')}"]
        recorded_by = one.recorded_by_name or one.recorded_by
        yield Attestation(says, _given_by(application, place, words), one.version, at, recorded_by)
    for event in application.general.life_events:
        if event.prior_coverage_attested:
            yield Attestation(words.say["attests_prior_coverage"], _given_by(application, 0, words))
    signatures = application.signatures
    for role, signer in (("representative", signatures.authorized_representative), ("guardian", signatures.guardian)):
        if name := signer_name(signer):
            yield Attestation(words.say[f"attests_{role}"], f"{name} ({signer.relationship_to_applicant})")


def _given_by(application: application_pb2.Application, place: int, words: PrintedWords) -> str:
    """The person, or the parent or guardian, who agrees to everything where all of them are minors (R81)."""
    person = name_of(application, place, words)
    guardian = signer_name(application.signatures.guardian)
    return words.fill("given_for", guardian=guardian, person=person) if guardian else person


def texts_of(application: application_pb2.Application, language: str = ENGLISH) -> list[AcceptedText]:
    """The texts that are printed at the end, each once, in order."""
    accepted = [AcceptedText(one.kind, one.version, language) for _, one in _in_order(application)]
    if application.HasField("client_review"):
        consent = application.client_review
        accepted += [AcceptedText(one.kind, one.version, consent.language) for one in consent.texts]
    return list(dict.fromkeys(accepted))


def _in_order(application: application_pb2.Application) -> list[tuple[int, records.Acceptance]]:
    """With the place in the household of the person who answered; an unknown id is the applicant."""
    places = {person.person_id: place for place, person in enumerate(application.household.people)}
    known = [(places.get(one.person_id, 0), one) for one in application.acceptances if one.kind in ACCEPTED_KINDS]
    return sorted(known, key=lambda found: (ACCEPTED_KINDS.index(found[1].kind), found[0]))


def _authorization(application: application_pb2.Application, words: PrintedWords) -> Attestation:
    producer = application.general.producer
    if is_client_review(application):
        consent = application.client_review
        version = next((one.version for one in consent.texts if one.kind == "client-review"), "")
        signed_at = consent.signed_at.ToDatetime(UTC)
        return Attestation(words.say["attests_review"], consent.signer_name, version, signed_at)
    how = "attests_in_person" if is_in_person(application) else "attests_paper"
    return Attestation(words.say[how], producer.name)

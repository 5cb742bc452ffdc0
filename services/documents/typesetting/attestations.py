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

# What the acceptance of each text says, in the order in which the texts are printed (R40-R82).
STATEMENTS = {
    "terms": "Accepts the Terms and Agreements.",
    "consumer-choice": "Agrees to the Consumer Choice Disclosure.",
    "pediatric-dental": ("Already has coverage for pediatric dental essential health benefits through another policy."),
    "replacement-rights": "Was shown Know Your Rights When You Replace Coverage.",
    "proxy": "Agrees to the Proxy Statement (optional).",
    "electronic-delivery": "Consents to electronic delivery of policy documents by giving an email address.",
    "text-messages": (
        "Consents to automated informational text messages by giving a mobile number (no condition of purchase)."
    ),
}


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement of the signature page.

    Without ``at`` it was given by the day of submission; ``version`` is that of the text behind it.
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


def list_attestations(application: application_pb2.Application) -> Iterator[Attestation]:
    yield _authorization(application)
    for place, one in _in_order(application):
        at = one.accepted_at.ToDatetime(UTC)
        yield Attestation(STATEMENTS[one.kind], _given_by(application, place), one.version, at, one.recorded_by)
    for event in application.general.life_events:
        if event.prior_coverage_attested:
            prior = "Had the coverage before the life event that the special enrollment period requires."
            yield Attestation(prior, _given_by(application, 0))
    signatures = application.signatures
    if name := signer_name(signatures.authorized_representative):
        representative = "Completes this application as the authorized representative of the primary applicant."
        relationship = signatures.authorized_representative.relationship_to_applicant
        yield Attestation(representative, f"{name} ({relationship})")
    if name := signer_name(signatures.guardian):
        guardian = "Signs as parent or legal guardian; all applicants are under age 18."
        yield Attestation(guardian, f"{name} ({signatures.guardian.relationship_to_applicant})")


def _given_by(application: application_pb2.Application, place: int) -> str:
    """The person, or the parent or guardian, who agrees to everything where all of them are minors (R81)."""
    person = name_of(application, place)
    guardian = signer_name(application.signatures.guardian)
    return f"{guardian}, for {person}" if guardian else person


def texts_of(application: application_pb2.Application) -> list[AcceptedText]:
    """The texts that are printed at the end, each once, in order."""
    accepted = [AcceptedText(one.kind, one.version) for _, one in _in_order(application)]
    if application.HasField("client_review"):
        consent = application.client_review
        accepted += [AcceptedText(one.kind, one.version, consent.language) for one in consent.texts]
    return list(dict.fromkeys(accepted))


def _in_order(application: application_pb2.Application) -> list[tuple[int, records.Acceptance]]:
    """With the place in the household of the person who answered; an unknown id is the applicant."""
    places = {person.person_id: place for place, person in enumerate(application.household.people)}
    known = [(places.get(one.person_id, 0), one) for one in application.acceptances if one.kind in STATEMENTS]
    return sorted(known, key=lambda found: (list(STATEMENTS).index(found[1].kind), found[0]))


def _authorization(application: application_pb2.Application) -> Attestation:
    producer = application.general.producer
    if is_client_review(application):
        consent = application.client_review
        reviewed = (
            "Reviewed the whole application by a link, confirmed that it is true and complete, read the explanation of "
            "the attestations, and consents to the producer's help with this enrollment."
        )
        version = next((one.version for one in consent.texts if one.kind == "client-review"), "")
        return Attestation(reviewed, consent.signer_name, version, consent.signed_at.ToDatetime(UTC))
    if is_in_person(application):
        shown = "Assisted the client in person and presented all terms, acknowledgements and authorizations."
        return Attestation(shown, producer.name)
    paper = (
        "The client completed and signed a paper application. As producer of record, submits it on the client's "
        "behalf and keeps the paper application for at least two years from the date of submission."
    )
    return Attestation(paper, producer.name)

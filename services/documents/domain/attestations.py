"""What an application attests to, who signs it, and which texts it therefore carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.documents.domain.application import Application


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement of the signature page. All were given by the day of submission."""

    statement: str
    by: str


@dataclass(frozen=True, slots=True)
class TextWanted:
    """A legal text; an empty version means the newest one. ``accepted``: this very version was agreed to."""

    name: str
    version: str = ""
    accepted: bool = False


def attestations(application: Application) -> Iterator[Attestation]:
    applicant, producer = application.name_of(0), application.producer.name
    yield from _authorization(application, applicant, producer)
    if application.pediatric_dental_attested:
        dental = "Already has coverage for pediatric dental essential health benefits through another policy."
        yield Attestation(dental, applicant)
    if application.consumer_choice_agreed:
        yield Attestation("Agrees to the Consumer Choice Disclosure.", applicant)
    if application.proxy_agreed:
        yield Attestation("Agrees to the Proxy Statement (optional).", applicant)
    if application.contact and application.contact.email:
        yield Attestation("Consents to electronic delivery of policy documents by giving an email address.", applicant)
    if application.contact and application.contact.phone_type == "mobile":
        messages = (
            "Consents to automated informational text messages by giving a mobile number (no condition of purchase)."
        )
        yield Attestation(messages, applicant)
    if signer := application.representative:
        representative = "Fills out this application as the authorized representative of the primary applicant."
        yield Attestation(representative, f"{signer.name} ({signer.relationship})")
    if signer := application.guardian:
        guardian = "Signs as parent or legal guardian; everybody who applies is under 18."
        yield Attestation(guardian, f"{signer.name} ({signer.relationship})")


def _authorization(application: Application, applicant: str, producer: str) -> Iterator[Attestation]:
    if not application.in_person:
        paper = (
            "The client completed and signed a paper application. As producer of record, submits it on the client's "
            "behalf and keeps the paper application for at least two years from the date of submission."
        )
        yield Attestation(paper, producer)
        return
    shown = "Assisted the client in person and presented all terms, acknowledgements and authorizations."
    yield Attestation(shown, producer)
    yield Attestation(f"Accepts the Terms and Agreements, version {application.terms_version}.", applicant)


def texts_of(application: Application) -> Iterator[TextWanted]:
    """The texts that are printed at the end, in order (R40, R41, R50, R74, R77, R82)."""
    if application.in_person:
        yield TextWanted("terms", application.terms_version, accepted=True)
    if any(plan.consumer_choice for plan in application.plans):
        yield TextWanted("consumer-choice", accepted=application.consumer_choice_agreed)
    if application.replaced:
        yield TextWanted("replacement-rights")
    if application.proxy_agreed:
        yield TextWanted("proxy", accepted=True)
    if application.contact and application.contact.email:
        yield TextWanted("electronic-delivery", accepted=True)

"""What an application attests to, who signs it, and which texts it therefore carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.documents.domain.application import Acceptance, Application

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
class TextWanted:
    """A legal text in the version that was accepted."""

    name: str
    version: str


def attestations(application: Application) -> Iterator[Attestation]:
    yield _authorization(application)
    for one in _in_order(application):
        by = application.name_of(one.person)
        yield Attestation(STATEMENTS[one.kind], by, one.version, one.at, one.recorded_by)
    for event in application.life_events:
        if event.prior_coverage_attested:
            prior = "Had the coverage before the life event that the special enrollment period asks for."
            yield Attestation(prior, application.name_of(0))
    if signer := application.representative:
        representative = "Fills out this application as the authorized representative of the primary applicant."
        yield Attestation(representative, f"{signer.name} ({signer.relationship})")
    if signer := application.guardian:
        guardian = "Signs as parent or legal guardian; everybody who applies is under 18."
        yield Attestation(guardian, f"{signer.name} ({signer.relationship})")


def texts_of(application: Application) -> list[TextWanted]:
    """The texts that are printed at the end, each once, in order."""
    return list(dict.fromkeys(TextWanted(one.kind, one.version) for one in _in_order(application)))


def _in_order(application: Application) -> list[Acceptance]:
    known = [one for one in application.acceptances if one.kind in STATEMENTS]
    return sorted(known, key=lambda one: (list(STATEMENTS).index(one.kind), one.person))


def _authorization(application: Application) -> Attestation:
    if application.in_person:
        shown = "Assisted the client in person and presented all terms, acknowledgements and authorizations."
        return Attestation(shown, application.producer.name)
    paper = (
        "The client completed and signed a paper application. As producer of record, submits it on the client's "
        "behalf and keeps the paper application for at least two years from the date of submission."
    )
    return Attestation(paper, application.producer.name)

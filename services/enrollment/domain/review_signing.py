"""Domain: who opens a review link, who signs, and what is read before."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chassis.kernel import InvalidInput, fold_name
from services.enrollment.domain.application import Application
from services.enrollment.domain.canonical_form import canonical_form_of, hash_form
from services.enrollment.domain.names import read_suffix
from services.enrollment.domain.review_consent import ReviewConsent, ReviewedText, ReviewSigner
from services.enrollment.domain.reviewed_content import format_signer
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.texts import TextKind
from services.enrollment.domain.validation_issue import ValidationIssue

# The explanation of the attestations, with scope, purpose, duration and how to withdraw the consent. Documents keeps
# its wording; the version that is shown now.
CLIENT_REVIEW_TEXT = ReviewedText("client-review", "2026.1")


@dataclass(frozen=True, slots=True)
class ExpectedSigner:
    signer: ReviewSigner
    name: str


def is_applicant(app: Application, date_of_birth: date | None, last_name: str) -> bool:
    """Compared in constant time; never right while either of them is missing in the application."""
    applicant = app.household.applicant
    known = applicant is not None and applicant.date_of_birth is not None and bool(applicant.last_name)
    expected = f"{applicant.date_of_birth}\n{fold_name(applicant.last_name)}" if applicant else ""
    given = f"{date_of_birth}\n{fold_name(last_name)}"
    return hmac.compare_digest(expected.encode(), given.encode()) and known


def list_signers(app: Application) -> tuple[ExpectedSigner, ...]:
    """The guardian where one signs for minors (R81); otherwise the applicant or the representative (R80)."""
    signatures = app.signatures
    if signatures.guardian:
        return (ExpectedSigner(ReviewSigner.GUARDIAN, format_signer(signatures.guardian)),)
    found = [ExpectedSigner(ReviewSigner.APPLICANT, app.applicant_name)]
    if signatures.authorized_representative:
        name = format_signer(signatures.authorized_representative)
        found.append(ExpectedSigner(ReviewSigner.AUTHORIZED_REPRESENTATIVE, name))
    return tuple(found)


def find_signer(app: Application, typed: str) -> ExpectedSigner:
    """Whose name was typed; a middle initial and a suffix may be left out. Raises InvalidInput for anybody else's."""
    for one in list_signers(app):
        if fold_name(typed) == fold_name(one.name):
            return one
        # a middle initial may be left out on either side, but not be another
        given, known = _initials(typed), _initials(one.name)
        if _short_name(typed) == _short_name(one.name) and (not given or not known or given == known):
            return one
    names = " or ".join(one.name for one in list_signers(app))
    raise InvalidInput.at("signature", f"Type the name as it is on the application: {names}.", code="signature_differs")


def _short_name(name: str) -> str:
    """Without what people leave out of their own names: initials between others, and a suffix."""
    words = name.replace(",", " ").split()
    if len(words) > 2 and read_suffix(words[-1]) in ("Jr.", "Sr.", "II", "III", "IV", "V"):
        words = words[:-1]
    middle = [word for word in words[1:-1] if len(word.rstrip(".")) > 1]
    kept = [*words[:1], *middle, *words[1:][-1:]]
    return fold_name(" ".join(kept))


def _initials(name: str) -> list[str]:
    """Of the middle names that are given by a letter alone."""
    middle = name.replace(",", " ").split()[1:-1]
    return [fold_name(word.rstrip(".")) for word in middle if len(word.rstrip(".")) == 1]


def list_texts(app: Application, pack: RulePack) -> tuple[ReviewedText, ...]:
    """What is read before signing: the attestations, the terms, and every text that an answer refers to."""
    return (CLIENT_REVIEW_TEXT, *dict.fromkeys(ReviewedText(kind, version) for kind, version in _texts(app, pack)))


def _texts(app: Application, pack: RulePack) -> Iterator[tuple[str, str]]:
    yield TextKind.TERMS.value, pack.disclosures[TextKind.TERMS].current
    yield from ((one.kind.value, one.version) for one in app.acceptances if one.kind is not TextKind.TERMS)


def is_as_signed(app: Application, consent: ReviewConsent) -> bool:
    """A number is shown by its last four digits; the others are compared too."""
    same_numbers = consent.ssn_fingerprints in ((), list_ssn_fingerprints(app))
    return same_numbers and hash_form(canonical_form_of(app)) == consent.sha256


def list_ssn_fingerprints(app: Application) -> tuple[str, ...]:
    """In the order of the people; empty for who gave no number."""
    return tuple(person.ssn_fingerprint for person in app.household.people)


def with_judged_consent(app: Application) -> Application:
    """The application with its consent marked as holding or not, by what the application says now."""
    consent = app.client_review
    if consent is None or consent.holds is (holds := is_as_signed(app, consent)):
        return app
    return replace(app, client_review=replace(consent, holds=holds))


def find_review_gaps(app: Application) -> Sequence[ValidationIssue]:
    """What an application that the client authorizes by a review still lacks.

    No step does: the link is made once all of them are complete.
    """
    consent = app.client_review
    if consent is None:
        message = "The client has not signed yet. Send the application to the client for review."
    elif consent.withdrawn_at:
        message = "The client withdrew the consent. Send the application to the client for a new review."
    elif not is_as_signed(app, consent):
        message = "The application changed after the client signed it. It needs a new review: send it to the client."
    else:
        return ()
    return (ValidationIssue(None, "client_review", message, "R39"),)

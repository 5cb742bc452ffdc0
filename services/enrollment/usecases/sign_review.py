"""Use case: the client confirms the application and signs it by a review link (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

from dataclasses import dataclass, field

from chassis.kernel import InvalidInput, Stale
from services.enrollment.domain.application import Application
from services.enrollment.domain.canonical_form import canonical_form_of, hash_form
from services.enrollment.domain.client_review import ClientReview
from services.enrollment.domain.events import ReviewSigned
from services.enrollment.domain.review_consent import ReviewConsent
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.review_signing import find_signer, list_ssn_fingerprints, list_texts
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import CLIENT, LinkCredentials, ReviewView, find_opened_review, view_review


@dataclass(frozen=True, slots=True)
class ReviewSignature:
    """``sha256``: of what was shown; ``language``: in which it was shown; ``name``: as it was typed."""

    sha256: str
    language: str
    agreed: bool
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignReview:
    """Writes the record to the review and to the application; publishes ReviewSigned."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, credentials: LinkCredentials, signature: ReviewSignature) -> ReviewView:
        """Raises Stale when the application is not any more what was shown, InvalidInput for another name, and
        Conflict while something is marked as wrong, once it was answered, and when it can no longer be submitted.
        """
        service = self.service.begin()
        now = service.now()
        with service.transactions() as work:
            review, app = find_opened_review(service, work, self.links, credentials, for_update=True)
            review.must_have_no_remark()
            app.must_be_open(app.today(now))
            shown = canonical_form_of(app)
            if hash_form(shown) != signature.sha256:
                message = "The application was changed while you were reading it. Read it again, then sign."
                raise Stale(message, code="review_content_changed")
            consent = _consent(service, review, app, signature)
            answered = review.sign(consent, shown)
            work.client_reviews.save(answered)
            signed = app.changed(now, client_review=consent)
            service.save(work, signed, read_version=app.version)
            summary = "The client reviewed the whole application and signed it."
            service.record(work, CLIENT, signed, "review.signed", summary)
            number = app.producer.writing_number
            work.publish_event(ReviewSigned(app.record_number, app.state, number, review.review_id))
        return view_review(answered, signed, now)


def _consent(
    service: ApplicationService, review: ClientReview, app: Application, signature: ReviewSignature
) -> ReviewConsent:
    if not signature.agreed:
        raise InvalidInput.at("agreed", "Check the box to agree, then sign.")
    return ReviewConsent(
        review_id=review.review_id,
        signed_at=service.now(),
        signer_name=signature.name,
        signer=find_signer(app, signature.name).signer,
        language=signature.language,
        sha256=signature.sha256,
        texts=list_texts(app, service.circumstances(app).pack),
        producer_name=app.producer.name,
        writing_number=app.producer.writing_number,
        producer_phone=app.producer.phone,
        producer_npn=app.producer.npn,
        ssn_fingerprints=list_ssn_fingerprints(app),
    )
